/// When a segment's records are from: for a moment, an offset to start looking at.
///
/// On disk (`.timeindex`): entries of 12 bytes, i64 timestamp, u32 offset relative to the segment's
/// base. An entry (t, o) says: no record before `o` has timestamp t or later. When a segment is
/// sealed, its largest timestamp gets an entry, so the last one tells how old the segment is.
///
/// Pure. Invariants: timestamps rise strictly, offsets never fall.
#pragma once

#include "kafka/types.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace verdikt::broker::storage {

class time_index {
  public:
    struct entry {
        kafka::timestamp time;
        std::uint32_t relative_offset;

        bool operator==(const entry&) const = default;
    };
    static constexpr std::size_t entry_size = 12;

    explicit time_index(kafka::offset base) : base_(base) {}

    /// Nothing if the bytes are no time index. Zeros at the end are ignored.
    [[nodiscard]] static std::optional<time_index> decode(kafka::offset base,
                                                          std::span<const std::byte> bytes);
    [[nodiscard]] std::vector<std::byte> encode() const;

    /// Does nothing unless `time` is later than all before it. `offset` is that of the first batch
    /// with that timestamp: its first offset, so that no record of it lies before.
    void append_if_later(kafka::timestamp time, kafka::offset offset);

    /// No record before it is as late as `time`; the base if nothing better is known.
    [[nodiscard]] kafka::offset first_offset_that_may_reach(kafka::timestamp time) const;

    /// Forgets entries at and above `offset`.
    void truncate_to(kafka::offset offset);

    [[nodiscard]] const std::vector<entry>& entries() const { return entries_; }
    [[nodiscard]] kafka::offset base() const { return base_; }
    [[nodiscard]] kafka::offset offset_of(const entry& which) const;
    [[nodiscard]] std::size_t size_bytes() const { return entries_.size() * entry_size; }
    void check_invariants() const;

    bool operator==(const time_index&) const = default;

  private:
    kafka::offset base_;
    std::vector<entry> entries_;
};

}  // namespace verdikt::broker::storage
