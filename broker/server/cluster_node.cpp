#include "broker/server/cluster_node.h"

#include "broker/server/end_of_quorum.h"
#include "runtime/check.h"
#include "runtime/deadline.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace verdikt::broker::server {

namespace messages = kafka::messages;
using std::chrono::milliseconds;

namespace {

constexpr std::chrono::seconds controller_patience{5};
constexpr std::chrono::seconds resignation_patience{1};
/// Of a node without its metadata log: meanwhile it may be elected controller, and could not serve.
constexpr std::chrono::seconds maimed_patience{1};
constexpr std::chrono::seconds settling_patience{10};

/// Of the process before this one, if all directories agree that it stopped cleanly; else -1.
kafka::broker_epoch former_epoch_of(const opened_logs& logs) {
    const kafka::broker_epoch first = logs.directories.front()->former_broker_epoch();
    const bool agreed = std::ranges::all_of(logs.directories, [first](const auto& directory) {
        return directory->former_broker_epoch() == first;
    });
    return agreed ? first : kafka::no_broker_epoch;
}

messages::broker_registration_request registration_of(runtime::environment& world,
                                                      const broker_config& config,
                                                      const opened_logs& logs,
                                                      std::vector<metadata::endpoint> advertised) {
    messages::broker_registration_request request;
    request.broker_id = static_cast<std::int32_t>(config.integer("node.id"));
    request.cluster_id = logs.cluster_id;
    world.random().fill(request.incarnation_id.bytes);
    for (metadata::endpoint& at : advertised) {
        request.listeners.push_back({.name = std::move(at.name),
                                     .host = std::move(at.host),
                                     .port = at.port,
                                     .security_protocol = at.security_protocol});
    }
    for (const auto& [name, feature] : controller_settings_of(config, logs.cluster_id).features) {
        request.features.push_back({.name = name,
                                    .min_supported_version = feature.levels.min,
                                    .max_supported_version = feature.levels.max});
    }
    request.rack.reset();
    if (!config.text("broker.rack").empty()) request.rack = config.text("broker.rack");
    for (const auto& directory : logs.directories) {
        request.log_dirs.push_back(directory->directory_id());
    }
    request.previous_broker_epoch = former_epoch_of(logs).value();
    return request;
}

/// What it throws, cut short as it may be, is kept for later: what comes after it must end too.
runtime::awaitable<void> hold_back(runtime::awaitable<void> ending, std::exception_ptr& first) {
    try {
        co_await std::move(ending);
    } catch (...) {
        if (!first) first = std::current_exception();
    }
}

}  // namespace

cluster_node::cluster_node(runtime::environment& world, broker_config& config)
    : world_(world),
      config_(config),
      controllers_(world, {}),
      brokers_(world, {}),
      keys_(config),
      watching_(world.get_executor()) {}

runtime::awaitable<cluster_node::result> cluster_node::open() {
    auto place = cluster_place_of(config_);
    if (!place) co_return std::unexpected(std::move(place.error()));
    place_ = std::move(*place);
    auto logs = co_await open_logs(world_, config_, place_);
    if (!logs) co_return std::unexpected(std::move(logs.error()));
    logs_ = std::move(*logs);
    co_return result{};
}

std::vector<storage::log_directory*> cluster_node::directories() const {
    std::vector<storage::log_directory*> all;
    for (const auto& directory : logs_.directories) all.push_back(directory.get());
    return all;
}

void cluster_node::assemble(listeners told) {
    topics_.emplace(config_, place_.self);
    metadata_.emplace(world_,
                      controller::host::host_settings{
                          .controller = controller_settings_of(config_, logs_.cluster_id),
                          .snapshot_bytes = static_cast<std::size_t>(
                              config_.integer("metadata.log.max.record.bytes.between.snapshots")),
                          .listener = inter_broker_listener(config_),
                          .looks_for_processes = true},
                      keys_);
    route_.emplace(world_, place_.self, *metadata_, controllers_);
    partitions_.emplace(world_, replicas_settings_of(config_), surroundings(told));
    follower_.emplace(node_follower::parts{.self = place_.self,
                                           .inter_broker_listener = inter_broker_listener(config_),
                                           .topics = *topics_,
                                           .brokers = brokers_,
                                           .partitions = *partitions_,
                                           .metadata = *metadata_,
                                           .topic_deleted = std::move(told.topic_deleted)});
    metadata_->subscribe(*follower_);
    make_quorum();
    disk_stalled_ = std::move(told.disk_stalled);
}

