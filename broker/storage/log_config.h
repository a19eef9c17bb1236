/// The settings of one log, by the names of Kafka's topic configuration. The server parses them,
/// lays a topic's overrides over the broker's defaults and calls `partition_log::configure`.
#pragma once

#include <chrono>
#include <cstdint>

namespace verdikt::broker::storage {

/// -1 where Kafka's documentation says "no limit".
struct log_config {
    using milliseconds = std::chrono::milliseconds;

    std::int64_t segment_bytes = std::int64_t{1} << 30;        ///< segment.bytes; at most 2^31 - 1
    milliseconds segment_ms{std::chrono::hours(24 * 7)};       ///< segment.ms
    std::int64_t segment_index_bytes = 10 << 20;               ///< segment.index.bytes
    std::int64_t index_interval_bytes = 4096;                  ///< index.interval.bytes
    milliseconds retention_ms{std::chrono::hours(24 * 7)};     ///< retention.ms
    std::int64_t retention_bytes = -1;                         ///< retention.bytes
    bool cleanup_delete = true;                                ///< cleanup.policy has "delete"
    bool cleanup_compact = false;                              ///< cleanup.policy has "compact"
    milliseconds delete_retention_ms{std::chrono::hours(24)};  ///< delete.retention.ms
    milliseconds min_compaction_lag_ms{0};                     ///< min.compaction.lag.ms
    milliseconds max_compaction_lag_ms{INT64_MAX};             ///< max.compaction.lag.ms
    double min_cleanable_dirty_ratio = 0.5;                    ///< min.cleanable.dirty.ratio
    /// flush.messages. 1 is the durable mode, our default: what is written is synced at once, one
    /// sync for all that waits. Above 1, and with flush.ms, the page cache counts as kept, as in
    /// Kafka.
    std::int64_t flush_messages = 1;
    milliseconds flush_ms{INT64_MAX};            ///< flush.ms
    std::int64_t max_message_bytes = 1'048'588;  ///< max.message.bytes; the server checks it
    milliseconds file_delete_delay_ms{60'000};   ///< file.delete.delay.ms
    bool preallocate = false;                    ///< preallocate

    /// Whether a record counts towards the high watermark only once it is on stable storage.
    [[nodiscard]] bool durable() const { return flush_messages <= 1; }

    bool operator==(const log_config&) const = default;
};

}  // namespace verdikt::broker::storage
