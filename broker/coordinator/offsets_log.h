/// What the coordinator needs of the world around it: the partitions of `__consumer_offsets`, and
/// to know which topics exist. The server implements both; `stored_offsets_log` does the first over
/// the storage engine.
#pragma once

#include "kafka/error_codes.h"
#include "kafka/types.h"
#include "runtime/awaitable.h"

#include <cstddef>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace verdikt::broker::coordinator {

inline constexpr std::string_view offsets_topic = "__consumer_offsets";

/// One record of the topic. No value is a tombstone.
struct offsets_record {
    std::vector<std::byte> key;
    std::optional<std::vector<std::byte>> value;
};

class offsets_log {
  public:
    /// Called for each record in the order of the log.
    using visitor = std::function<void(std::span<const std::byte> key,
                                       std::optional<std::span<const std::byte>> value)>;

    virtual ~offsets_log() = default;

    /// Returns once all records are committed (acks=all): no crash takes them back. After an error
    /// it is unknown whether they were written. The coordinator never has two appends to one
    /// partition under way. Errors are those of Produce, e.g. `kafka_storage_error`,
    /// `not_leader_or_follower`, `unknown_topic_or_partition`.
    [[nodiscard]] virtual runtime::awaitable<std::expected<void, kafka::error_code>> append(
        kafka::partition_index partition,
        kafka::leader_epoch epoch,
        std::vector<offsets_record> records) = 0;

    /// Shows every committed record, from the log's start to where its end was at the call.
    [[nodiscard]] virtual runtime::awaitable<std::expected<void, kafka::error_code>> replay(
        kafka::partition_index partition, visitor visit) = 0;
};

class topic_lookup {
  public:
    virtual ~topic_lookup() = default;

    [[nodiscard]] virtual bool exists(std::string_view topic,
                                      kafka::partition_index partition) const = 0;
};

}  // namespace verdikt::broker::coordinator
