/// Administers topics, configurations, groups and offsets of a cluster.
///
/// Each call retries what is worth retrying until `default.api.timeout.ms`. A call that changes
/// something and ends with `timed_out` or `disconnected` leaves open whether it took effect.
///
/// Lives on the executor of its environment and is used from there only. Requires: `close` has
/// returned before it is destroyed (closing.h sees to it).
#pragma once

#include "client/configuration.h"
#include "client/error.h"
#include "client/record.h"
#include "runtime/environment.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace verdikt::client {

class admin_core;

struct new_topic {
    std::string name;
    std::int32_t partitions = -1;          ///< -1: the broker's default.
    std::int16_t replication_factor = -1;  ///< -1: the broker's default.
    std::map<std::int32_t, std::vector<std::int32_t>> replica_assignment = {};
    std::map<std::string, std::string> configs = {};
};

struct partition_description {
    std::int32_t index = 0;
    std::int32_t leader = -1;  ///< -1: none.
    std::int32_t leader_epoch = -1;
    std::vector<std::int32_t> replicas;
    std::vector<std::int32_t> isr;
    std::vector<std::int32_t> offline_replicas;
    /// Outside of the ISR, but able to lead without loss, and those that were last (KIP-966).
    /// Nothing where the broker is too old to say.
    std::optional<std::vector<std::int32_t>> eligible_leader_replicas = {};
    std::optional<std::vector<std::int32_t>> last_known_eligible = {};
};

struct topic_description {
    std::string name;
    kafka::uuid id;
    bool internal = false;
    std::vector<partition_description> partitions;  ///< By index.
};

struct broker_description {
    std::int32_t id = -1;
    std::string host;
    std::int32_t port = 0;
    std::optional<std::string> rack;
};

struct cluster_description {
    std::string cluster_id;
    std::int32_t controller = -1;
    std::vector<broker_description> brokers;
};

enum class config_resource_type : std::int8_t { topic = 2, broker = 4, broker_logger = 8 };

struct config_resource {
    config_resource_type type = config_resource_type::topic;
    std::string name;  ///< Empty for the cluster-wide broker default.

    auto operator<=>(const config_resource&) const = default;
};

struct config_entry {
    std::string name;
    std::optional<std::string> value;
    bool read_only = false;
    bool sensitive = false;
    std::int8_t source =
        0;  ///< As on the wire: 1 topic, 2 broker, 3 cluster default, 4 static, 5 default.
    std::vector<std::pair<std::string, std::optional<std::string>>> synonyms;
};

enum class alter_operation : std::int8_t { set = 0, remove = 1, append = 2, subtract = 3 };

struct config_change {
    std::string name;
    alter_operation operation = alter_operation::set;
    std::optional<std::string> value = {};
};

struct group_listing {
    std::string group_id;
    std::string protocol_type;
    std::string state;  ///< Empty if the broker is too old to say.
};

struct group_member {
    std::string member_id;
    std::optional<std::string> group_instance_id;
    std::string client_id;
    std::string host;
    std::set<topic_partition> assignment;
};

struct group_description {
    std::string group_id;
    std::string state;
    std::string protocol_type;
    std::string protocol;
    std::int32_t coordinator = -1;
    std::vector<group_member> members;
};

/// What is empty (or below zero) lets everything pass.
struct transaction_filter {
    std::set<std::string> states = {};  ///< As Kafka spells them: "Ongoing", "PrepareCommit", …
    std::set<kafka::producer_id> producers = {};
    std::chrono::milliseconds duration_min{-1};  ///< Open for longer than that.
};

struct transaction_listing {
    std::string transactional_id;
    kafka::producer_id producer;
    std::string state;
    std::int32_t coordinator = -1;
};

struct transaction_description {
    std::string transactional_id;
    std::string state;
    std::chrono::milliseconds timeout{};
    kafka::timestamp started = kafka::no_timestamp;  ///< -1 if none is open.
    kafka::producer_id producer;
    kafka::producer_epoch epoch;
    std::set<topic_partition> partitions;
};

/// A producer that a partition remembers.
struct producer_description {
    kafka::producer_id id;
    kafka::producer_epoch epoch;
    std::int32_t last_sequence = -1;
    kafka::timestamp last_time = kafka::no_timestamp;
    std::int32_t coordinator_epoch = -1;
    std::optional<kafka::offset> transaction_start = {};  ///< Of its open transaction.
};

struct transaction_to_abort {
    topic_partition where;
    kafka::producer_id producer;
    kafka::producer_epoch epoch;
    std::int32_t coordinator_epoch = -1;
};

/// Which offset of a partition to look up.
enum class offset_spec : std::int64_t { latest = -1, earliest = -2, max_timestamp = -3 };
using offset_query = std::variant<offset_spec, kafka::timestamp>;

struct listed_offset {
    kafka::offset offset;  ///< -1: no record at or after the time.
    kafka::timestamp time = kafka::no_timestamp;
    kafka::leader_epoch epoch = kafka::no_leader_epoch;
};

struct replica_directory {
    std::int32_t broker = -1;
    std::string path;
    std::optional<error> fault;
    struct replica {
        topic_partition partition;
        std::int64_t size = 0;
        std::int64_t offset_lag = 0;
        bool future = false;
    };
    std::vector<replica> replicas;
};

