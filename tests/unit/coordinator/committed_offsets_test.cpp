#include "broker/coordinator/committed_offsets.h"

#include <gtest/gtest.h>

namespace verdikt::broker::coordinator {
namespace {

using std::chrono::milliseconds;

kafka::topic_partition at(std::int32_t partition) {
    return {"topic", kafka::partition_index(partition)};
}

committed_offset value(std::int64_t offset, std::int64_t committed) {
    return {.at = kafka::offset(offset), .committed = kafka::timestamp(committed)};
}

using partitions = std::vector<kafka::topic_partition>;

TEST(committed_offsets, a_commit_is_visible_only_once_it_is_durable) {
    committed_offsets offsets;
    offsets.begin(at(0));
    EXPECT_EQ(offsets.find(at(0)), nullptr);
    EXPECT_FALSE(offsets.empty());
    offsets.finish(at(0), value(5, 100));
    ASSERT_NE(offsets.find(at(0)), nullptr);
    EXPECT_EQ(offsets.find(at(0))->at, kafka::offset(5));
}

TEST(committed_offsets, a_commit_that_failed_leaves_what_was_there) {
    committed_offsets offsets;
    offsets.restore(at(0), value(5, 100));
    offsets.begin(at(0));
    offsets.finish(at(0), std::nullopt);
    EXPECT_EQ(offsets.find(at(0))->at, kafka::offset(5));
    offsets.check_invariants();
}

TEST(committed_offsets, a_deletion_covers_what_is_being_committed) {
    committed_offsets offsets;
    offsets.restore(at(0), value(5, 100));
    offsets.begin(at(1));
    EXPECT_EQ(offsets.partitions(), (partitions{at(0), at(1)}));
    EXPECT_TRUE(offsets.knows(at(1)));
    EXPECT_FALSE(offsets.knows(at(2)));
}

TEST(committed_offsets, retention_runs_from_the_commit_or_from_when_the_group_became_empty) {
    committed_offsets offsets;
    offsets.restore(at(0), value(1, 1'000));
    offsets.restore(at(1), value(1, 9'000));
    const auto expired = [&](std::int64_t now, std::optional<kafka::timestamp> idle_since) {
        return offsets.expired(kafka::timestamp(now), milliseconds(100), idle_since);
    };
    EXPECT_EQ(expired(1'099, std::nullopt), partitions{});
    EXPECT_EQ(expired(1'100, std::nullopt), partitions{at(0)});
    EXPECT_EQ(expired(1'100, kafka::timestamp(5'000)), partitions{});
    EXPECT_EQ(expired(5'100, kafka::timestamp(5'000)), partitions{at(0)});
    EXPECT_EQ(expired(9'100, kafka::timestamp(5'000)), (partitions{at(0), at(1)}));
}

TEST(committed_offsets, an_expiry_of_its_own_beats_the_retention) {
    committed_offsets offsets;
    committed_offset own = value(1, 1'000);
    own.expires = kafka::timestamp(2'000);
    offsets.restore(at(0), own);
    EXPECT_EQ(offsets.expired(kafka::timestamp(1'999), milliseconds(1), std::nullopt),
              partitions{});
    EXPECT_EQ(offsets.expired(kafka::timestamp(2'000), milliseconds(9'999'999), std::nullopt),
              partitions{at(0)});
}

TEST(committed_offsets, what_is_being_committed_does_not_expire) {
    committed_offsets offsets;
    offsets.restore(at(0), value(1, 0));
    offsets.begin(at(0));
    offsets.begin(at(0));
    offsets.finish(at(0), value(2, 0));
    EXPECT_EQ(offsets.expired(kafka::timestamp(1'000), milliseconds(1), std::nullopt),
              partitions{});
    offsets.finish(at(0), value(3, 0));
    EXPECT_EQ(offsets.expired(kafka::timestamp(1'000), milliseconds(1), std::nullopt),
              partitions{at(0)});
}

}  // namespace
}  // namespace verdikt::broker::coordinator
