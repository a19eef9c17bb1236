#include "broker/storage/retention.h"
#include "broker/storage/disk_health.h"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

namespace verdikt::broker::storage {
namespace {

using kafka::offset;
using kafka::timestamp;
using std::chrono::milliseconds;

class retention_test : public testing::Test {
  protected:
    retention_test() {
        config.retention_ms = milliseconds(-1);
        config.retention_bytes = -1;
    }

    std::size_t due() const {
        return segments_due({.segments = segments, .high_watermark = high_watermark, .now = now},
                            config);
    }

    log_config config;
    std::vector<segment_age> segments{{offset(10), 100, timestamp(1000)},
                                      {offset(20), 100, timestamp(2000)},
                                      {offset(30), 100, timestamp(3000)}};
    offset high_watermark{30};
    timestamp now{3000};
};

TEST_F(retention_test, without_limits_nothing_goes) {
    EXPECT_EQ(due(), 0U);
}

TEST_F(retention_test, by_time_what_is_older_goes) {
    config.retention_ms = milliseconds(1000);
    EXPECT_EQ(due(), 1U);
    now = timestamp(3001);
    EXPECT_EQ(due(), 2U);
    now = timestamp(9000);
    EXPECT_EQ(due(), 3U);
}

TEST_F(retention_test, a_younger_segment_protects_those_behind_it) {
    config.retention_ms = milliseconds(1000);
    now = timestamp(9000);
    segments[1].max_timestamp = timestamp(8500);
    EXPECT_EQ(due(), 1U);
}

TEST_F(retention_test, a_segment_without_timestamps_never_gets_too_old) {
    config.retention_ms = milliseconds(1);
    now = timestamp(9'000'000);
    segments[0].max_timestamp = kafka::no_timestamp;
    EXPECT_EQ(due(), 0U);
}

TEST_F(retention_test, by_size_the_oldest_go_while_the_limit_is_still_reached) {
    config.retention_bytes = 201;
    EXPECT_EQ(due(), 0U);
    config.retention_bytes = 200;
    EXPECT_EQ(due(), 1U);
    config.retention_bytes = 99;
    EXPECT_EQ(due(), 2U);
    config.retention_bytes = 0;
    EXPECT_EQ(due(), 3U);
}

TEST_F(retention_test, nothing_above_the_high_watermark_goes) {
    config.retention_bytes = 0;
    high_watermark = offset(19);
    EXPECT_EQ(due(), 1U);
}

TEST_F(retention_test, compacted_logs_keep_everything) {
    config.retention_bytes = 0;
    config.cleanup_delete = false;
    EXPECT_EQ(due(), 0U);
}

TEST_F(retention_test, an_empty_segment_stays) {
    config.retention_bytes = 0;
    segments.push_back({offset(30), 0, kafka::no_timestamp});
    EXPECT_EQ(due(), 3U);
}

TEST(disk_health, keeps_the_reserve_from_clients_alone) {
    disk_health health(1000);
    EXPECT_FALSE(health.measured({.available = 1500, .total = 9000}));
    EXPECT_FALSE(health.take(501, append_origin::client));
    EXPECT_TRUE(health.take(500, append_origin::client));
    EXPECT_FALSE(health.take(1, append_origin::client));
    EXPECT_TRUE(health.take(1, append_origin::internal));
    EXPECT_TRUE(health.take(5000, append_origin::follower));
}

TEST(disk_health, recovers_by_itself_when_space_returns) {
    disk_health health(1000);
    EXPECT_TRUE(health.measured({.available = 999, .total = 9000}));
    EXPECT_TRUE(health.below_reserve());
    EXPECT_FALSE(health.measured({.available = 10, .total = 9000}));
    EXPECT_TRUE(health.measured({.available = 5000, .total = 9000}));
    EXPECT_FALSE(health.below_reserve());
    EXPECT_TRUE(health.take(1, append_origin::client));
}

TEST(disk_health, believes_a_failed_write_more_than_the_last_measure) {
    disk_health health(0);
    health.measured({.available = 5000, .total = 9000});
    EXPECT_TRUE(health.ran_out());
    EXPECT_FALSE(health.take(1, append_origin::client));
}

TEST(disk_health, keeps_the_first_reason_for_being_offline) {
    disk_health health(0);
    EXPECT_TRUE(health.fail("sync: broken"));
    EXPECT_FALSE(health.fail("write: broken too"));
    EXPECT_EQ(health.offline_reason(), "sync: broken");
}

}  // namespace
}  // namespace verdikt::broker::storage
