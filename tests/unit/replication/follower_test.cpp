// A follower: what it fetches, and what it cuts from its log.
#include "broker/replication/partition_follower.h"
#include "tests/unit/replication/replication_bench.h"

namespace verdikt::broker::replication {
namespace {

/// Broker 2 follows broker 1 in epoch 5. Its log: epoch 1 from 0, epoch 2 from 4, epoch 4 from 8,
/// end 10.
class a_follower : public testing::Test {
  protected:
    a_follower() {
        log.append(1, 4);
        log.append(2, 4);
        log.append(4, 2);
    }

    void follow(std::int64_t high_watermark = 0) {
        follower.emplace(settings, led_by_1(5, 7, {n1, n2}), at(high_watermark), fetch_number(0));
        follower->proceed(log, now, out);
    }
    [[nodiscard]] std::vector<send_fetch> fetches() const { return only<send_fetch>(out); }
    [[nodiscard]] std::vector<truncate_log> cuts() const { return only<truncate_log>(out); }
    [[nodiscard]] std::vector<restart_log> restarts() const { return only<restart_log>(out); }

    void answer(fetch_answer what) {
        what.number = follower->last_number();
        follower->fetch_answered(what, log, now, out);
        follower->check_invariants(log);
    }
    void refuse(error_code error) { answer({.error = error}); }
    void diverge(std::int32_t leader_epoch, std::int64_t end) {
        answer({.diverging = storage::epoch_end{epoch(leader_epoch), at(end)}});
    }
    void bounds(std::int64_t start, std::int64_t end) {
        follower->leader_bounds_answered(
            {.number = follower->last_number(), .start = at(start), .end = at(end)}, log, now, out);
    }
    void settled() {
        follower->log_settled(log, now, out);
        follower->check_invariants(log);
    }