void cluster_node::make_quorum() {
    quorum::quorum_settings settings{.replica = raft_settings_of(config_, place_),
                                     .cluster_id = logs_.cluster_id,
                                     .voters = place_.voters};
    settings.replica.self.directory = logs_.metadata->directory_id();
    peers_.emplace(controllers_, settings, config_.list("controller.listener.names").front());
    for (const auto& [node, at] : place_.controllers) controllers_.set_address(node, at);
    quorum_.emplace(world_, *logs_.metadata, std::move(settings), *peers_, *metadata_);
    metadata_log_.emplace(*quorum_);
    metadata_->follow(*metadata_log_);
}

replication::host::replicas_surroundings cluster_node::surroundings(listeners& told) {
    return {.directories = directories(),
            .links = brokers_,
            .alter_partition = [this](auto request) { return alter_partition(std::move(request)); },
            .settings_of = [this](const metadata::image& /*of*/,
                                  const std::string& topic) { return settings_of(topic); },
            .exists =
                [this](const kafka::topic_partition& which) {
                    const auto found = topics_->find(which.topic);
                    return found != nullptr && found->has(which.partition);
                },
            .exists_by_id =
                [this](const metadata::topic_partition_id& which) {
                    return metadata_->image().find_partition(which) != nullptr;
                },
            .leadership_changed = std::move(told.led),
            .directory_failed =
                [this](const kafka::uuid& directory) {
                    if (lifecycle_) lifecycle_->directory_failed(directory);
                },
            .assign_directories =
                [this](auto request) { return assign_directories(std::move(request)); },
            .misses_a_directory = logs_.misses_one};
}

replication::host::partition_settings cluster_node::settings_of(const std::string& topic) const {
    // Metadata names no topic before the catalog has it.
    const auto found = topics_->find(topic);
    CHECK(found != nullptr, "{} is not known", topic);
    const auto span = [this](std::string_view key) { return milliseconds(config_.integer(key)); };
    return {.log = found->settings.log,
            .replica = {.replica_lag_time_max = span("replica.lag.time.max.ms"),
                        .min_insync_replicas = found->settings.min_insync_replicas,
                        .replica_fetch_backoff = span("replica.fetch.backoff.ms")}};
}

runtime::awaitable<std::optional<messages::alter_partition_response>> cluster_node::alter_partition(
    messages::alter_partition_request request) {
    auto answer = co_await route_->ask<messages::alter_partition_response>(
        std::move(request), link::channel::controller, controller_patience);
    if (!answer) co_return std::nullopt;
    co_return std::move(*answer);
}

runtime::awaitable<std::optional<messages::assign_replicas_to_dirs_response>>
cluster_node::assign_directories(messages::assign_replicas_to_dirs_request request) {
    auto answer = co_await route_->ask<messages::assign_replicas_to_dirs_response>(
        std::move(request), link::channel::controller, controller_patience);
    if (!answer) co_return std::nullopt;
    co_return std::move(*answer);
}

void cluster_node::make_lifecycle(std::vector<metadata::endpoint> advertised) {
    const auto span = [this](std::string_view key) { return milliseconds(config_.integer(key)); };
    lifecycle_.emplace(world_,
                       registration_of(world_, config_, logs_, std::move(advertised)),
                       lifecycle::host::lifecycle_host_settings{
                           .pace = {.heartbeat_interval = span("broker.heartbeat.interval.ms")},
                           .unreachable_after = span("broker.session.timeout.ms") / 2},
                       *metadata_,
                       *route_,
                       *follower_);
    if (is_stalled_ && !place_.stands_alone) lifecycle_->disk_stalled(true);
}

runtime::awaitable<cluster_node::result> cluster_node::join(
    std::vector<metadata::endpoint> advertised) {
    if (place_.is_broker) make_lifecycle(std::move(advertised));
    // Not sooner: a disk may hang already, and everybody is to hear of it.
    for (storage::log_directory* directory : all_directories()) watching_.spawn(watch(*directory));
    quorum_started_ = true;
    if (auto started = co_await quorum_->start(); !started) co_return started;
    if (!place_.is_broker) co_return result{};
    partitions_->start();
    lifecycle_->start();
    co_return co_await until_active();
}

runtime::awaitable<cluster_node::result> cluster_node::until_active() {
    while (!follower_->has_loaded() && !failure()) co_await follower_->moved().wait();
    if (!failure()) {
        co_await partitions_->until_settled();
        lifecycle_->recovered();
    }
    while (follower_->standing() != lifecycle::standing::active && !failure()) {
        co_await follower_->moved().wait();
    }
    if (auto failed = failure()) co_return std::unexpected(std::move(*failed));
    // What it was elected to lead as it became active is to be served from the first request on.
    co_await runtime::with_deadline(
        world_, world_.now() + settling_patience, partitions_->until_settled());
    co_return result{};
}

