/// Record batches, version 2 (KIP-98): how records travel and rest.
///
///     0 base offset i64 | 8 length i32 | 12 leader epoch i32 | 16 magic i8 | 17 crc u32
///     21 attributes i16 | 23 last offset delta i32 | 27 base timestamp i64 | 35 max timestamp i64
///     43 producer id i64 | 51 producer epoch i16 | 53 base sequence i32 | 57 record count i32 | 61
///     records
///
/// The length counts what follows it. The CRC-32C covers byte 21 to the end, so a leader may set
/// base offset and leader epoch without a new checksum. Compression covers all from byte 61 as one
/// stream.
#pragma once

#include "kafka/endian.h"
#include "kafka/records/compression.h"
#include "kafka/records/errc.h"
#include "kafka/types.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>

namespace verdikt::kafka::records {

inline constexpr std::size_t batch_header_size = 61;
/// Base offset and length: what the length field does not count.
inline constexpr std::size_t batch_prefix_size = 12;
inline constexpr std::int8_t magic_v2 = 2;

enum class timestamp_type : std::uint8_t { create_time = 0, log_append_time = 1 };

/// The 16 flag bits of a batch.
class batch_attributes {
  public:
    constexpr batch_attributes() = default;
    constexpr explicit batch_attributes(std::int16_t bits) : bits_(bits) {}

    [[nodiscard]] constexpr std::int16_t bits() const { return bits_; }
    /// Nothing if the bits name no codec.
    [[nodiscard]] constexpr std::optional<codec> compression_codec() const {
        const int number = bits_ & 0x07;
        if (number > static_cast<int>(codec::zstd)) return std::nullopt;
        return static_cast<codec>(number);
    }
    [[nodiscard]] constexpr timestamp_type timestamps() const {
        return static_cast<timestamp_type>((bits_ >> 3) & 1);
    }
    [[nodiscard]] constexpr bool is_transactional() const { return (bits_ & 0x10) != 0; }
    [[nodiscard]] constexpr bool is_control() const { return (bits_ & 0x20) != 0; }
    /// Set by compaction; the base timestamp then is the time from which tombstones may go
    /// (KIP-534).
    [[nodiscard]] constexpr bool has_delete_horizon() const { return (bits_ & 0x40) != 0; }

    [[nodiscard]] constexpr batch_attributes with(codec which) const {
        return batch_attributes(
            static_cast<std::int16_t>((bits_ & ~0x07) | static_cast<int>(which)));
    }
    [[nodiscard]] constexpr batch_attributes with(timestamp_type which) const {
        return batch_attributes(
            static_cast<std::int16_t>((bits_ & ~0x08) | (static_cast<int>(which) << 3)));
    }
    [[nodiscard]] constexpr batch_attributes with_transactional(bool on) const {
        return with_bit(0x10, on);
    }
    [[nodiscard]] constexpr batch_attributes with_control(bool on) const {
        return with_bit(0x20, on);
    }
    [[nodiscard]] constexpr batch_attributes with_delete_horizon(bool on) const {
        return with_bit(0x40, on);
    }

    constexpr bool operator==(const batch_attributes&) const = default;

  private:
    [[nodiscard]] constexpr batch_attributes with_bit(int bit, bool on) const {
        return batch_attributes(static_cast<std::int16_t>(on ? bits_ | bit : bits_ & ~bit));
    }

    std::int16_t bits_ = 0;
};

/// For sums of what damaged bytes may claim, which must not overflow.
[[nodiscard]] constexpr std::int64_t wrapping_sum(std::int64_t base, std::int64_t distance) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(base) +
                                     static_cast<std::uint64_t>(distance));
}

/// Everything before the records. Taken from bytes, it is what they claim: only the length and the
/// magic have been checked. Sums wrap, so no claim makes them undefined.
struct batch_header {
    offset base_offset;
    std::int32_t length = 0;
    leader_epoch epoch = no_leader_epoch;
    std::int8_t magic = magic_v2;
    std::uint32_t crc = 0;
    batch_attributes attributes;
    std::int32_t last_offset_delta = 0;
    timestamp base_timestamp = no_timestamp;
    timestamp max_timestamp = no_timestamp;
    kafka::producer_id producer_id = no_producer_id;
    kafka::producer_epoch producer_epoch = no_producer_epoch;
    sequence base_sequence;
    std::int32_t record_count = 0;

    /// Of the whole batch, in bytes.
    [[nodiscard]] std::size_t size() const {
        return batch_prefix_size + static_cast<std::size_t>(length);
    }
    [[nodiscard]] offset last_offset() const {
        return offset(wrapping_sum(base_offset.value(), last_offset_delta));
    }
    [[nodiscard]] offset next_offset() const {
        return offset(wrapping_sum(last_offset().value(), 1));
    }
    [[nodiscard]] bool has_producer_id() const { return producer_id > no_producer_id; }
    /// Requires: has_producer_id(), base_sequence >= 0, last_offset_delta >= 0.
    [[nodiscard]] sequence last_sequence() const { return base_sequence.plus(last_offset_delta); }