    replica_settings settings;
    sample_log log;
    runtime::instant now{seconds(1'000)};
    effects out;
    std::optional<partition_follower> follower;
};

TEST_F(a_follower, fetches_from_its_log_end_and_names_the_epoch_of_its_last_record) {
    follow();
    ASSERT_EQ(fetches().size(), 1U);
    EXPECT_EQ(fetches()[0].leader, n1);
    EXPECT_EQ(fetches()[0].current_leader_epoch, epoch(5));
    EXPECT_EQ(fetches()[0].from, at(10));
    EXPECT_EQ(fetches()[0].last_fetched_epoch, epoch(4));
}

TEST_F(a_follower, that_led_without_writing_names_no_epoch_of_which_it_has_no_record) {
    log.assign(6);
    follow();
    EXPECT_EQ(fetches()[0].last_fetched_epoch, epoch(4));
}

TEST_F(a_follower, with_an_empty_log_names_no_epoch) {
    log.restart(at(7));
    follow();
    EXPECT_EQ(fetches()[0].from, at(7));
    EXPECT_EQ(fetches()[0].last_fetched_epoch, kafka::no_leader_epoch);
}

TEST_F(a_follower, fetches_only_once_all_that_it_has_is_durable) {
    log.write(4, 1);
    follow();
    EXPECT_TRUE(fetches().empty()) << "to fetch from 11 is to claim record 10";
    log.sync();
    follower->proceed(log, now, out);
    EXPECT_EQ(fetches().size(), 1U);
}

TEST_F(a_follower, in_page_cache_mode_fetches_once_it_has_written) {
    settings.durable = false;
    log.write(4, 1);
    follow();
    EXPECT_EQ(fetches().size(), 1U);
}

TEST_F(a_follower, has_one_fetch_under_way_and_takes_no_answer_twice) {
    follow();
    follower->proceed(log, now, out);
    EXPECT_EQ(fetches().size(), 1U);
    const fetch_number first = follower->last_number();
    answer({.high_watermark = at(5), .log_start = at(0)});
    EXPECT_EQ(fetches().size(), 2U);
    follower->fetch_answered(
        {.number = first, .records = fetched_records{at(10), at(10), epoch(5)}}, log, now, out);
    EXPECT_TRUE(only<append_fetched>(out).empty());
}

TEST_F(a_follower, appends_what_continues_its_log_and_then_fetches_on) {
    follow();
    answer({.high_watermark = at(11),
            .log_start = at(0),
            .records = fetched_records{at(10), at(12), epoch(5)}});
    ASSERT_EQ(only<append_fetched>(out).size(), 1U);
    EXPECT_EQ(fetches().size(), 1U);
    log.append(5, 3);
    settled();
    EXPECT_EQ(fetches().size(), 2U);
    EXPECT_EQ(fetches()[1].from, at(13));
}

TEST_F(a_follower, drops_records_that_do_not_continue_its_log) {
    follow();
    answer({.records = fetched_records{at(9), at(12), epoch(5)}});
    EXPECT_TRUE(only<append_fetched>(out).empty());
}

TEST_F(a_follower, drops_records_that_it_asked_for_at_another_end_of_its_log) {
    follow();
    log.append(5, 1);
    answer({.records = fetched_records{at(11), at(12), epoch(5)}});
    EXPECT_TRUE(only<append_fetched>(out).empty());
}

TEST_F(a_follower, appends_what_lies_beyond_its_end_where_its_leader_has_compacted) {
    follow();
    answer({.records = fetched_records{at(15), at(17), epoch(5)}});
    EXPECT_EQ(only<append_fetched>(out).size(), 1U);
}

TEST_F(a_follower, drops_records_of_an_epoch_that_its_leader_cannot_have) {
    follow();
    answer({.records = fetched_records{at(10), at(12), epoch(6)}});
    EXPECT_TRUE(only<append_fetched>(out).empty());
}

TEST_F(a_follower, takes_the_lower_of_the_leaders_high_watermark_and_its_own_end) {
    follow(3);
    answer({.high_watermark = at(8), .log_start = at(0)});
    EXPECT_EQ(follower->high_watermark(), at(8));
    answer({.high_watermark = at(20), .log_start = at(0)});
    EXPECT_EQ(follower->high_watermark(), at(10));
}

TEST_F(a_follower, takes_the_high_watermark_over_only_once_it_has_the_records) {
    follow();
    answer({.high_watermark = at(12),
            .log_start = at(0),
            .records = fetched_records{at(10), at(12), epoch(5)}});
    EXPECT_EQ(follower->high_watermark(), at(0));
    log.append(5, 3);
    settled();
    EXPECT_EQ(follower->high_watermark(), at(12));
}

TEST_F(a_follower, drops_what_its_leader_no_longer_has_but_nothing_uncommitted) {
    follow();
    answer({.high_watermark = at(6), .log_start = at(8)});
    ASSERT_EQ(only<raise_log_start>(out).size(), 1U);
    EXPECT_EQ(only<raise_log_start>(out)[0].to, at(6));
}

TEST_F(a_follower, fetches_on_once_it_has_dropped_them_and_says_so) {
    follow();
    answer({.high_watermark = at(10), .log_start = at(8)});
    EXPECT_EQ(fetches().size(), 1U) << "it would claim to have them still";
    log.raise_start(at(8));
    settled();
    ASSERT_EQ(fetches().size(), 2U);
    EXPECT_EQ(fetches()[1].log_start, at(8));
}

TEST_F(a_follower, drops_them_again_until_that_is_durable) {
    follow();
    answer({.high_watermark = at(10), .log_start = at(8)});
    log.raise_start(at(8));
    log.fail_to_save_start();
    settled();
    EXPECT_EQ(fetches()[1].log_start, at(0)) << "a crash may bring them back";
    answer({.high_watermark = at(10), .log_start = at(8)});
    EXPECT_EQ(only<raise_log_start>(out).size(), 2U);
}

TEST_F(a_follower, that_cannot_drop_them_fetches_on_all_the_same) {
    follow();
    answer({.high_watermark = at(10), .log_start = at(8)});
    settled();
    EXPECT_EQ(only<raise_log_start>(out).size(), 1U);
    ASSERT_EQ(fetches().size(), 2U);
    EXPECT_EQ(fetches()[1].log_start, at(0));
}

TEST_F(a_follower, never_cuts_its_log_at_the_high_watermark) {
    follow(4);
    EXPECT_TRUE(cuts().empty());
    answer({.high_watermark = at(4), .log_start = at(0)});
    EXPECT_TRUE(cuts().empty());
}

TEST_F(a_follower, cuts_where_the_leader_ended_an_epoch_that_both_have) {
    follow(5);
    diverge(4, 9);
    ASSERT_EQ(cuts().size(), 1U);
    EXPECT_EQ(cuts()[0].to, at(9));
    EXPECT_FALSE(cuts()[0].below_high_watermark);
}

TEST_F(a_follower, cuts_at_its_own_end_of_an_older_epoch_and_asks_again) {
    // The leader has epoch 3 up to 9, where we have 2 up to 8 and 4 after.
    follow();
    diverge(3, 9);
    ASSERT_EQ(cuts().size(), 1U);
    EXPECT_EQ(cuts()[0].to, at(8));
    log.truncate(at(8));
    settled();
    ASSERT_EQ(fetches().size(), 2U);
    EXPECT_EQ(fetches()[1].from, at(8));
    EXPECT_EQ(fetches()[1].last_fetched_epoch, epoch(2));
    diverge(2, 6);
    EXPECT_EQ(cuts().back().to, at(6));
}

TEST_F(a_follower, fetches_nothing_while_its_log_is_being_cut) {
    follow();
    diverge(4, 9);
    follower->proceed(log, now + seconds(60), out);
    EXPECT_EQ(fetches().size(), 1U);
    log.truncate(at(9));
    settled();
    EXPECT_EQ(fetches().size(), 2U);
}

TEST_F(a_follower, says_so_when_it_takes_back_what_it_showed_as_committed) {
    follow(10);
    diverge(4, 9);
    EXPECT_TRUE(cuts()[0].below_high_watermark);
    EXPECT_EQ(follower->high_watermark(), at(9));
}

TEST_F(a_follower, backs_off_when_told_of_a_divergence_that_cuts_nothing) {
    follow();
    diverge(4, 10);
    EXPECT_TRUE(cuts().empty());
    EXPECT_EQ(fetches().size(), 1U);
    follower->proceed(log, now + seconds(1), out);
    EXPECT_EQ(fetches().size(), 2U);
}

TEST_F(a_follower, starts_anew_when_no_part_of_its_log_is_its_leaders) {
    log.raise_start(at(6));
    follow(6);
    diverge(1, 3);
    EXPECT_TRUE(cuts().empty());
    EXPECT_EQ(only<ask_leader_bounds>(out).size(), 1U);
    bounds(2, 12);
    ASSERT_EQ(restarts().size(), 1U);
    EXPECT_EQ(restarts()[0].at, at(2));
    EXPECT_TRUE(restarts()[0].below_high_watermark);
}

TEST_F(a_follower, keeps_nothing_that_its_leader_can_no_longer_compare) {
    // The leader dropped all below 7, and with it the epochs that would tell whether our 0 to 7
    // are the same.
    follow();
    answer({.diverging = storage::epoch_end{epoch(4), at(7)}, .log_start = at(7)});
    EXPECT_TRUE(cuts().empty());
    ASSERT_EQ(restarts().size(), 1U);
    EXPECT_EQ(restarts()[0].at, at(7));
}

TEST_F(a_follower, that_ends_where_its_leader_starts_keeps_nothing) {
    follow();
    answer({.high_watermark = at(12),
            .log_start = at(10),
            .records = fetched_records{at(10), at(12), epoch(5)}});
    EXPECT_TRUE(only<append_fetched>(out).empty());
    ASSERT_EQ(restarts().size(), 1U);
    EXPECT_EQ(restarts()[0].at, at(10));
    log.restart(at(10));
    settled();
    EXPECT_EQ(follower->high_watermark(), at(10));
    answer({.high_watermark = at(12),
            .log_start = at(10),
            .records = fetched_records{at(10), at(12), epoch(5)}});
    EXPECT_EQ(only<append_fetched>(out).size(), 1U);
}

TEST_F(a_follower, behind_its_leaders_start_starts_anew_there) {
    follow();
    refuse(error_code::offset_out_of_range);
    bounds(15, 20);
    ASSERT_EQ(restarts().size(), 1U);
    EXPECT_EQ(restarts()[0].at, at(15));
    log.restart(at(15));
    settled();
    EXPECT_EQ(fetches().back().from, at(15));
}

TEST_F(a_follower, beyond_its_leaders_end_is_cut_there) {
    follow();
    refuse(error_code::offset_out_of_range);
    bounds(0, 6);
    ASSERT_EQ(cuts().size(), 1U);
    EXPECT_EQ(cuts()[0].to, at(6));
}

TEST_F(a_follower, with_an_empty_log_beyond_its_leaders_end_fetches_all_that_its_leader_has) {
    log.restart(at(10));
    follow();
    refuse(error_code::offset_out_of_range);
    bounds(2, 6);
    ASSERT_EQ(restarts().size(), 1U);
    EXPECT_EQ(restarts()[0].at, at(2)) << "empty at 6 it would pass for one that has 2 to 6";
}

TEST_F(a_follower, that_is_fenced_waits_for_metadata) {
    follow();
    refuse(error_code::fenced_leader_epoch);
    EXPECT_TRUE(follower->is_fenced());
    follower->proceed(log, now + seconds(3'600), out);
    EXPECT_EQ(fetches().size(), 1U);
}

TEST_F(a_follower, whose_leader_does_not_know_the_epoch_yet_asks_again_soon) {
    follow();
    refuse(error_code::unknown_leader_epoch);
    EXPECT_TRUE(follower->is_idle());
    follower->proceed(log, now + milliseconds(49), out);
    EXPECT_EQ(fetches().size(), 1U);
    follower->proceed(log, now + milliseconds(50), out);
    EXPECT_EQ(fetches().size(), 2U);
}

TEST_F(a_follower, whose_leader_is_out_of_reach_backs_off) {
    follow();
    refuse(error_code::network_exception);
    follower->proceed(log, now + milliseconds(999), out);
    EXPECT_EQ(fetches().size(), 1U);
    follower->proceed(log, now + milliseconds(1'000), out);
    EXPECT_EQ(fetches().size(), 2U);
}

}  // namespace
}  // namespace verdikt::broker::replication
