#include "tests/sim/controller/node_process.h"

#include "kafka/messages/describe_quorum.h"
#include "tests/sim/controller/dispatch.h"

#include <utility>

namespace verdikt::tests {

using namespace std::chrono_literals;
using broker::lifecycle::standing;
using runtime::awaitable;

std::expected<std::string, lenient_rules::fault> lenient_rules::checked(
    const broker::metadata::config_resource& /*of*/,
    const std::string& /*key*/,
    const std::string& value) const {
    return value;
}

std::optional<std::string> lenient_rules::default_list(
    const broker::metadata::config_resource& /*of*/, const std::string& /*key*/) const {
    return std::nullopt;
}

std::optional<lenient_rules::fault> lenient_rules::conflict(
    const broker::metadata::config_resource& /*of*/,
    const broker::metadata::config_values& /*values*/) const {
    return std::nullopt;
}

namespace {

broker::quorum::quorum_settings quorum_of(const node_settings& settings,
                                          const kafka::uuid& directory) {
    broker::quorum::quorum_settings result;
    result.replica.self = {.id = settings.self, .directory = directory};
    result.cluster_id = cluster_id;
    std::map<kafka::node_id, broker::raft::voter> voters;
    for (std::int32_t id = 1; id <= settings.nodes; ++id) {
        const kafka::node_id node(id);
        voters[node].endpoints = {
            {.name = "CONTROLLER", .host = host_name(node), .port = node_port}};
    }
    result.voters = broker::raft::voter_set(std::move(voters));
    return result;
}

}  // namespace

node_process::node_process(runtime::environment& world,
                           node_settings settings,
                           std::unique_ptr<broker::storage::log_directory> directory)
    : world_(world),
      settings_(settings),
      directory_(std::move(directory)),
      links_(world, {}),
      metadata_(world,
                {.controller = {.cluster_id = std::string(cluster_id)},
                 .snapshot_bytes = settings.snapshot_bytes},
                rules_),
      quorum_settings_(quorum_of(settings, directory_->directory_id())),
      peers_(links_, quorum_settings_, "CONTROLLER"),
      replica_(std::make_unique<broker::quorum::quorum_host>(
          world, *directory_, quorum_settings_, peers_, metadata_)),
      log_(*replica_),
      route_(world, settings.self, metadata_, links_),
      life_(world, registration(), {}, metadata_, route_, *this),
      server_(
          world,
          [this](asked what) { return answer(what); },
          [this](std::uint64_t connection) { connection_ended(connection); }),
      serving_(world.get_executor()) {
    metadata_.subscribe(*this);
}

node_process::~node_process() {
    metadata_.unsubscribe(*this);
}

messages::broker_registration_request node_process::registration() const {
    messages::broker_registration_request request{
        .broker_id = settings_.self.value(),
        .cluster_id = std::string(cluster_id),
        .rack = std::nullopt,
        .log_dirs = {directory_->directory_id()},
        .previous_broker_epoch = directory_->former_broker_epoch().value()};
    world_.random().fill(request.incarnation_id.bytes);
    request.listeners.push_back(
        {.name = "PLAINTEXT", .host = host_name(settings_.self), .port = node_port});
    return request;
}

awaitable<void> node_process::run() {
    std::exception_ptr ended;
    try {
        co_await serve();
    } catch (...) {
        ended = std::current_exception();
    }
    co_await stop();
    if (ended) std::rethrow_exception(ended);
}

awaitable<void> node_process::serve() {
    metadata_.follow(log_);
    serving_.spawn(server_.serve(node_port));
    const auto started = co_await replica_->start();
    if (!started) co_return;
    is_started_ = true;
    life_.start();
    life_.recovered();
    co_await until_stop();
    if (must_end_) co_return;
    const bool may_stop = co_await life_.leave(10s);
    if (!may_stop) co_return;
    directory_->set_broker_epoch(life_.epoch());
    co_await replica_->resign(1s);
}

awaitable<void> node_process::until_stop() {
    while (!wants_stop_ && !must_end_) co_await stop_changed_.wait();
}

namespace {

/// Ends one part, so that the others can be ended too whatever happens to it.
awaitable<void> end_part(awaitable<void> stopping, std::exception_ptr& failure) {
    try {
        co_await std::move(stopping);
    } catch (...) {
        failure = std::current_exception();
    }
}

}  // namespace

/// In an order in which nothing is used that has ended.
awaitable<void> node_process::stop() {
    is_started_ = false;
    std::exception_ptr failure;
    co_await end_part(serving_.cancel_and_join(), failure);
    co_await end_part(life_.stop(), failure);
    co_await end_part(replica_->stop(), failure);
    co_await end_part(metadata_.stop(), failure);
    co_await end_part(links_.stop(), failure);
    co_await end_part(directory_->stop(), failure);
    if (failure) std::rethrow_exception(failure);
}

void node_process::request_stop() {
    wants_stop_ = true;
    stop_changed_.notify_all();
}

void node_process::standing_changed(standing now, kafka::broker_epoch /*epoch*/) {
    if (now != standing::replaced && now != standing::refused) return;
    must_end_ = true;
    stop_changed_.notify_all();
}

void node_process::metadata_failed(std::string_view /*why*/) {
    must_end_ = true;
    stop_changed_.notify_all();
}

void node_process::connection_ended(std::uint64_t connection) {
    const auto found = heartbeats_over_.find(connection);
    if (found == heartbeats_over_.end()) return;
    metadata_.connection_lost(found->second.broker, found->second.epoch);
    heartbeats_over_.erase(found);
}

awaitable<reaction> node_process::answer(asked what) {
    if (what.key == kafka::api_key::broker_heartbeat) {
        const auto beat = what.as<messages::broker_heartbeat_request>();
        heartbeats_over_[what.connection] = {kafka::node_id(beat.broker_id),
                                             kafka::broker_epoch(beat.broker_epoch)};
    }
    return dispatch(metadata_, *replica_, what);
}

}  // namespace verdikt::tests
