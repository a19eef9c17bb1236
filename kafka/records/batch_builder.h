/// Builds a batch record by record.
///
/// Lives in whoever fills a batch (a producer's partition queue, a coordinator's write) and is
/// reused through `reset`. Records are encoded as they arrive into one growing buffer behind room
/// for the header.
#pragma once

#include "kafka/records/batch.h"
#include "kafka/records/byte_buffer.h"
#include "kafka/records/compression.h"
#include "kafka/records/record.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>

namespace verdikt::kafka::records {

struct new_record {
    timestamp time = no_timestamp;
    nullable_bytes key;
    nullable_bytes value;
    std::span<const record_header> headers = {};
};

/// What the records do not say.
struct batch_options {
    codec compression_codec = codec::none;
    std::optional<int> level;  ///< Kafka's default where absent.
    timestamp_type timestamps = timestamp_type::create_time;
    /// The largest of the records' where absent. Required with log_append_time: the append time.
    std::optional<timestamp> max_timestamp;
    offset base_offset{0};
    leader_epoch epoch = no_leader_epoch;
    kafka::producer_id producer_id = no_producer_id;
    kafka::producer_epoch producer_epoch = no_producer_epoch;
    sequence base_sequence;
    bool transactional = false;
    bool control = false;
    /// The base timestamp is a delete horizon (KIP-534). Requires: `reset(horizon)` came first.
    bool delete_horizon = false;
    /// That of the last record where absent. Compaction keeps the range of what it removed.
    std::optional<std::int32_t> last_offset_delta;
};

class batch_builder {
  public:
    batch_builder();

    /// Bytes that `record` would add, before compression.
    [[nodiscard]] std::size_t size_of(const new_record& record) const;
    void append(const new_record& record);
    /// At a chosen offset, for compaction and conversion. Requires: larger than every delta before.
    void append_at(std::int32_t offset_delta, const new_record& record);

    [[nodiscard]] std::int32_t record_count() const { return count_; }
    [[nodiscard]] bool empty() const { return count_ == 0; }
    /// Of the batch as it stands, before compression, its header included.
    [[nodiscard]] std::size_t uncompressed_size() const { return buffer_.size(); }
    [[nodiscard]] timestamp max_timestamp() const { return max_timestamp_; }

    /// The finished batch with its checksum; valid until the builder is used again. Compression
    /// that does not fail never changes what was appended, so a batch may be built again with other
    /// options (a retry under a new producer epoch). Requires: !empty(), or
    /// options.last_offset_delta: compaction may leave a batch without records. Errors:
    /// compression_failed.
    [[nodiscard]] std::expected<std::span<const std::byte>, errc> build(
        const batch_options& options, compression& codecs);

    /// Forgets the records and keeps the memory. Deltas will count from `base_timestamp`, or from
    /// the first record's time where absent.
    void reset(std::optional<timestamp> base_timestamp = std::nullopt);

  private:
    [[nodiscard]] std::size_t body_size(std::int32_t offset_delta, const new_record& record) const;
    [[nodiscard]] batch_header make_header(const batch_options& options) const;

    byte_buffer buffer_;      ///< Header room, then records.
    byte_buffer compressed_;  ///< Header, then compressed records, after a `build` with a codec.
    std::optional<timestamp> base_timestamp_;
    timestamp max_timestamp_ = no_timestamp;
    std::int32_t last_offset_delta_ = -1;
    std::int32_t count_ = 0;
};

/// A batch in memory of its own, for rare writes and tests. Requires: the codec does not fail.
[[nodiscard]] byte_buffer make_batch(std::span<const new_record> records,
                                     const batch_options& options = {});

}  // namespace verdikt::kafka::records
