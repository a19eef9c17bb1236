#include "tests/unit/transactions/struggle.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace verdikt::broker::coordinator::transactions {
namespace {

void play(protocol spoken) {
    int commits = 0;
    int moves = 0;
    for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        struggle clients(seed, spoken);
        for (int left = 1'500; left > 0 && !testing::Test::HasFailure(); --left) clients.step();
        clients.end();
        commits += clients.commits_told();
        moves += clients.moves();
        ASSERT_FALSE(testing::Test::HasFailure());
    }
    EXPECT_GT(commits, 3'000) << "the struggle was too wild for anything to get done";
    EXPECT_GT(moves, 2'000);
}

TEST(transaction_property, a_transaction_has_one_outcome_under_the_first_protocol) {
    play(protocol::initial);
}

TEST(transaction_property, a_transaction_has_one_outcome_with_an_epoch_of_its_own) {
    play(protocol::epoch_bump);
}

}  // namespace
}  // namespace verdikt::broker::coordinator::transactions
