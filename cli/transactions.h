/// `verdikt transactions`: what its acts share.
#pragma once

#include "cli/tool.h"
#include "client/admin.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::cli {

struct transactions_options {
    cluster_flags cluster;

    bool list = false;
    std::optional<std::int64_t> duration_min_ms;
    std::vector<std::string> states;

    bool describe = false;
    std::string transactional_id;

    bool describe_producers = false;
    bool abort = false;
    bool find_hanging = false;
    std::string topic;
    std::optional<std::int32_t> partition;

    std::optional<std::int64_t> start_offset;
    std::optional<std::int64_t> producer;
    std::optional<std::int32_t> epoch;
    std::optional<std::int32_t> coordinator_epoch;

    std::int32_t timeout_minutes_max = 15;
};

/// A transaction that is open in a partition, and that no coordinator will end.
struct hanging_transaction {
    client::topic_partition where;
    client::producer_description producer;
};

/// Those in these partitions that have been open for longer than `patience`, and that their
/// coordinator does not count the partition to.
[[nodiscard]] runtime::awaitable<std::vector<hanging_transaction>> hanging_transactions(
    client::admin& admin,
    std::set<client::topic_partition> partitions,
    kafka::timestamp now,
    std::chrono::milliseconds patience);

}  // namespace verdikt::cli
