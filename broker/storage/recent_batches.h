/// Where the last batches of the active segment are, so that reads near the tail and cuts at the
/// high watermark need no disk.
///
/// Pure. A ring that grows to `batches_max` and then forgets the oldest. Invariants: the batches
/// are consecutive in the file; offsets and positions rise.
#pragma once

#include "kafka/types.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace verdikt::broker::storage {

struct batch_place {
    kafka::offset base_offset;
    kafka::offset last_offset;
    std::uint64_t position = 0;
    std::uint64_t size = 0;

    [[nodiscard]] std::uint64_t end() const { return position + size; }
    bool operator==(const batch_place&) const = default;
};

class recent_batches {
  public:
    static constexpr std::size_t batches_max = 256;

    /// Requires: right behind the last one.
    void add(const batch_place& batch);
    void clear();
    /// Forgets batches that end at or above `offset`.
    void truncate_to(kafka::offset offset);

    /// The first batch whose last offset is at least `offset`. Nothing if it may lie before what is
    /// remembered, or comes after it.
    [[nodiscard]] std::optional<batch_place> find(kafka::offset offset) const;

    [[nodiscard]] std::size_t size() const { return count_; }
    void check_invariants() const;

  private:
    [[nodiscard]] const batch_place& at(std::size_t which) const {
        return ring_[(oldest_ + which) % batches_max];
    }

    std::vector<batch_place> ring_;
    std::size_t oldest_ = 0;
    std::size_t count_ = 0;
};

}  // namespace verdikt::broker::storage