/// Preferred: the first of a partition's replicas. Unclean: any live one, where nobody leads; what
/// only lost replicas hold is then given up.
enum class election_type : std::int8_t { preferred = 0, unclean = 1 };

/// What a partition that is being moved is made of meanwhile (KIP-455).
struct reassignment {
    std::vector<std::int32_t> replicas;  ///< With those that are added.
    std::vector<std::int32_t> adding;
    std::vector<std::int32_t> removing;

    bool operator==(const reassignment&) const = default;
};

struct quorum_replica {
    std::int32_t node = -1;
    kafka::uuid directory;  ///< Zero if unknown.
    kafka::offset log_end;
    kafka::timestamp last_fetch = kafka::no_timestamp;
    kafka::timestamp last_caught_up = kafka::no_timestamp;
    /// NAME://host:port of its controller, where told (KIP-853).
    std::vector<std::string> endpoints = {};
};

/// The controllers, as their leader sees them (KIP-595).
struct quorum_description {
    std::int32_t leader = -1;
    std::int32_t leader_epoch = -1;
    kafka::offset high_watermark;
    std::vector<quorum_replica> voters;     ///< By node.
    std::vector<quorum_replica> observers;  ///< By node.
};

/// One outcome a name: the call as a whole fails only if nobody could be asked.
template <typename Key, typename T = void>
using outcomes = std::map<Key, result<T>>;

class admin {
  public:
    /// Throws std::invalid_argument if the configuration is faulty (`client_config::find_fault`).
    admin(runtime::environment& world, client_config config);
    admin(const admin&) = delete;
    admin& operator=(const admin&) = delete;
    ~admin();

    template <typename T>
    using reply = runtime::awaitable<result<T>>;

    reply<outcomes<std::string>> create_topics(std::vector<new_topic> topics,
                                               bool validate_only = false);
    reply<outcomes<std::string>> delete_topics(std::set<std::string> names);
    /// Total counts by topic.
    reply<outcomes<std::string>> create_partitions(std::map<std::string, std::int32_t> counts);
    reply<std::set<std::string>> list_topics(bool include_internal = false);
    reply<outcomes<std::string, topic_description>> describe_topics(std::set<std::string> names);

    /// An empty set of names asks for all entries.
    reply<outcomes<config_resource, std::vector<config_entry>>> describe_configs(
        std::set<config_resource> resources);
    reply<outcomes<config_resource>> alter_configs(
        std::map<config_resource, std::vector<config_change>> changes, bool validate_only = false);

    reply<std::vector<group_listing>> list_groups();
    reply<outcomes<std::string, group_description>> describe_groups(std::set<std::string> ids);
    reply<outcomes<std::string>> delete_groups(std::set<std::string> ids);
    /// All committed offsets of a group, or those of the given partitions.
    reply<std::map<topic_partition, committed_offset>> list_group_offsets(
        std::string group, std::optional<std::set<topic_partition>> partitions = std::nullopt);
    /// Commits as nobody: the group must be empty.
    reply<outcomes<topic_partition>> alter_group_offsets(
        std::string group, std::map<topic_partition, committed_offset> offsets);
    reply<outcomes<topic_partition>> delete_group_offsets(std::string group,
                                                          std::set<topic_partition> partitions);

    reply<outcomes<topic_partition, listed_offset>> list_offsets(
        std::map<topic_partition, offset_query> queries, bool read_committed = false);
    /// Deletes what is below each offset (-1: below the high watermark); returns the new log
    /// starts.
    reply<outcomes<topic_partition, kafka::offset>> delete_records(
        std::map<topic_partition, kafka::offset> before);
    /// Of all brokers, or of those given.
    reply<std::vector<replica_directory>> describe_log_dirs(
        std::optional<std::set<std::int32_t>> brokers = std::nullopt);
    reply<cluster_description> describe_cluster();

    reply<quorum_description> describe_quorum();
    /// Of the partitions given, or of all; the answer then leaves out those that needed none.
    reply<outcomes<topic_partition>> elect_leaders(
        election_type type, std::optional<std::set<topic_partition>> partitions = std::nullopt);
    /// Begins to move partitions to the replicas given; nothing cancels a move that is under way.
    reply<outcomes<topic_partition>> alter_partition_reassignments(
        std::map<topic_partition, std::optional<std::vector<std::int32_t>>> moves);
    /// What is being moved, of the partitions given or of all.
    reply<std::map<topic_partition, reassignment>> list_partition_reassignments(
        std::optional<std::set<topic_partition>> partitions = std::nullopt);
    /// Forgets a broker that will not come back. It must be down.
    reply<void> unregister_broker(std::int32_t broker);

    reply<std::vector<transaction_listing>> list_transactions(transaction_filter filter = {});
    reply<outcomes<std::string, transaction_description>> describe_transactions(
        std::set<std::string> ids);
    reply<outcomes<topic_partition, std::vector<producer_description>>> describe_producers(
        std::set<topic_partition> partitions);
    /// Ends a transaction in one partition, for one that its coordinator does not know (any more).
    /// Of any other it tears a part off: leave those to their coordinator.
    reply<void> abort_transaction(transaction_to_abort which);

    /// Ends all that the client started. Idempotent.
    runtime::awaitable<void> close();
    runtime::awaitable<void> stop() { return close(); }

  private:
    std::unique_ptr<admin_core> core_;
};

}  // namespace verdikt::client
