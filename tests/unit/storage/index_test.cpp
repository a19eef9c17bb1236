#include "broker/storage/offset_index.h"
#include "broker/storage/recent_batches.h"
#include "broker/storage/time_index.h"
#include "broker/storage/transaction_index.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <vector>

namespace verdikt::broker::storage {
namespace {

using kafka::offset;
using kafka::timestamp;

std::vector<std::byte> bytes(std::initializer_list<int> values) {
    std::vector<std::byte> made;
    for (const int value : values) made.push_back(static_cast<std::byte>(value));
    return made;
}

TEST(offset_index, has_kafkas_format) {
    offset_index index(offset(1000));
    index.append(offset(1001), 17);
    index.append(offset(1258), 0x01020304);
    EXPECT_EQ(index.encode(), bytes({0, 0, 0, 1, 0, 0, 0, 17, 0, 0, 1, 2, 1, 2, 3, 4}));
    EXPECT_EQ(offset_index::decode(offset(1000), index.encode(), 1 << 30), index);
}

TEST(offset_index, ignores_the_zeros_of_a_preallocated_file) {
    offset_index index(offset(0));
    index.append(offset(3), 9);
    std::vector<std::byte> file = index.encode();
    file.resize(file.size() + 64);
    EXPECT_EQ(offset_index::decode(offset(0), file, 100), index);
}

TEST(offset_index, is_not_believed_where_it_contradicts_the_log_or_itself) {
    EXPECT_FALSE(offset_index::decode(offset(0), bytes({0, 0, 0}), 100));
    EXPECT_FALSE(offset_index::decode(offset(0), bytes({0, 0, 0, 1, 0, 0, 0, 200}), 100));
    EXPECT_FALSE(offset_index::decode(
        offset(0), bytes({0, 0, 0, 2, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 10}), 100));
    EXPECT_FALSE(offset_index::decode(
        offset(0), bytes({0, 0, 0, 2, 0, 0, 0, 9, 0, 0, 0, 3, 0, 0, 0, 9}), 100));
}

TEST(offset_index, finds_what_a_naive_search_finds) {
    const bool holds = rc::check([](const std::vector<std::uint8_t>& steps, std::uint16_t sought) {
        offset_index index(offset(500));
        std::vector<std::pair<offset, std::uint64_t>> entries;
        offset at(500);
        std::uint64_t position = 0;
        for (const std::uint8_t step : steps) {
            at = at + (step + 1);
            position += step * 3 + 1;
            index.append(at, position);
            entries.emplace_back(at, position);
        }
        index.check_invariants();
        const offset wanted = offset(400) + sought % 1000;
        std::uint64_t expected = 0;
        for (const auto& [entry_offset, entry_position] : entries) {
            if (entry_offset <= wanted) expected = entry_position;
        }
        RC_ASSERT(index.position_before(wanted) == expected);
        index.truncate_to(wanted);
        index.check_invariants();
        const auto left =
            std::ranges::count_if(entries, [&](const auto& entry) { return entry.first < wanted; });
        RC_ASSERT(index.entries().size() == static_cast<std::size_t>(left));
    });
    EXPECT_TRUE(holds);
}

TEST(offset_index, decoding_any_bytes_never_fails_a_check) {
    const bool holds = rc::check([](const std::vector<std::uint8_t>& raw) {
        std::vector<std::byte> file(raw.size());
        std::ranges::transform(raw, file.begin(), [](auto b) { return std::byte(b); });
        if (const auto index = offset_index::decode(offset(0), file, 1000)) {
            index->check_invariants();
        }
        if (const auto index = time_index::decode(offset(0), file)) index->check_invariants();
        if (const auto index = transaction_index::decode(file)) index->check_invariants();
    });
    EXPECT_TRUE(holds);
}

TEST(time_index, has_kafkas_format) {
    time_index index(offset(1000));
    index.append_if_later(timestamp(0x0102030405060708), offset(1005));
    EXPECT_EQ(index.encode(), bytes({1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 5}));
    EXPECT_EQ(time_index::decode(offset(1000), index.encode()), index);
}

TEST(time_index, keeps_only_what_is_later_than_all_before) {
    time_index index(offset(0));
    index.append_if_later(kafka::no_timestamp, offset(1));
    index.append_if_later(timestamp(10), offset(2));
    index.append_if_later(timestamp(10), offset(3));
    index.append_if_later(timestamp(9), offset(4));
    index.append_if_later(timestamp(11), offset(5));
    ASSERT_EQ(index.entries().size(), 2U);
    EXPECT_EQ(index.first_offset_that_may_reach(timestamp(9)), offset(0));
    EXPECT_EQ(index.first_offset_that_may_reach(timestamp(10)), offset(2));
    EXPECT_EQ(index.first_offset_that_may_reach(timestamp(12)), offset(5));
    index.truncate_to(offset(5));
    EXPECT_EQ(index.first_offset_that_may_reach(timestamp(12)), offset(2));
}

TEST(time_index, never_points_beyond_the_first_record_that_is_late_enough) {
    const bool holds = rc::check([](const std::vector<std::uint8_t>& times, std::uint8_t wanted) {
        time_index index(offset(0));
        for (std::size_t at = 0; at < times.size(); ++at) {
            index.append_if_later(timestamp(times[at]), offset(static_cast<std::int64_t>(at)));
        }
        index.check_invariants();
        const auto first = std::ranges::find_if(times, [&](auto time) { return time >= wanted; });
        const offset start = index.first_offset_that_may_reach(timestamp(wanted));
        RC_ASSERT(start <= offset(first - times.begin()));
    });
    EXPECT_TRUE(holds);
}

TEST(transaction_index, has_kafkas_format) {
    transaction_index index;
    index.append({.producer = kafka::producer_id(1),
                  .first_offset = offset(2),
                  .marker_offset = offset(3),
                  .last_stable_offset = offset(4)});
    const std::vector<std::byte> file = index.encode();
    EXPECT_EQ(file, bytes({0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
                           2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 4}));
    EXPECT_EQ(transaction_index::decode(file), index);
}

TEST(transaction_index, collects_what_overlaps_and_knows_when_nothing_more_can) {
    transaction_index index;
    const auto aborted = [](int first, int marker, int stable) {
        return transaction_index::entry{.producer = kafka::producer_id(first),
                                        .first_offset = offset(first),
                                        .marker_offset = offset(marker),
                                        .last_stable_offset = offset(stable)};
    };
    index.append(aborted(0, 5, 6));
    index.append(aborted(7, 12, 10));
    index.append(aborted(10, 15, 16));
    std::vector<transaction_index::entry> found;
    EXPECT_TRUE(index.collect(offset(6), offset(100), found));
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].first_offset, offset(7));
    found.clear();
    EXPECT_FALSE(index.collect(offset(0), offset(6), found));
    ASSERT_EQ(found.size(), 1U);
    index.truncate_to(offset(12));
    EXPECT_EQ(index.entries().size(), 1U);
}

