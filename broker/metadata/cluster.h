/// What the cluster consists of, as the metadata log says: brokers, topics, partitions, settings.
///
/// Plain data, each with Kafka's meaning. Who keeps it right is `image` (it applies records) and
/// the controller (it writes them); `partition::fault` states what both hold a partition to.
#pragma once

#include "kafka/types.h"

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::broker::metadata {

using nodes = std::vector<kafka::node_id>;

/// Where a replica lies whose broker has not said yet in which of its directories (KIP-858).
inline constexpr kafka::uuid unassigned_directory{};

struct endpoint {
    std::string name;
    std::string host;
    std::uint16_t port = 0;
    std::int16_t security_protocol = 0;

    bool operator==(const endpoint&) const = default;
};

struct level_range {
    std::int16_t min = 0;
    std::int16_t max = 0;

    [[nodiscard]] bool contains(std::int16_t level) const { return min <= level && level <= max; }
    bool operator==(const level_range&) const = default;
};

/// A broker process that registered last under its id.
struct broker_registration {
    kafka::broker_epoch epoch = kafka::no_broker_epoch;
    kafka::uuid incarnation;
    std::vector<endpoint> endpoints;
    std::map<std::string, level_range> features;
    std::optional<std::string> rack;
    std::vector<kafka::uuid> log_dirs;  ///< Those that work. Empty if it never said.
    bool fenced = true;
    bool in_controlled_shutdown = false;

    /// Whether it may lead and join in-sync sets (KIP-841).
    [[nodiscard]] bool is_active() const { return !fenced && !in_controlled_shutdown; }
    /// Whether a replica that lies in `directory` is on a disk that works.
    [[nodiscard]] bool has_online(const kafka::uuid& directory) const {
        return directory == unassigned_directory || log_dirs.empty() ||
               std::ranges::find(log_dirs, directory) != log_dirs.end();
    }
    bool operator==(const broker_registration&) const = default;
};

/// Whether the leader was elected without having all that was acknowledged, and still tells its
/// followers what survived (KIP-704).
enum class recovery_state : std::int8_t { recovered = 0, recovering = 1 };

struct partition {
    nodes replicas;                        ///< In the order of preference.
    std::vector<kafka::uuid> directories;  ///< Of each replica, in the same order.
    nodes isr;
    nodes adding;               ///< Replicas that a reassignment brings in,
    nodes removing;             ///< and those that it takes away at its end.
    nodes eligible;             ///< The ELR (KIP-966): out of sync, yet complete.
    nodes last_known_eligible;  ///< Who led last, while nobody is eligible.
    kafka::node_id leader = kafka::no_node;
    kafka::leader_epoch leader_epoch{0};
    kafka::partition_epoch epoch{0};
    recovery_state recovery = recovery_state::recovered;

    [[nodiscard]] bool is_reassigning() const { return !adding.empty() || !removing.empty(); }
    /// Where the replica of that broker lies; unassigned if it has none.
    [[nodiscard]] kafka::uuid directory_of(kafka::node_id broker) const;
    /// What is wrong with it, as a sentence; nothing if it may be.
    [[nodiscard]] std::optional<std::string> fault() const;

    bool operator==(const partition&) const = default;
};

struct topic {
    std::string name;
    kafka::uuid id;
    std::vector<partition> partitions;  ///< By their index.

    bool operator==(const topic&) const = default;
};

struct topic_partition_id {
    kafka::uuid topic;
    kafka::partition_index partition;

    auto operator<=>(const topic_partition_id&) const = default;
};

/// Kafka's numbers.
enum class resource_type : std::int8_t { topic = 2, broker = 4, group = 32 };

/// What a setting belongs to. A broker with an empty name stands for all brokers.
struct config_resource {
    resource_type type = resource_type::topic;
    std::string name;

    auto operator<=>(const config_resource&) const = default;
};

using config_values = std::map<std::string, std::string, std::less<>>;

[[nodiscard]] inline bool contains(const nodes& some, kafka::node_id which) {
    return std::ranges::find(some, which) != some.end();
}
/// Those of `some`, in their order, that are not among `others`.
[[nodiscard]] nodes without(const nodes& some, const nodes& others);
[[nodiscard]] nodes from_wire(const std::vector<std::int32_t>& ids);
[[nodiscard]] std::vector<std::int32_t> to_wire(const nodes& some);

/// How many replicas must be in sync before the high watermark may move and acks=all succeed:
/// `min.insync.replicas`, but never more than there are replicas (KIP-966). Leaders and the
/// controller must agree on it, or a replica could be eligible that lacks what was acknowledged.
[[nodiscard]] std::size_t effective_min_isr(std::int64_t min_insync_replicas,
                                            const partition& which);

}  // namespace verdikt::broker::metadata
