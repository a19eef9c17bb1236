/// Replicas as plain structs: where they differ, and where they may.
#include "checker/replica_logs/replica_logs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace verdikt::checker::replica_logs {

namespace {

using testing::HasSubstr;

batch batch_at(std::int64_t first, std::int64_t last, std::uint32_t checksum = 1) {
    return {.first = first, .last = last, .epoch = 0, .checksum = checksum, .size = 100};
}

/// Batches of five records.
replica replica_of(std::int32_t node, std::int64_t batches) {
    replica made{.node = node, .high_watermark = batches * 5};
    for (std::int64_t at = 0; at < batches; ++at) {
        made.batches.push_back(batch_at(at * 5, at * 5 + 4));
    }
    return made;
}

partition three(std::int64_t batches) {
    return {.name = "orders/0",
            .replicas = {replica_of(1, batches), replica_of(2, batches), replica_of(3, batches)}};
}

std::optional<std::int64_t> offset_of(const std::optional<difference>& found) {
    return found ? std::optional(found->offset) : std::nullopt;
}

/// What a replica has at one offset, of all that has to agree.
std::optional<std::tuple<std::int64_t, std::int64_t, std::int32_t, std::uint32_t>> held_at(
    const replica& of, std::int64_t offset, std::int64_t start, std::int64_t end) {
    for (const batch& one : of.batches) {
        if (one.first < start || one.last >= end) continue;
        if (one.first <= offset && offset <= one.last) {
            return std::tuple(one.first, one.last, one.epoch, one.checksum);
        }
    }
    return std::nullopt;
}

/// How far logs match that do not tell how far they are committed.
std::int64_t matching_end_slowly(const partition& of) {
    for (std::int64_t end = 1000; end > 0; --end) {
        std::set<std::int32_t> epochs;
        bool everywhere = true;
        for (const replica& one : of.replicas) {
            if (one.damaged) continue;
            const auto found = std::ranges::find(one.batches, end - 1, &batch::last);
            everywhere = everywhere && found != one.batches.end();
            if (everywhere) epochs.insert(found->epoch);
        }
        if (everywhere && epochs.size() < 2) return end;
    }
    return 0;
}

std::optional<std::int64_t> first_difference_slowly(const partition& of) {
    std::int64_t start = 0;
    std::int64_t end = 1000;
    for (const replica& one : of.replicas) {
        start = std::max(start, one.start);
        end = std::min(end, one.high_watermark.value_or(matching_end_slowly(of)));
    }
    std::optional<std::int64_t> below;
    for (const replica& one : of.replicas) {
        if (!one.damaged || one.damaged->offset >= std::min(start, end)) continue;
        below = std::min(below.value_or(1000), one.damaged->offset);
    }
    if (below) return below;
    for (std::int64_t offset = start; offset < end; ++offset) {
        std::set<std::optional<std::tuple<std::int64_t, std::int64_t, std::int32_t, std::uint32_t>>>
            held;
        for (const replica& one : of.replicas) {
            if (one.damaged && one.damaged->offset == offset) return offset;
            if (one.damaged && one.damaged->offset < offset) continue;
            held.insert(held_at(one, offset, start, end));
        }
        if (held.size() > 1) return offset;
    }
    return std::nullopt;
}

/// A log that a few things happened to.
partition drawn_partition() {
    partition made = three(*rc::gen::inRange<std::int64_t>(0, 8));
    const int changes = *rc::gen::inRange(0, 5);
    for (int change = 0; change < changes; ++change) {
        replica& one = made.replicas[*rc::gen::inRange<std::size_t>(0, 3)];
        const auto at = *rc::gen::inRange<std::size_t>(0, 8);
        switch (*rc::gen::inRange(0, 7)) {
            case 0:
                one.high_watermark = *rc::gen::inRange<std::int64_t>(0, 45);
                break;
            case 1:
                one.start = *rc::gen::inRange<std::int64_t>(0, 20);
                break;
            case 2:
                if (at < one.batches.size()) one.batches[at].checksum = 2;
                break;
            case 3:
                if (at < one.batches.size()) one.batches[at].epoch = 7;
                break;
            case 4:
                if (at < one.batches.size() && one.batches[at].last > one.batches[at].first) {
                    --one.batches[at].last;
                }
                break;
            case 5:
                if (at < one.batches.size()) {
                    one.batches.erase(one.batches.begin() + static_cast<std::ptrdiff_t>(at));
                }
                break;
            default:
                if (at >= one.batches.size() || one.damaged) break;
                one.damaged = {.offset = one.batches[at].first, .why = "bad"};
                one.batches.resize(at);
        }
    }
    const bool of_the_quorum = *rc::gen::inRange(0, 3) == 0;
    for (replica& one : made.replicas) {
        if (of_the_quorum) one.high_watermark = std::nullopt;
        // A reader stops right behind what it could read.
        if (one.damaged)
            one.damaged->offset = one.batches.empty() ? 0 : one.batches.back().last + 1;
    }
    return made;
}

}  // namespace

