/// Which keys are used at the moment, and which values they were given.
///
/// As many keys as a topic has partitions are in use at a time, each in a slot. One that was given
/// `writes_max` values makes room for the next of its slot, a partition of the next topic, as soon
/// as there is one; until then it goes on.
///
/// Pure. Invariant: each slot's key is one that there is; no value is given to a key twice.
#pragma once

#include "runtime/random.h"
#include "workloads/load_options.h"

#include <cstdint>
#include <vector>

namespace verdikt::workloads {

class key_board {
  public:
    /// Begins with one key a slot. Requires: `slots` > 0, `writes_max` > 0.
    key_board(std::int32_t slots, std::int64_t writes_max);

    /// All that there ever were: 0, 1, … up to that.
    [[nodiscard]] std::int32_t keys() const { return static_cast<std::int32_t>(given_.size()); }
    [[nodiscard]] std::int32_t key_in(std::int32_t slot) const {
        return current_[static_cast<std::size_t>(slot)];
    }
    /// Up to `count` of the keys in use, none twice.
    [[nodiscard]] std::vector<std::int32_t> draw(std::int64_t count,
                                                 const load_options& load,
                                                 runtime::random_source& random) const;
    /// 0, 1, … of each key.
    [[nodiscard]] std::int64_t next_value(std::int32_t key);

    /// The last key of some slot will soon have had its share.
    [[nodiscard]] bool wants_more() const;
    /// One more for each slot.
    void add_keys();

    void check_invariants() const;

  private:
    [[nodiscard]] std::int32_t slots() const { return static_cast<std::int32_t>(current_.size()); }
    void move_on(std::int32_t slot);

    std::int64_t writes_max_;
    std::vector<std::int32_t> current_;  ///< By slot.
    std::vector<std::int64_t> given_;    ///< By key: how many values.
};

}  // namespace verdikt::workloads
