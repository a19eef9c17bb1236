/// The aborted transactions that ended in a segment, for consumers that read committed data only.
///
/// On disk (`.txnindex`, absent while empty): entries of 34 bytes, i16 version 0, i64 producer, i64
/// first offset, i64 offset of the marker, i64 last stable offset when the marker was written.
///
/// Pure. Invariants: marker offsets rise; first <= marker.
#pragma once

#include "kafka/types.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace verdikt::broker::storage {

class transaction_index {
  public:
    struct entry {
        kafka::producer_id producer;
        kafka::offset first_offset;
        kafka::offset marker_offset;
        /// Transactions that end later than this marker start at or above it.
        kafka::offset last_stable_offset;

        bool operator==(const entry&) const = default;
    };
    static constexpr std::size_t entry_size = 34;

    /// Nothing if the bytes are no transaction index.
    [[nodiscard]] static std::optional<transaction_index> decode(std::span<const std::byte> bytes);
    [[nodiscard]] std::vector<std::byte> encode() const;

    /// Requires: a marker beyond the last one.
    void append(const entry& aborted);

    /// Adds to `found` what overlaps [from, end). False once no later segment can hold more.
    bool collect(kafka::offset from, kafka::offset end, std::vector<entry>& found) const;

    /// Forgets markers at and above `offset`.
    void truncate_to(kafka::offset offset);

    [[nodiscard]] const std::vector<entry>& entries() const { return entries_; }
    [[nodiscard]] bool empty() const { return entries_.empty(); }
    void check_invariants() const;

    bool operator==(const transaction_index&) const = default;

  private:
    std::vector<entry> entries_;
};

}  // namespace verdikt::broker::storage