TEST(replicas, differ_where_the_plainest_comparison_says_so) {
    const bool held = rc::check([] {
        const partition drawn = drawn_partition();
        RC_ASSERT(offset_of(first_difference(drawn)) == first_difference_slowly(drawn));
    });
    EXPECT_TRUE(held);
}

TEST(replicas, that_hold_the_same_do_not_differ) {
    comparison all;
    all.add(three(4));
    EXPECT_EQ(all.partitions, 1U);
    EXPECT_EQ(all.batches, 4U);
    EXPECT_EQ(all.differing, 0U);
    EXPECT_EQ(judge(all, true).says, verdict::valid);
}

TEST(replicas, may_differ_above_the_lowest_high_watermark) {
    partition drawn = three(4);
    drawn.replicas[2].high_watermark = 10;
    drawn.replicas[2].batches[2].checksum = 9;
    drawn.replicas[1].batches.pop_back();
    EXPECT_FALSE(first_difference(drawn));
    drawn.replicas[2].high_watermark = 15;
    EXPECT_EQ(offset_of(first_difference(drawn)), 10);
}

TEST(replicas, that_store_no_high_watermark_must_match_up_to_their_last_common_epoch) {
    partition drawn = three(4);
    for (replica& one : drawn.replicas) one.high_watermark = std::nullopt;
    // A leader that lost its place had appended these; nobody else did.
    drawn.replicas[0].batches[3].epoch = 1;
    EXPECT_FALSE(first_difference(drawn));
    drawn.replicas[2].batches[1].checksum = 9;
    const auto found = first_difference(drawn);
    EXPECT_EQ(offset_of(found), 5);
    EXPECT_EQ(found->slices.at(0).lines.back().text, "the log ends");
    // Two leaders of one epoch.
    drawn.replicas[2].batches[1].checksum = 1;
    drawn.replicas[2].batches[2].checksum = 9;
    EXPECT_EQ(offset_of(first_difference(drawn)), 10);
}

TEST(replicas, need_not_have_what_one_of_them_may_have_deleted) {
    partition drawn = three(4);
    drawn.replicas[1].start = 10;
    drawn.replicas[1].batches.erase(drawn.replicas[1].batches.begin(),
                                    drawn.replicas[1].batches.begin() + 2);
    EXPECT_FALSE(first_difference(drawn));
}

TEST(replicas, differ_where_one_lacks_what_it_knows_to_be_committed) {
    partition drawn = three(4);
    drawn.replicas[1].batches.pop_back();
    const auto found = first_difference(drawn);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->offset, 15);
    EXPECT_THAT(found->what,
                HasSubstr("node 1 has a batch there, and node 2 has none, though it knows "
                          "everything below 20 to be committed"));
}

TEST(replicas, differ_where_one_cannot_be_read) {
    partition drawn = three(4);
    drawn.replicas[2].batches.resize(1);
    drawn.replicas[2].damaged = {.offset = 5, .why = "a checksum that does not match"};
    const auto found = first_difference(drawn);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->what,
              "orders/0, offset 5: node 3 cannot be read from there on: a checksum that does not "
              "match");
}

