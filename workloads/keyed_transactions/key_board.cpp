#include "workloads/keyed_transactions/key_board.h"

#include "runtime/check.h"
#include "workloads/draws.h"

#include <algorithm>

namespace verdikt::workloads {

key_board::key_board(std::int32_t slots, std::int64_t writes_max) : writes_max_(writes_max) {
    CHECK(slots > 0 && writes_max > 0);
    for (std::int32_t each = 0; each < slots; ++each) current_.push_back(each);
    add_keys();
}

std::vector<std::int32_t> key_board::draw(std::int64_t count,
                                          const load_options& load,
                                          runtime::random_source& random) const {
    std::vector<std::int32_t> drawn;
    for (std::int64_t each = 0; each < count; ++each) {
        const std::int32_t key = key_in(draw_one_of(slots(), load, random));
        if (std::ranges::find(drawn, key) == drawn.end()) drawn.push_back(key);
    }
    return drawn;
}

std::int64_t key_board::next_value(std::int32_t key) {
    const std::int64_t value = given_[static_cast<std::size_t>(key)]++;
    move_on(key % slots());
    return value;
}

void key_board::move_on(std::int32_t slot) {
    std::int32_t& key = current_[static_cast<std::size_t>(slot)];
    const bool full = given_[static_cast<std::size_t>(key)] >= writes_max_;
    if (full && key + slots() < keys()) key += slots();
}

bool key_board::wants_more() const {
    return std::ranges::any_of(current_, [this](std::int32_t key) {
        const bool last = key + slots() >= keys();
        return last && given_[static_cast<std::size_t>(key)] >= writes_max_ / 2;
    });
}

void key_board::add_keys() {
    given_.resize(given_.size() + current_.size());
    for (std::int32_t slot = 0; slot < slots(); ++slot) move_on(slot);
}

void key_board::check_invariants() const {
    CHECK(given_.size() % current_.size() == 0);
    for (std::int32_t slot = 0; slot < slots(); ++slot) {
        const std::int32_t key = key_in(slot);
        CHECK(key % slots() == slot && key < keys());
        for (std::int32_t later = key + slots(); later < keys(); later += slots()) {
            CHECK(given_[static_cast<std::size_t>(later)] == 0);
        }
    }
}

}  // namespace verdikt::workloads
