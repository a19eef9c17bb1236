/// The JSON in which Kafka's tools name partitions and where their replicas shall live.
#pragma once

#include "kafka/types.h"

#include <cstdint>
#include <expected>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::cli {

/// Replicas by partition, the preferred leader first.
using partition_assignment = std::map<kafka::topic_partition, std::vector<std::int32_t>>;

/// `{"partitions": [{"topic": "t", "partition": 0}]}`. The error is a sentence for the user.
[[nodiscard]] std::expected<std::set<kafka::topic_partition>, std::string> parse_partitions(
    std::string_view json);

/// `{"topics": [{"topic": "t"}], "version": 1}`.
[[nodiscard]] std::expected<std::set<std::string>, std::string> parse_topics(std::string_view json);

/// `{"version": 1, "partitions": [{"topic": "t", "partition": 0, "replicas": [1, 2]}]}`. Log
/// directories may be named if each is "any": brokers choose them themselves.
[[nodiscard]] std::expected<partition_assignment, std::string> parse_assignment(
    std::string_view json);

/// What `parse_assignment` reads, in one line.
[[nodiscard]] std::string print_assignment(const partition_assignment& assignment);

}  // namespace verdikt::cli
