/// What a leader checks before it appends what a producer sent, and what it changes.
///
/// Pure: bytes and rules in, a verdict out. The order of the checks, and so which error wins, is
/// that of Kafka's broker: one whole version 2 batch, codec, size, checksum, header, then every
/// record. Kafka lets uncompressed batches with wrong offset deltas pass and rewrites compressed
/// ones; here both are refused, because no client in use writes them and consumers would see
/// offsets out of order.
#pragma once

#include "kafka/error_codes.h"
#include "kafka/records/batch.h"
#include "kafka/records/byte_buffer.h"
#include "kafka/records/compression.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace verdikt::kafka::records {

/// Who hands the batch in. A coordinator may write control batches and needs no client's
/// discipline.
enum class batch_origin { client, coordinator };

/// The settings of a topic, and what the moment adds to them.
struct produce_rules {
    batch_origin origin = batch_origin::client;
    std::int16_t produce_version = 9;                         ///< Of the request: zstd needs 7.
    std::size_t message_bytes_max = 1'048'588;                ///< `max.message.bytes`.
    bool keys_required = false;                               ///< `cleanup.policy` has `compact`.
    timestamp_type timestamps = timestamp_type::create_time;  ///< `message.timestamp.type`.
    timestamp now = no_timestamp;  ///< Wall time. Requires: set, for every rule about time.
    std::int64_t timestamp_before_ms_max = std::numeric_limits<std::int64_t>::max();
    std::int64_t timestamp_after_ms_max = 3'600'000;
    std::optional<codec> compression_codec = {};  ///< `compression.type`; absent for `producer`.
    std::optional<int> compression_level = {};
    /// Bounds memory, whatever a compressed batch claims; Kafka has no such limit.
    std::size_t uncompressed_bytes_max = std::size_t{64} << 20;
};

struct accepted_batch {
    batch_header header;  ///< As the producer sent it.
    /// The timestamp type and largest timestamp that the log must show.
    timestamp_type timestamps = timestamp_type::create_time;
    timestamp max_timestamp = no_timestamp;
    /// The first record that has the largest timestamp: what ListOffsets -3 answers (KIP-734).
    std::int32_t max_timestamp_offset_delta = 0;
    /// Set if the topic wants another codec than the producer's: `recompress` before appending.
    std::optional<codec> recompress_to = {};
};

/// A record that was refused, for Produce 8 and later (KIP-467).
struct record_error {
    std::int32_t batch_index = 0;  ///< Of the record in its batch.
    std::string message;

    bool operator==(const record_error&) const = default;
};

struct rejection {
    error_code code = error_code::none;
    std::string message;
    /// At most `record_errors_max`: a batch may hold a hundred thousand records.
    std::vector<record_error> record_errors = {};
};

inline constexpr std::size_t record_errors_max = 100;

/// Judges what a Produce request carries for one partition: exactly one batch. Allocates only to
/// refuse, and to decompress into `scratch`, which is best reused and which holds the records
/// afterwards.
[[nodiscard]] std::expected<accepted_batch, rejection> validate_produce_batch(
    std::span<const std::byte> bytes,
    const produce_rules& rules,
    compression& codecs,
    byte_buffer& scratch);

/// The batch under the topic's codec, in place of `output`'s content; records, offsets, times and
/// producer fields stay. Requires: `accepted` has just been returned for `bytes`, `rules` and
/// `scratch`, and has `recompress_to`. Refused with message_too_large if it has grown past the
/// limit.
[[nodiscard]] std::expected<void, rejection> recompress(std::span<const std::byte> bytes,
                                                        const accepted_batch& accepted,
                                                        const produce_rules& rules,
                                                        compression& codecs,
                                                        const byte_buffer& scratch,
                                                        byte_buffer& output);

/// Where the leader puts an accepted batch.
struct placement {
    offset base_offset;
    leader_epoch epoch;
};

/// Writes the leader's decisions into the batch; a new checksum is computed only where the
/// timestamps differ from the producer's. Requires: `batch` is the accepted batch, or what
/// `recompress` made of it.
void prepare_for_append(std::span<std::byte> batch,
                        const accepted_batch& accepted,
                        placement where);

}  // namespace verdikt::kafka::records