    bool operator==(const batch_header&) const = default;
};

/// Reads the header of the batch that starts at `bytes`; the rest of the batch need not be there.
/// Errors: truncated (fewer than 61 bytes), unsupported_magic, bad_length.
[[nodiscard]] std::expected<batch_header, errc> parse_batch_header(
    std::span<const std::byte> bytes);

/// Requires: 61 bytes at `to`. Writes all fields as they are, the crc included.
void store_batch_header(const batch_header& header, std::span<std::byte> to);

/// One whole batch in memory that somebody else owns and keeps alive.
class batch_view {
  public:
    /// The batch that `bytes` start with; more may follow it.
    /// Errors: truncated (incomplete), unsupported_magic, bad_length. The checksum is not verified.
    [[nodiscard]] static std::expected<batch_view, errc> parse(std::span<const std::byte> bytes);

    /// The whole batch and nothing else.
    [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }
    /// What follows the header, compressed or not: see `read_records` in record.h.
    [[nodiscard]] std::span<const std::byte> payload() const {
        return bytes_.subspan(batch_header_size);
    }

    /// Costs about a pass over the bytes.
    [[nodiscard]] bool checksum_matches() const;

    [[nodiscard]] batch_header header() const;
    [[nodiscard]] offset base_offset() const { return offset(load<std::int64_t>(0)); }
    [[nodiscard]] offset last_offset() const {
        return offset(wrapping_sum(base_offset().value(), last_offset_delta()));
    }
    [[nodiscard]] offset next_offset() const {
        return offset(wrapping_sum(last_offset().value(), 1));
    }
    [[nodiscard]] leader_epoch epoch() const { return leader_epoch(load<std::int32_t>(12)); }
    [[nodiscard]] std::uint32_t crc() const { return load<std::uint32_t>(17); }
    [[nodiscard]] batch_attributes attributes() const {
        return batch_attributes(load<std::int16_t>(21));
    }
    [[nodiscard]] std::int32_t last_offset_delta() const { return load<std::int32_t>(23); }
    [[nodiscard]] timestamp base_timestamp() const { return timestamp(load<std::int64_t>(27)); }
    [[nodiscard]] timestamp max_timestamp() const { return timestamp(load<std::int64_t>(35)); }
    [[nodiscard]] kafka::producer_id producer_id() const {
        return kafka::producer_id(load<std::int64_t>(43));
    }
    [[nodiscard]] kafka::producer_epoch producer_epoch() const {
        return kafka::producer_epoch(load<std::int16_t>(51));
    }
    [[nodiscard]] sequence base_sequence() const { return sequence(load<std::int32_t>(53)); }
    [[nodiscard]] std::int32_t record_count() const { return load<std::int32_t>(57); }

  private:
    explicit batch_view(std::span<const std::byte> bytes) : bytes_(bytes) {}

    template <typename T>
    [[nodiscard]] T load(std::size_t at) const {
        return load_big_endian<T>(bytes_.data() + at);
    }

    std::span<const std::byte> bytes_;
};

/// Walks consecutive batches; a partial one at the end is normal in a Fetch answer and in a torn
/// log.
///
///     batch_reader batches(bytes);
///     while (!batches.done()) {
///         const auto batch = batches.next();
///         if (!batch) ...
///     }
class batch_reader {
  public:
    explicit batch_reader(std::span<const std::byte> bytes) : rest_(bytes) {}

    /// True at the end and before a partial batch.
    [[nodiscard]] bool done() const;
    /// Requires: !done(). After an error there is no way to find the next batch, so the position
    /// stays.
    [[nodiscard]] std::expected<batch_view, errc> next();

    /// Bytes of whole batches handed out so far.
    [[nodiscard]] std::size_t position() const { return position_; }
    /// What has not been handed out: a partial batch once `done()`, or nothing.
    [[nodiscard]] std::span<const std::byte> rest() const { return rest_; }

  private:
    std::span<const std::byte> rest_;
    std::size_t position_ = 0;
};

/// Changes that the checksum does not cover. Requires: `batch` starts with a batch header.
void set_base_offset(std::span<std::byte> batch, offset base);
void set_leader_epoch(std::span<std::byte> batch, leader_epoch epoch);

/// Requires: `batch` is one whole batch. For whoever wrote a header with `store_batch_header`.
void store_checksum(std::span<std::byte> batch);

/// Changes that the checksum covers; it is computed anew. Requires: `batch` is one whole batch.
/// Does nothing, and costs nothing, if the batch says so already.
void set_max_timestamp(std::span<std::byte> batch, timestamp_type type, timestamp max);

}  // namespace verdikt::kafka::records
