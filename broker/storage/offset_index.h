/// Where in a segment an offset is: a sparse, sorted table, one entry each `index.interval.bytes`.
///
/// On disk (`.index`): entries of 8 bytes, u32 offset relative to the segment's base, u32 position.
/// An entry names the last offset of a batch and where that batch starts. There is no checksum, so
/// `decode` looks at the order, and after an unclean start the table is built anew.
///
/// Pure. Invariants: offsets and positions rise strictly.
#pragma once

#include "kafka/types.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace verdikt::broker::storage {

class offset_index {
  public:
    struct entry {
        std::uint32_t relative_offset;
        std::uint32_t position;

        bool operator==(const entry&) const = default;
    };
    static constexpr std::size_t entry_size = 8;

    explicit offset_index(kafka::offset base) : base_(base) {}

    /// Nothing if the bytes are no index of a segment of `log_size` bytes. Zeros at the end, which
    /// Kafka leaves where it preallocated, are ignored.
    [[nodiscard]] static std::optional<offset_index> decode(kafka::offset base,
                                                            std::span<const std::byte> bytes,
                                                            std::uint64_t log_size);
    [[nodiscard]] std::vector<std::byte> encode() const;

    /// Requires: beyond the last entry in both; both fit 32 bits.
    void append(kafka::offset last_offset, std::uint64_t position);

    /// Start of a batch at or before the one that holds `offset`: scan on from there.
    [[nodiscard]] std::uint64_t position_before(kafka::offset offset) const;

    /// Forgets entries at and above `offset`.
    void truncate_to(kafka::offset offset);

    [[nodiscard]] const std::vector<entry>& entries() const { return entries_; }
    [[nodiscard]] kafka::offset base() const { return base_; }
    [[nodiscard]] std::size_t size_bytes() const { return entries_.size() * entry_size; }
    void check_invariants() const;

    bool operator==(const offset_index&) const = default;

  private:
    kafka::offset base_;
    std::vector<entry> entries_;
};

}  // namespace verdikt::broker::storage
