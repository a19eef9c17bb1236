/// What a partition's files say, worked out the plain way from the bytes on the simulated disk.
///
/// Shares nothing with broker/storage but the batch format: it reads every batch from the first
/// byte, keeps everything, and applies the rules one by one. The tests compare what recovery built
/// with it.
#pragma once

#include "kafka/records/batch.h"
#include "kafka/types.h"
#include "runtime/sim/disk.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::broker::storage::naive {

struct batch {
    kafka::records::batch_header header;
    std::uint64_t position = 0;
    std::vector<std::byte> bytes;
    /// Of an end-transaction marker: whether it aborts.
    std::optional<bool> aborts;
};

struct segment {
    kafka::offset base;
    std::vector<batch> batches;
    /// Bytes behind the last good batch: none in a log that was recovered.
    std::uint64_t rest = 0;
};

struct producer {
    kafka::producer_epoch epoch;
    std::vector<std::pair<kafka::sequence, kafka::offset>> recent;  ///< First sequence and offset.
    std::optional<kafka::offset> open_transaction;
};

struct aborted {
    kafka::producer_id producer;
    kafka::offset first;
    kafka::offset marker;

    bool operator==(const aborted&) const = default;
};

struct log {
    std::vector<segment> segments;
    std::map<kafka::producer_id, producer> producers;
    std::vector<std::pair<kafka::leader_epoch, kafka::offset>> epochs;
    std::map<kafka::offset, std::vector<aborted>> aborted_by_segment;

    [[nodiscard]] kafka::offset end() const;
    /// The batch at that base offset.
    [[nodiscard]] const batch* find(kafka::offset base) const;
};

[[nodiscard]] log read(const runtime::sim::disk& disk, const std::filesystem::path& directory);

/// Entries that an offset index of the segment has: last offset and position.
[[nodiscard]] std::vector<std::pair<kafka::offset, std::uint64_t>> offset_entries(
    const segment& of, std::int64_t interval);
/// Entries that its time index has: timestamp and base offset of the batch.
[[nodiscard]] std::vector<std::pair<kafka::timestamp, kafka::offset>> time_entries(
    const segment& of, std::int64_t interval, bool sealed);

}  // namespace verdikt::broker::storage::naive
