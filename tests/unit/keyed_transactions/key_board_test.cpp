#include "workloads/keyed_transactions/key_board.h"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <set>

namespace verdikt::workloads {
namespace {

void use_up(key_board& board, std::int32_t key, std::int64_t writes) {
    for (std::int64_t each = 0; each < writes; ++each) static_cast<void>(board.next_value(key));
    board.check_invariants();
}

TEST(key_board, gives_each_key_its_own_values_none_twice) {
    key_board board(3, 100);
    EXPECT_EQ(board.next_value(0), 0);
    EXPECT_EQ(board.next_value(0), 1);
    EXPECT_EQ(board.next_value(2), 0);
    EXPECT_EQ(board.keys(), 3);
}

TEST(key_board, puts_the_next_key_in_place_of_one_that_has_had_its_share) {
    key_board board(2, 10);
    board.add_keys();
    use_up(board, 1, 9);
    EXPECT_EQ(board.key_in(1), 1);
    use_up(board, 1, 1);
    EXPECT_EQ(board.key_in(1), 3);
    EXPECT_EQ(board.key_in(0), 0);
    EXPECT_EQ(board.next_value(3), 0);
}

TEST(key_board, goes_on_with_a_key_until_there_is_another) {
    key_board board(2, 10);
    use_up(board, 0, 25);
    EXPECT_EQ(board.key_in(0), 0);
    EXPECT_EQ(board.next_value(0), 25);
    board.add_keys();
    board.check_invariants();
    EXPECT_EQ(board.key_in(0), 2);
    EXPECT_EQ(board.key_in(1), 1);
}

TEST(key_board, wants_more_keys_before_the_last_ones_are_used_up) {
    key_board board(2, 10);
    EXPECT_FALSE(board.wants_more());
    use_up(board, 1, 5);
    EXPECT_TRUE(board.wants_more());
    board.add_keys();
    EXPECT_FALSE(board.wants_more());
}

TEST(key_board, without_a_limit_never_does) {
    key_board board(1, std::numeric_limits<std::int64_t>::max());
    use_up(board, 0, 10'000);
    EXPECT_FALSE(board.wants_more());
}

TEST(key_board, draws_keys_in_use_none_twice_in_one_draw) {
    key_board board(4, 10);
    board.add_keys();
    use_up(board, 2, 10);
    runtime::random_source random(1);
    load_options load;
    std::map<std::int32_t, int> drawn;
    for (int each = 0; each < 1000; ++each) {
        load.key_distribution = each % 2 == 0 ? "uniform" : "exponential";
        const auto keys = board.draw(4, load, random);
        EXPECT_EQ(std::set(keys.begin(), keys.end()).size(), keys.size());
        for (const std::int32_t key : keys) ++drawn[key];
    }
    EXPECT_EQ(drawn.size(), 4U);
    EXPECT_FALSE(drawn.contains(2));
    EXPECT_GT(drawn[0], drawn[3]);
}

}  // namespace
}  // namespace verdikt::workloads
