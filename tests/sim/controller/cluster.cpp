#include "tests/sim/controller/cluster.h"

#include "kafka/messages/create_topics.h"
#include "kafka/messages/delete_topics.h"

#include <algorithm>
#include <utility>

namespace verdikt::tests {

using namespace std::chrono_literals;
using broker::lifecycle::standing;
using runtime::awaitable;

cluster::cluster(runtime::sim::world& universe, node_settings settings)
    : universe_(universe), settings_(settings) {
    for (std::int32_t id = 1; id <= settings.nodes; ++id)
        nodes_.push_back(&universe_.add_node(host_name(kafka::node_id(id))));
}

void cluster::start() {
    for (std::int32_t id = 1; id <= settings_.nodes; ++id) {
        const kafka::node_id self(id);
        node(self).start([this, self](runtime::environment& world) { return run(world, self); });
    }
}

awaitable<void> cluster::run(runtime::environment& world, kafka::node_id self) {
    struct listed {
        std::map<kafka::node_id, node_process*>& in;
        kafka::node_id self;
        ~listed() { in.erase(self); }
    };
    auto directory = co_await broker::storage::log_directory::open(
        world,
        "/data",
        {.cluster_id = std::string(cluster_id), .node = self, .reserved_bytes = 4096});
    if (!directory) co_return;
    node_settings own = settings_;
    own.self = self;
    node_process process(world, own, std::move(*directory));
    running_[self] = &process;
    const listed while_it_runs{running_, self};
    co_await process.run();
}

node_process* cluster::process(kafka::node_id which) const {
    const auto found = running_.find(which);
    if (found == running_.end() || !found->second->is_started()) return nullptr;
    return found->second;
}

std::vector<node_process*> cluster::processes() const {
    std::vector<node_process*> result;
    for (const auto& [which, each] : running_) {
        if (each->is_started()) result.push_back(each);
    }
    return result;
}

kafka::node_id cluster::active_controller() const {
    kafka::node_id found = kafka::no_node;
    broker::raft::leader_epoch latest{-1};
    for (const auto& [which, each] : running_) {
        if (!each->metadata().is_active() || each->replica().replica().epoch() <= latest) continue;
        latest = each->replica().replica().epoch();
        found = which;
    }
    return found;
}

bool cluster::is_settled() const {
    const auto all = processes();
    if (all.size() != nodes_.size()) return false;
    const broker::metadata::image& first = all.front()->metadata().image();
    const bool all_active = first.brokers().size() == nodes_.size() &&
                            std::ranges::all_of(first.brokers(), [](const auto& each) {
                                return each.second.is_active();
                            });
    return all_active && std::ranges::all_of(all, [&](const node_process* each) {
               return each->life().where() == standing::active && each->metadata().image() == first;
           });
}

awaitable<bool> cluster::settle(runtime::duration patience) {
    const runtime::instant end = universe_.now() + patience;
    while (!is_settled()) {
        if (universe_.now() >= end) co_return false;
        co_await universe_.sleep_for(20ms);
    }
    co_return true;
}

void cluster::check_invariants() const {
    for (const node_process* each : processes()) {
        each->metadata().check_invariants();
        each->replica().replica().check_invariants();
        each->life().check_invariants();
    }
}

administrator::administrator(runtime::environment& world, std::int32_t nodes)
    : world_(world), nodes_(nodes), links_(world, {.connect_timeout = 500ms}) {
    for (std::int32_t id = 1; id <= nodes; ++id) {
        const kafka::node_id node(id);
        links_.set_address(node, {.host = host_name(node), .port = node_port});
    }
}

template <typename Response, typename Request>
awaitable<std::optional<Response>> administrator::ask(Request request, runtime::instant deadline) {
    may_be_done_ = false;
    while (world_.now() < deadline) {
        const kafka::node_id node(1 + next_ % nodes_);
        auto answer = co_await links_.call<Response>(
            {.node = node, .over = broker::link::channel::forwarding}, request, 2s);
        if (answer && !broker::controller::host::is_not_controller(answer->message))
            co_return std::move(answer->message);
        // NOT_CONTROLLER proves nothing either: the decision may have been appended.
        const bool is_in_doubt = answer || answer.error().of_request == broker::link::fate::unknown;
        may_be_done_ = may_be_done_ || is_in_doubt;
        ++next_;
        co_await world_.sleep_for(50ms);
    }
    co_return std::nullopt;
}

administrator::outcome administrator::judge(std::optional<std::int16_t> error,
                                            kafka::error_code means_done) const {
    const auto code = error ? std::optional(kafka::to_error_code(*error)) : std::nullopt;
    const bool found_done = may_be_done_ && code == means_done;
    if (code == kafka::error_code::none || found_done) return outcome::done;
    // An attempt in doubt may still be carried out.
    return may_be_done_ ? outcome::unknown : outcome::refused;
}

awaitable<administrator::outcome> administrator::create_topic(std::string name,
                                                              runtime::instant deadline) {
    messages::create_topics_request request;
    request.topics.push_back({.name = name, .num_partitions = 2, .replication_factor = 1});
    const auto answer =
        co_await ask<messages::create_topics_response>(std::move(request), deadline);
    std::optional<std::int16_t> error;
    if (answer) error = answer->topics.at(0).error_code;
    co_return judge(error, kafka::error_code::topic_already_exists);
}

awaitable<administrator::outcome> administrator::delete_topic(std::string name,
                                                              runtime::instant deadline) {
    messages::delete_topics_request request;
    request.topics.push_back({.name = name, .topic_id = {}});
    const auto answer =
        co_await ask<messages::delete_topics_response>(std::move(request), deadline);
    std::optional<std::int16_t> error;
    if (answer) error = answer->responses.at(0).error_code;
    co_return judge(error, kafka::error_code::unknown_topic_or_partition);
}

}  // namespace verdikt::tests
