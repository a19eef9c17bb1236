/// Where the replicas of topics could live on a given set of brokers: what `reassign-partitions
/// --generate` proposes.
///
/// Pure. Leaders go round the brokers, partition by partition; the followers of a partition stand
/// at a distance from their leader that grows each time the leaders have gone round once, so that
/// what one broker leads is spread over all others when it dies. With racks, brokers are taken rack
/// by rack, and a rack holds a second replica of a partition only once every rack holds one.
#pragma once

#include "cli/partition_list.h"

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::cli {

struct broker_place {
    std::int32_t id = 0;
    std::optional<std::string> rack;
};

struct topic_shape {
    std::int32_t partitions = 0;
    std::int32_t replicas = 0;
};

/// Where the round begins, so that not every topic begins with the same broker.
struct round_start {
    std::uint32_t leader = 0;
    std::uint32_t distance = 0;
};

/// Racks count only if every broker has one. The error is a sentence for the user.
[[nodiscard]] std::expected<partition_assignment, std::string> propose_assignment(
    const std::map<std::string, topic_shape>& topics,
    const std::vector<broker_place>& brokers,
    round_start start);

}  // namespace verdikt::cli