std::optional<std::string> cluster_node::failed_directory() const {
    const auto reason_of = [](const storage::log_directory& which) {
        return fmt::format("log directory {} failed: {}",
                           which.path().string(),
                           which.offline_reason().value_or("no reason known"));
    };
    if (!logs_.metadata->online()) return reason_of(*logs_.metadata);
    const bool none_left = std::ranges::none_of(
        logs_.directories, [](const auto& directory) { return directory->online(); });
    if (none_left) return reason_of(*logs_.directories.front());
    return std::nullopt;
}

std::vector<storage::log_directory*> cluster_node::all_directories() const {
    std::vector<storage::log_directory*> all = directories();
    if (logs_.own_metadata) all.push_back(logs_.own_metadata.get());
    return all;
}

runtime::awaitable<void> cluster_node::watch(storage::log_directory& directory) {
    while (directory.online()) {
        note_stalls();
        co_await directory.health_changed().wait();
    }
    note_stalls();
    follower_->moved().notify_all();
}

/// One disk that hangs is reason enough for all: without the metadata log this node would not hear
/// who leads in its place, and the controller fences whole brokers. Where nobody could take over,
/// it only sends those away who would wait.
void cluster_node::note_stalls() {
    const bool stalled = std::ranges::any_of(all_directories(), [](const auto* directory) {
        return directory->online() && directory->stalled();
    });
    if (std::exchange(is_stalled_, stalled) == stalled) return;
    partitions_->disk_stalled(stalled);
    if (lifecycle_ && !place_.stands_alone) lifecycle_->disk_stalled(stalled);
    disk_stalled_(stalled);
}

std::optional<std::string> cluster_node::failure() const {
    if (follower_->failure()) return follower_->failure();
    return failed_directory();
}

runtime::awaitable<std::string> cluster_node::until_failed() {
    for (;;) {
        if (auto failed = failure()) co_return std::move(*failed);
        co_await follower_->moved().wait();
    }
}

runtime::awaitable<void> cluster_node::leave(runtime::duration patience) {
    if (!lifecycle_) co_return;
    if (place_.stands_alone) {
        if (config_.boolean("controlled.shutdown.enable")) co_await lifecycle_->leave(patience);
        co_return;
    }
    runtime::scope leaving(world_.get_executor());
    const runtime::duration longest =
        failed_directory() ? std::min<runtime::duration>(patience, maimed_patience) : patience;
    leaving.spawn(hand_over(leaving, longest));
    leaving.spawn(give_up_without_quorum(leaving));
    co_await leaving.join();
}

runtime::awaitable<void> cluster_node::hand_over(runtime::scope& leaving,
                                                 runtime::duration patience) {
    const runtime::instant deadline = world_.now() + patience;
    if (config_.boolean("controlled.shutdown.enable")) co_await lifecycle_->leave(patience);
    co_await quorum_->resign(std::min<runtime::duration>(
        resignation_patience, std::max(runtime::duration::zero(), deadline - world_.now())));
    leaving.cancel();
}

runtime::awaitable<void> cluster_node::give_up_without_quorum(runtime::scope& leaving) {
    co_await until_quorum_has_ended(world_, place_.self, place_.controllers);
    world_.log().write(runtime::log_level::info, "left_without_quorum");
    leaving.cancel();
}

runtime::awaitable<void> cluster_node::stop() {
    const kafka::broker_epoch epoch = lifecycle_ ? lifecycle_->epoch() : kafka::no_broker_epoch;
    std::exception_ptr first;
    co_await hold_back(watching_.cancel_and_join(), first);
    if (lifecycle_) co_await hold_back(lifecycle_->stop(), first);
    if (partitions_) co_await hold_back(partitions_->stop(), first);
    if (quorum_started_) co_await hold_back(quorum_->stop(), first);
    if (metadata_) co_await hold_back(metadata_->stop(), first);
    co_await hold_back(controllers_.stop(), first);
    co_await hold_back(brokers_.stop(), first);
    for (const auto& directory : logs_.directories) {
        directory->set_broker_epoch(epoch);
        co_await hold_back(directory->stop(), first);
    }
    if (logs_.own_metadata) co_await hold_back(logs_.own_metadata->stop(), first);
    if (first) std::rethrow_exception(first);
}

}  // namespace verdikt::broker::server