TEST(recent_batches, finds_what_a_naive_search_finds) {
    const bool holds = rc::check([](const std::vector<std::uint8_t>& sizes, std::uint16_t sought) {
        recent_batches recent;
        std::vector<batch_place> all;
        offset next(100);
        std::uint64_t position = 0;
        // Enough to make the ring turn over.
        for (int round = 0; round < 20; ++round) {
            for (const std::uint8_t size : sizes) {
                all.push_back({.base_offset = next,
                               .last_offset = next + size % 7,
                               .position = position,
                               .size = size + 61U});
                recent.add(all.back());
                next = all.back().last_offset.next();
                position = all.back().end();
            }
        }
        recent.check_invariants();
        const offset wanted = offset(90) + sought % (next - offset(90) + 10);
        const std::size_t forgotten =
            all.size() - std::min(all.size(), recent_batches::batches_max);
        const auto hit = std::ranges::find_if(
            all, [&](const batch_place& each) { return each.last_offset >= wanted; });
        const auto index = static_cast<std::size_t>(hit - all.begin());
        const bool known =
            hit != all.end() && index >= forgotten && wanted >= all[forgotten].base_offset;
        const auto found = recent.find(wanted);
        RC_ASSERT(found.has_value() == known);
        if (known) RC_ASSERT(*found == *hit);
        recent.truncate_to(wanted);
        recent.check_invariants();
        RC_ASSERT(!recent.find(wanted));
    });
    EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace verdikt::broker::storage
