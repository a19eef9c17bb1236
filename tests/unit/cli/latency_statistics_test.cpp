#include "cli/latency_statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "runtime/random.h"

namespace verdikt::cli {
namespace {

TEST(latency_statistics, percentiles_are_within_two_percent_of_the_sorted_values) {
    runtime::random_source random(7);
    latency_statistics statistics;
    std::vector<double> values;
    for (int count = 0; count < 20'000; ++count) {
        const auto microseconds = static_cast<std::int64_t>(random.below(1U << random.below(30)));
        statistics.add(std::chrono::microseconds(microseconds));
        values.push_back(static_cast<double>(microseconds) / 1000);
    }
    std::ranges::sort(values);
    for (const double fraction : {0.01, 0.5, 0.95, 0.99, 0.999, 1.0}) {
        const double exact = values[static_cast<std::size_t>(fraction * 20'000) - 1];
        EXPECT_NEAR(statistics.percentile_ms(fraction), exact, exact * 0.02 + 0.001) << fraction;
    }
    EXPECT_DOUBLE_EQ(statistics.max_ms(), values.back());
}

TEST(latency_statistics, nothing_added_is_all_zero) {
    const latency_statistics statistics;
    EXPECT_EQ(statistics.count(), 0U);
    EXPECT_EQ(statistics.average_ms(), 0);
    EXPECT_EQ(statistics.percentile_ms(0.99), 0);
}

TEST(latency_statistics, a_clock_that_went_back_counts_as_no_time) {
    latency_statistics statistics;
    statistics.add(std::chrono::milliseconds(-5));
    EXPECT_EQ(statistics.max_ms(), 0);
    EXPECT_EQ(statistics.count(), 1U);
}

}  // namespace
}  // namespace verdikt::cli
