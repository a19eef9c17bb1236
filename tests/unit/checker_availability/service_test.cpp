/// One service, watched in one pass, against the plainest reading of what an outage is.
#include "checker/availability/service.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <limits>
#include <tuple>
#include <vector>

namespace verdikt::checker::availability {

namespace {

using times = std::vector<std::int64_t>;

constexpr std::int64_t ms = 1'000'000;
constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

struct request {
    std::int64_t begin = 0;
    std::int64_t end = never;
    answer how = answer::success;

    [[nodiscard]] bool open_at(std::int64_t time) const { return begin < time && time < end; }
};
using requests = std::vector<request>;

/// Everything that takes place by then is told in its order.
service watched(const requests& all, const times& moments, std::int64_t until) {
    service_watch watch("send", moments);
    std::vector<std::pair<std::int64_t, const request*>> events;
    for (const request& one : all) {
        events.emplace_back(one.begin, &one);
        if (one.end != never) events.emplace_back(one.end, &one);
    }
    std::ranges::sort(events);
    for (const auto& [at, one] : events) {
        if (at == one->begin) {
            watch.begin(at);
        } else {
            watch.end(one->begin, at, one->how);
        }
    }
    return watch.finish(until);
}

/// When it was asked for, from and to.
std::vector<std::pair<std::int64_t, std::int64_t>> stretches(requests all, std::int64_t until) {
    std::ranges::sort(all, {}, &request::begin);
    std::vector<std::pair<std::int64_t, std::int64_t>> found;
    for (const request& one : all) {
        const std::int64_t end = std::min(one.end, until);
        if (found.empty() || one.begin - found.back().second > quiet_max) {
            found.emplace_back(one.begin, end);
        } else {
            found.back().second = std::max(found.back().second, end);
        }
    }
    return found;
}

/// From a success on (or where it all begins), when there was somebody whom nobody had answered.
std::int64_t first_unanswered(const requests& all, std::int64_t from, bool begins) {
    std::int64_t first = never;
    for (const request& one : all) {
        if (!begins && one.open_at(from)) return from;
        if (one.begin > from || (begins && one.begin == from)) first = std::min(first, one.begin);
    }
    return first;
}

std::vector<outage> outages_of(const requests& all, std::int64_t until) {
    std::vector<outage> found;
    for (const auto& [begin, end] : stretches(all, until)) {
        times ends;
        for (const request& one : all) {
            if (one.how == answer::success && one.end <= end && one.end > begin) {
                ends.push_back(one.end);
            }
        }
        std::ranges::sort(ends);
        std::int64_t from = begin;
        bool begins = true;
        for (const std::int64_t each : ends) {
            found.push_back({first_unanswered(all, from, begins), each, true});
            from = each;
            begins = false;
        }
        const std::int64_t since = first_unanswered(all, from, begins);
        const bool refused = std::ranges::any_of(all, [&](const request& one) {
            const bool here = one.end > since && one.end <= end && one.how == answer::refusal;
            return here || (one.end == never && end == until);
        });
        if (since <= end && refused) found.push_back({since, end, false});
    }
    std::erase_if(found, [](const outage& one) { return one.length() < outage_min; });
    return found;
}

std::optional<delay> waited_from(const requests& all, std::int64_t moment, std::int64_t until) {
    std::int64_t asked = never;
    std::int64_t answered = never;
    std::int64_t last = 0;
    for (const request& one : all) {
        if (one.open_at(moment)) asked = std::min(asked, moment);
        if (one.begin >= moment) asked = std::min(asked, one.begin);
        if (one.begin >= moment && one.how == answer::success) {
            answered = std::min(answered, one.end);
        }
        last = std::max(last, std::min(one.end, until));
    }
    if (asked == never) return std::nullopt;
    if (answered != never) return delay{.length = answered - asked};
    const bool refused = std::ranges::any_of(all, [asked](const request& one) {
        return one.end == never || (one.how == answer::refusal && one.end >= asked);
    });
    return refused ? std::optional(delay{.never = true, .length = last - asked}) : std::nullopt;
}

requests drawn(const std::vector<std::tuple<std::uint8_t, std::uint8_t, std::uint8_t>>& from) {
    requests all;
    for (std::size_t at = 0; at < from.size(); ++at) {
        const auto& [begin, length, how] = from[at];
        // No two things at one time, but for moments.
        const std::int64_t apart = static_cast<std::int64_t>(at) * 2;
        request one{.begin = 100 * ms * begin + apart};
        one.end = one.begin + 100 * ms * (length % 16) + 1;
        if (how % 8 < 3) one.how = answer::refusal;
        if (how % 8 == 3) one.how = answer::nothing;
        if (how == 255) one = {.begin = one.begin, .how = answer::refusal};
        all.push_back(one);
    }
    return all;
}

}  // namespace

TEST(a_service, is_measured_as_the_plainest_reading_measures_it) {
    const bool held = rc::check([] {
        const auto all =
            drawn(*rc::gen::arbitrary<
                  std::vector<std::tuple<std::uint8_t, std::uint8_t, std::uint8_t>>>());
        times moments;
        for (const std::uint8_t each : *rc::gen::arbitrary<std::vector<std::uint8_t>>()) {
            moments.push_back(100 * ms * each);
        }
        std::ranges::sort(moments);
        constexpr std::int64_t until = 30'000 * ms;
        const service seen = watched(all, moments, until);

        std::int64_t asked_for = 0;
        for (const auto& [begin, end] : stretches(all, until)) asked_for += end - begin;
        RC_ASSERT(seen.asked_for == asked_for);
        const std::vector<outage> outages = outages_of(all, until);
        RC_ASSERT(seen.outages == outages.size());
        std::int64_t out = 0;
        std::int64_t longest = 0;
        for (const outage& one : outages) {
            out += one.length();
            longest = std::max(longest, one.length());
        }
        RC_ASSERT(seen.out == out);
        RC_ASSERT((seen.longest ? seen.longest->length() : 0) == longest);
        for (std::size_t at = 0; at < moments.size(); ++at) {
            RC_ASSERT(seen.from_moments[at] == waited_from(all, moments[at], until));
        }
    });
    EXPECT_TRUE(held);
}

TEST(a_service, that_nobody_asks_for_is_available) {
    const times moments{5};
    const service seen = watched({}, moments, 100);
    EXPECT_EQ(seen.share_available(), 1);
    EXPECT_FALSE(seen.longest);
    EXPECT_EQ(seen.from_moments, std::vector{std::optional<delay>()});
}

TEST(a_service, is_out_from_the_first_that_nobody_answers_to_the_next_that_somebody_does) {
    const requests all{{0, 10 * ms, answer::success},
                       {100 * ms, 600 * ms, answer::refusal},
                       {900 * ms, 1100 * ms, answer::success}};
    const service seen = watched(all, {}, 2000 * ms);
    ASSERT_TRUE(seen.longest);
    EXPECT_EQ(*seen.longest, (outage{100 * ms, 1100 * ms, true}));
    EXPECT_EQ(seen.outages, 1U);
    EXPECT_EQ(seen.asked_for, 1100 * ms);
    EXPECT_NEAR(seen.share_available(), 1.0 / 11, 1e-9);
}

TEST(a_service, is_not_out_while_nobody_asks) {
    const requests all{{0, 10 * ms, answer::success}, {5000 * ms, 5010 * ms, answer::success}};
    const service seen = watched(all, {}, 6000 * ms);
    EXPECT_FALSE(seen.longest);
    EXPECT_EQ(seen.asked_for, 20 * ms);
}

TEST(a_service, that_is_never_answered_again_is_out_to_the_end) {
    const requests all{{0, 10 * ms, answer::success}, {20 * ms, never, answer::refusal}};
    const times moments{15 * ms};
    const service seen = watched(all, moments, 3000 * ms);
    ASSERT_TRUE(seen.longest);
    EXPECT_EQ(*seen.longest, (outage{20 * ms, 3000 * ms, false}));
    EXPECT_EQ(seen.from_moments.at(0), (delay{.never = true, .length = 2980 * ms}));
}

TEST(a_service, has_recovered_with_what_began_after_the_heal_not_with_what_ended_after_it) {
    const requests all{{0, 1500 * ms, answer::success}, {1600 * ms, 1700 * ms, answer::success}};
    const times moments{1000 * ms};
    const service seen = watched(all, moments, 3000 * ms);
    EXPECT_EQ(seen.from_moments.at(0), (delay{.length = 700 * ms}));
}

TEST(delays, that_never_ended_are_longer_than_any_that_did) {
    EXPECT_LT((delay{.length = 9000}), (delay{.never = true, .length = 10}));
    EXPECT_LT((delay{.never = true, .length = 10}), (delay{.never = true, .length = 11}));
}

}  // namespace verdikt::checker::availability
