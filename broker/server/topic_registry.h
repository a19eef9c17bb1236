/// Which topics there are, and what else a single node remembers: durable before anybody is told.
///
/// Every change is written to the state file first, as a whole, and then carried out on the log
/// directory; `recover` carries out what a crash cut short. A topic is found here only while all
/// its partitions exist. Changes take turns; looking up never waits.
///
/// Lives in the broker. A `topic` that somebody holds stays valid after its deletion; its logs then
/// answer `stopped`.
#pragma once

#include "broker/server/broker_config.h"
#include "broker/server/saved_state.h"
#include "broker/server/topic_settings.h"
#include "broker/server/turn_taking.h"
#include "broker/storage/log_directory.h"
#include "kafka/error_codes.h"
#include "kafka/types.h"
#include "runtime/environment.h"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::broker::server {

/// The only leader that a single node's partitions ever have.
inline constexpr kafka::leader_epoch sole_leader_epoch{0};
/// Bounds what one request can make us create.
inline constexpr std::int32_t topic_partitions_max = 10'000;

struct topic {
    std::string name;
    kafka::uuid id;
    config_map configs;  ///< What the topic overrides.
    topic_settings settings;
    std::vector<std::shared_ptr<storage::partition_log>> partitions;

    /// Null if there is no such partition.
    [[nodiscard]] std::shared_ptr<storage::partition_log> log(std::int32_t partition) const;
};

using topic_map = std::map<std::string, std::shared_ptr<topic>, std::less<>>;
using change_result = std::expected<void, kafka::error_code>;

class topic_registry {
  public:
    /// `state` is what `path` holds. All references must outlive the registry.
    topic_registry(runtime::environment& world,
                   broker_config& config,
                   storage::log_directory& directory,
                   std::filesystem::path path,
                   saved_state state);

    /// Finishes what a crash cut short and takes up every topic. Requires: called once, first.
    runtime::awaitable<change_result> recover();

    /// Null if there is none.
    [[nodiscard]] std::shared_ptr<topic> find(std::string_view name) const;
    [[nodiscard]] std::shared_ptr<topic> find(const kafka::uuid& id) const;
    [[nodiscard]] const topic_map& topics() const { return topics_; }
    [[nodiscard]] const std::string& cluster_id() const { return state_.cluster_id; }

    /// Requires: a legal name, checked configs, 1 <= partitions <= topic_partitions_max. Errors:
    /// topic_already_exists, kafka_storage_error.
    runtime::awaitable<std::expected<std::shared_ptr<topic>, kafka::error_code>> create(
        std::string name, std::int32_t partitions, config_map configs);
    /// Errors: unknown_topic_or_partition, kafka_storage_error.
    runtime::awaitable<change_result> remove(std::string name);
    /// Errors: unknown_topic_or_partition, invalid_partitions (fewer than there are, or as many).
    runtime::awaitable<change_result> grow(std::string name, std::int32_t partitions);
    /// Replaces the overrides. Requires: checked configs.
    runtime::awaitable<change_result> set_configs(std::string name, config_map configs);
    /// Replaces what was set on the broker while running. Requires: checked, dynamic keys.
    runtime::awaitable<change_result> set_broker_configs(config_map configs);
    /// The first of `count` producer ids that nobody was given and nobody else will be.
    runtime::awaitable<std::expected<std::int64_t, kafka::error_code>> reserve_producer_ids(
        std::int64_t count);

    /// Of the overrides set while running.
    [[nodiscard]] const config_map& broker_configs() const { return state_.broker_configs; }

    void check_invariants() const;

  private:
    runtime::awaitable<change_result> save(saved_state next);
    runtime::awaitable<change_result> open_partitions(topic& which, std::int32_t count);
    runtime::awaitable<change_result> finish_deletions();
    runtime::awaitable<change_result> take_up(std::string name);
    [[nodiscard]] kafka::uuid draw_id();

    runtime::environment& world_;
    broker_config& config_;
    storage::log_directory& directory_;
    std::filesystem::path path_;
    saved_state state_;  ///< As it is on the disk.
    topic_map topics_;
    std::map<kafka::uuid, std::shared_ptr<topic>> by_id_;
    turn_taking changes_;
};

}  // namespace verdikt::broker::server
