/// Who wrote each value of a history.
#pragma once

#include "checker/transactions/recording.h"

#include <cstdint>
#include <vector>

namespace verdikt::checker::transactions {

class writers {
  public:
    explicit writers(const recording& history);

    /// The row that wrote it; `none` where nobody did, or several did.
    [[nodiscard]] std::uint32_t of(std::uint32_t value) const { return writer_[value]; }
    /// Nobody wrote it: it is read out of nothing.
    [[nodiscard]] bool nobody(std::uint32_t value) const {
        return writer_[value] == none && !twice_[value];
    }
    /// Its writer wrote another one of that key after it.
    [[nodiscard]] bool intermediate(std::uint32_t value) const { return intermediate_[value]; }
    /// Values that were written more than once. Nothing follows from reading one of them.
    [[nodiscard]] std::uint64_t ambiguous() const { return ambiguous_; }

  private:
    void add(std::uint32_t value, std::uint32_t row);

    std::vector<std::uint32_t> writer_;
    std::vector<bool> twice_;
    std::vector<bool> intermediate_;
    std::uint64_t ambiguous_ = 0;
};

/// Something remembered for each key while one row is looked at, and forgotten with it, in time
/// that does not grow with the keys.
template <typename Value>
class per_key {
  public:
    explicit per_key(std::size_t keys) : slots_(keys) {}

    void next_row() { ++row_; }
    /// Null if nothing was set since the row began.
    [[nodiscard]] Value* find(std::uint32_t key) {
        return slots_[key].row == row_ ? &slots_[key].value : nullptr;
    }
    void set(std::uint32_t key, Value value) { slots_[key] = {row_, value}; }

  private:
    struct slot {
        std::uint64_t row = 0;
        Value value;
    };
    std::vector<slot> slots_;
    std::uint64_t row_ = 1;
};

}  // namespace verdikt::checker::transactions
