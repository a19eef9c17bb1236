#include "broker/storage/stall_watch.h"

#include <gtest/gtest.h>

#include <chrono>

namespace verdikt::broker::storage {
namespace {

using namespace std::chrono_literals;

class stall_watch_test : public testing::Test {
  protected:
    static runtime::instant at(runtime::duration since) { return runtime::instant{} + since; }

    bool changes_at(runtime::duration since) {
        const bool changed = watch.look(at(since));
        watch.check_invariants();
        return changed;
    }

    stall_watch watch{4s};
    stall_watch::operation first;
    stall_watch::operation second;
};

TEST_F(stall_watch_test, a_disk_that_is_asked_nothing_does_not_stall) {
    EXPECT_FALSE(changes_at(100s));
    EXPECT_FALSE(watch.stalled());
}

TEST_F(stall_watch_test, one_that_answers_in_time_does_not_stall_however_busy_it_is) {
    for (runtime::duration now = 0s; now < 60s; now += 1s) {
        watch.began(first, at(now));
        watch.began(second, at(now + 500ms));
        EXPECT_FALSE(changes_at(now + 900ms));
        watch.ended(first, at(now + 900ms));
        watch.ended(second, at(now + 900ms));
    }
    EXPECT_FALSE(watch.stalled());
}

TEST_F(stall_watch_test, it_stalls_once_its_oldest_operation_is_as_old_as_the_timeout) {
    watch.began(first, at(1s));
    watch.began(second, at(2s));
    EXPECT_FALSE(changes_at(4'999ms));
    EXPECT_TRUE(changes_at(5s));
    EXPECT_TRUE(watch.stalled());
    EXPECT_EQ(watch.oldest_age(at(6s)), 5s);
    EXPECT_FALSE(changes_at(6s));
    watch.ended(first, at(7s));
    watch.ended(second, at(7s));
}

TEST_F(stall_watch_test, what_others_are_answered_meanwhile_does_not_hide_the_one_that_waits) {
    watch.began(first, at(0s));
    for (runtime::duration now = 0s; now < 4s; now += 100ms) {
        watch.began(second, at(now));
        watch.ended(second, at(now + 1ms));
    }
    EXPECT_TRUE(changes_at(4s));
    watch.ended(first, at(5s));
}

TEST_F(stall_watch_test, it_has_thawed_when_all_was_in_time_for_as_long_again) {
    watch.began(first, at(0s));
    EXPECT_TRUE(changes_at(4s));
    watch.ended(first, at(10s));
    watch.began(second, at(11s));
    watch.ended(second, at(12s));
    EXPECT_FALSE(changes_at(13'999ms));
    EXPECT_TRUE(changes_at(14s));
    EXPECT_FALSE(watch.stalled());
}

TEST_F(stall_watch_test, one_that_answers_now_and_then_stays_stalled) {
    runtime::duration now = 0s;
    watch.began(first, at(now));
    EXPECT_TRUE(changes_at(now + 4s));
    for (int times = 0; times < 10; ++times) {
        now += 5s;
        watch.ended(first, at(now));
        watch.began(first, at(now));
        for (runtime::duration later = 0s; later < 5s; later += 400ms)
            EXPECT_FALSE(changes_at(now + later));
    }
    EXPECT_TRUE(watch.stalled());
    watch.ended(first, at(now + 5s));
}

}  // namespace
}  // namespace verdikt::broker::storage
