/// Records inside a batch: lazily decoded views over bytes that somebody else keeps alive.
///
/// A record: length varint | attributes i8 | timestamp delta varlong | offset delta varint |
/// key length varint (-1 null), key | value length varint (-1 null), value | header count varint,
/// headers (key length varint, key, value length varint (-1 null), value). Nothing is allocated.
#pragma once

#include "kafka/records/batch.h"
#include "kafka/records/byte_buffer.h"
#include "kafka/records/errc.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>

namespace verdikt::kafka::records {

using nullable_bytes = std::optional<std::span<const std::byte>>;

struct record_header {
    std::string_view key;
    nullable_bytes value;
};

/// The headers of one record, in order. The record reader has checked them, so walking cannot fail.
class header_range {
  public:
    class iterator {
      public:
        using value_type = record_header;
        using difference_type = std::ptrdiff_t;

        iterator() = default;
        iterator(const std::byte* at, std::int32_t left) : at_(at), left_(left) {}

        [[nodiscard]] record_header operator*() const;
        iterator& operator++();
        iterator operator++(int) {
            const iterator before = *this;
            ++*this;
            return before;
        }
        bool operator==(const iterator& other) const { return left_ == other.left_; }

      private:
        const std::byte* at_ = nullptr;
        std::int32_t left_ = 0;
    };

    header_range() = default;
    /// Requires: `count` well-formed headers at `first`.
    header_range(const std::byte* first, std::int32_t count) : first_(first), count_(count) {}

    [[nodiscard]] iterator begin() const { return {first_, count_}; }
    [[nodiscard]] iterator end() const { return {nullptr, 0}; }
    [[nodiscard]] std::int32_t size() const { return count_; }
    [[nodiscard]] bool empty() const { return count_ == 0; }

  private:
    const std::byte* first_ = nullptr;
    std::int32_t count_ = 0;
};

struct record_view {
    std::int8_t attributes = 0;  ///< Unused by Kafka so far.
    std::int64_t timestamp_delta = 0;
    std::int32_t offset_delta = 0;
    nullable_bytes key;
    nullable_bytes value;
    header_range headers;
    std::size_t size = 0;  ///< Of the encoded record, its length field included.

    [[nodiscard]] offset offset_in(const batch_header& batch) const {
        return offset(wrapping_sum(batch.base_offset.value(), offset_delta));
    }
    /// The append time if the batch carries one, else the time that the producer gave; -1 for none.
    [[nodiscard]] timestamp timestamp_in(const batch_header& batch) const {
        if (batch.attributes.timestamps() == timestamp_type::log_append_time)
            return batch.max_timestamp;
        return timestamp(wrapping_sum(batch.base_timestamp.value(), timestamp_delta));
    }
};

/// Walks the records of a batch once they are uncompressed.
///
///     record_reader records(payload, header.record_count);
///     while (!records.done()) {
///         const auto record = records.next();
///         if (!record) ...
///     }
class record_reader {
  public:
    record_reader(std::span<const std::byte> payload, std::int32_t count)
        : at_(payload.data()), end_(payload.data() + payload.size()), left_(count) {}

    [[nodiscard]] bool done() const { return left_ <= 0; }
    [[nodiscard]] std::int32_t left() const { return left_; }
    /// Requires: !done(). An error ends the walk. The last record must end where the payload does:
    /// anything else, or too few records, is an error of its own here.
    [[nodiscard]] std::expected<record_view, errc> next();

  private:
    const std::byte* at_;
    const std::byte* end_;
    std::int32_t left_;
};

/// The uncompressed records of `batch`: its own bytes if it is not compressed, otherwise `scratch`,
/// which is cleared first and holds them until it is used again. Never makes more than `limit`
/// bytes.
[[nodiscard]] std::expected<std::span<const std::byte>, errc> uncompressed_payload(
    const batch_view& batch, compression& codecs, std::size_t limit, byte_buffer& scratch);

}  // namespace verdikt::kafka::records
