#include "trial/leader_watch.h"

#include <fmt/format.h>

#include <utility>

namespace verdikt::trial {

using namespace std::chrono_literals;
using runtime::awaitable;

namespace {

constexpr runtime::duration rest = 500ms;
constexpr std::string_view controller = "controller";

/// Whoever does not answer soon is asked again later.
client::client_config settings(std::vector<std::string> servers) {
    client::client_config made;
    made.bootstrap_servers = std::move(servers);
    made.client_id = "verdikt-watch";
    made.request_timeout_ms = 1s;
    made.default_api_timeout_ms = 2s;
    return made;
}

std::string name_of(const std::string& topic, std::int32_t partition) {
    return fmt::format("{}/{}", topic, partition);
}

}  // namespace

leader_watch::leader_watch(runtime::environment& world,
                           std::vector<std::string> servers,
                           const workloads::aims& aimed,
                           runtime::instant began)
    : world_(world), servers_(std::move(servers)), began_(began) {
    for (const kafka::topic_partition& each : aimed.partitions) {
        if (partitions_.size() == partitions_max) break;
        topics_.insert(each.topic);
        partitions_.insert(name_of(each.topic, each.partition.value()));
    }
}

awaitable<void> leader_watch::watch() {
    client::admin asking(world_, settings(servers_));
    std::exception_ptr failure;
    try {
        co_await keep_looking(asking);
    } catch (...) {
        failure = std::current_exception();
    }
    co_await asking.close();
    if (failure) std::rethrow_exception(failure);
}

awaitable<void> leader_watch::keep_looking(client::admin& asking) {
    while (true) {
        co_await look_at_partitions(asking);
        co_await look_at_controller(asking);
        co_await world_.sleep_for(rest);
    }
}

awaitable<void> leader_watch::look_at_controller(client::admin& asking) {
    const auto quorum = co_await asking.describe_quorum();
    if (quorum) note(std::string(controller), quorum->leader, quorum->leader_epoch);
}

awaitable<void> leader_watch::look_at_partitions(client::admin& asking) {
    std::set<std::string> names = topics_;
    const auto topics = co_await asking.describe_topics(std::move(names));
    if (!topics) co_return;
    for (const auto& [topic, described] : *topics) {
        if (!described) continue;
        for (const client::partition_description& each : described->partitions) {
            const std::string name = name_of(topic, each.index);
            if (partitions_.contains(name)) note(name, each.leader, each.leader_epoch);
        }
    }
}

/// An answer of a broker that is behind tells of an epoch that is over: it is passed over.
void leader_watch::note(const std::string& what, std::int32_t leader, std::int32_t epoch) {
    const std::int64_t now = (world_.now() - began_).count();
    auto& spans = spans_[what];
    if (!spans.empty() && epoch < spans.back().epoch) return;
    const bool same =
        !spans.empty() && spans.back().leader == leader && spans.back().epoch == epoch;
    if (!spans.empty()) spans.back().to = now;
    if (same) return;
    spans.push_back({.of = what, .from = now, .to = now, .leader = leader, .epoch = epoch});
}

std::vector<checker::report::leadership> leader_watch::seen() const {
    std::vector<checker::report::leadership> all;
    for (const auto& [what, spans] : spans_) all.insert(all.end(), spans.begin(), spans.end());
    return all;
}

}  // namespace verdikt::trial