TEST(replicas, are_shown_around_the_place_with_what_not_all_have_marked) {
    partition drawn = three(12);
    drawn.replicas[1].batches[6].checksum = 0xabc;
    const auto found = first_difference(drawn);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->slices.size(), 3U);
    const node_slice& second = found->slices[1];
    EXPECT_EQ(second.node, 2);
    ASSERT_EQ(second.lines.size(), 9U);
    EXPECT_EQ(second.lines[4].text, "30–34 epoch 0 checksum 00000abc 100 bytes");
    EXPECT_TRUE(second.lines[4].differs);
    EXPECT_FALSE(second.lines[3].differs);
    EXPECT_EQ(second.lines[0].text, "10–14 epoch 0 checksum 00000001 100 bytes");
}

TEST(replicas, of_a_compacted_partition_differ_only_in_records_that_two_still_have) {
    partition drawn{.name = "__consumer_offsets/3", .compacted = true, .replicas = {}};
    drawn.replicas = {{.node = 1, .high_watermark = 10, .records = {{0, 5}, {3, 7}, {9, 1}}},
                      {.node = 2, .high_watermark = 10, .records = {{3, 7}, {8, 2}}},
                      {.node = 3, .high_watermark = 20, .records = {{0, 5}, {8, 2}, {12, 4}}}};
    comparison all;
    all.add(drawn);
    EXPECT_EQ(all.differing, 0U);
    EXPECT_EQ(all.records, 1U);
    // The first replica does not have it; the other two differ.
    drawn.replicas[2].records[1].content = 3;
    EXPECT_EQ(offset_of(first_difference(drawn)), 8);
    drawn.replicas[2].high_watermark = 8;
    EXPECT_FALSE(first_difference(drawn));
}

TEST(replicas, that_are_alone_are_not_compared) {
    comparison all;
    all.add({.name = "orders/0", .replicas = {replica_of(1, 3)}});
    EXPECT_EQ(all, comparison());
}

TEST(replicas, that_know_nothing_to_be_committed_are_not_compared) {
    partition drawn = three(3);
    drawn.replicas[1].high_watermark = 0;
    drawn.replicas[2].batches[0].checksum = 7;
    comparison all;
    all.add(drawn);
    EXPECT_EQ(all, comparison());
}

TEST(logs_that_differ, are_a_violation_where_elections_are_clean_and_are_told_where_not) {
    comparison all;
    partition drawn = three(4);
    drawn.replicas[1].batches[1].epoch = 3;
    for (std::size_t at = 0; at < comparison::differences_max + 4; ++at) all.add(drawn);
    EXPECT_EQ(all.differences.size(), comparison::differences_max);
    const judgement clean = judge(all, true);
    EXPECT_EQ(clean.says, verdict::violation);
    ASSERT_EQ(clean.violations.size(), 1U);
    EXPECT_EQ(clean.violations[0].name, "logs-differ");
    EXPECT_EQ(clean.violations[0].count, comparison::differences_max + 4);
    EXPECT_THAT(clean.violations[0].examples[0].what, HasSubstr("offset 5"));
    const judgement unclean = judge(all, false);
    EXPECT_EQ(unclean.says, verdict::valid);
    EXPECT_EQ(unclean.allowed.size(), 1U);
}

TEST(logs_that_differ, are_not_looked_for_in_vain_without_a_word) {
    const judgement said = judge({.not_made_because = "node 2 did not stop in good order"}, true);
    EXPECT_EQ(said.says, verdict::valid);
    ASSERT_EQ(said.notes.size(), 1U);
    EXPECT_THAT(said.notes[0], HasSubstr("node 2 did not stop"));
}

TEST(logs_that_differ, are_counted_within_bounds_whatever_is_stored) {
    const judgement said = judge({.differing = UINT64_MAX}, true);
    EXPECT_EQ(said.violations.at(0).count, 1'000'000U);
}

}  // namespace verdikt::checker::replica_logs
