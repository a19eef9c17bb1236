#include "runtime/random.h"

#include "tests/unit/runtime/bench.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace verdikt::runtime {
namespace {

class chance : public world_test {};
INSTANTIATE_TEST_SUITE_P(each_world, chance, testing::ValuesIn(worlds()), name_of_world);

TEST_P(chance, a_world_s_source_yields_different_numbers) {
    std::set<std::uint64_t> drawn;
    for (int count = 0; count < 100; ++count) drawn.insert(world().random().next());
    EXPECT_EQ(drawn.size(), 100U);
}

// Vectors of xoshiro256** seeded by splitmix64(0), from the authors' reference programs.
TEST(random_source_test, answers_are_those_of_the_published_algorithm) {
    random_source random(0);
    EXPECT_EQ(random.next(), 0x99ec5f36cb75f2b4ULL);
    EXPECT_EQ(random.next(), 0xbf6e1f784956452aULL);
    EXPECT_EQ(random.next(), 0x1a5f849d4933e6e0ULL);
}

TEST(random_source_test, below_stays_below_and_reaches_every_value) {
    random_source random(7);
    std::set<std::uint64_t> seen;
    for (int count = 0; count < 1000; ++count) seen.insert(random.below(10));
    EXPECT_EQ(seen.size(), 10U);
    EXPECT_LT(*seen.rbegin(), 10U);
}

TEST(random_source_test, between_includes_both_ends_and_takes_the_whole_range) {
    random_source random(7);
    std::set<std::int64_t> seen;
    for (int count = 0; count < 1000; ++count) seen.insert(random.between(-2, 2));
    EXPECT_EQ(seen, (std::set<std::int64_t>{-2, -1, 0, 1, 2}));
    const std::int64_t any = random.between(INT64_MIN, INT64_MAX);
    EXPECT_NE(any, random.between(INT64_MIN, INT64_MAX));
}

TEST(random_source_test, chances_come_true_about_as_often_as_they_should) {
    random_source random(7);
    const auto often = [&random](double probability) {
        int hits = 0;
        for (int count = 0; count < 10000; ++count) hits += random.chance(probability) ? 1 : 0;
        return hits;
    };
    EXPECT_EQ(often(0.0), 0);
    EXPECT_EQ(often(1.0), 10000);
    EXPECT_NEAR(often(0.25), 2500, 200);
}

TEST(random_source_test, a_fork_has_its_own_stream) {
    random_source parent(7);
    random_source twin(7);
    random_source child = parent.fork();
    static_cast<void>(twin.fork());
    for (int count = 0; count < 10; ++count) static_cast<void>(child.next());
    EXPECT_EQ(parent.next(), twin.next());
    EXPECT_NE(child.next(), parent.next());
}

TEST(random_source_test, shuffle_keeps_the_items_and_depends_on_the_seed_alone) {
    std::vector<int> first(50);
    std::iota(first.begin(), first.end(), 0);
    std::vector<int> second = first;
    const std::vector<int> sorted = first;
    random_source one(3);
    random_source two(3);
    one.shuffle(std::span(first));
    two.shuffle(std::span(second));
    EXPECT_EQ(first, second);
    EXPECT_NE(first, sorted);
    std::ranges::sort(first);
    EXPECT_EQ(first, sorted);
}

TEST(random_source_test, fill_covers_lengths_that_are_no_multiple_of_a_word) {
    random_source one(3);
    random_source two(3);
    std::array<std::byte, 13> bytes{};
    one.fill(bytes);
    const std::uint64_t low = two.next();
    const std::uint64_t high = two.next();
    EXPECT_EQ(std::memcmp(bytes.data(), &low, 8), 0);
    EXPECT_EQ(std::memcmp(bytes.data() + 8, &high, 5), 0);
}

}  // namespace
}  // namespace verdikt::runtime
