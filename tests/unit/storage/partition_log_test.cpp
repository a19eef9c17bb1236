#include "tests/unit/storage/log_bench.h"

#include <gmock/gmock.h>

namespace verdikt::broker::storage {
namespace {

using kafka::offset;
using runtime::awaitable;
using testing::ElementsAre;

using strings = std::vector<std::string>;

TEST_F(log_test, offsets_are_given_in_the_order_of_the_appends) {
    run_log([](stored_log& log) -> awaitable<void> {
        const auto first = co_await append(log, {.values = {"a", "b"}});
        const auto second = co_await append(log, {.values = {"c"}});
        EXPECT_EQ(first->base_offset, offset(0));
        EXPECT_EQ(first->last_offset, offset(1));
        EXPECT_EQ(second->base_offset, offset(2));
        EXPECT_EQ(log.log_end(), offset(3));
        EXPECT_THAT(co_await values(log, offset(0)), ElementsAre("a", "b", "c"));
        EXPECT_THAT(co_await values(log, offset(1)), ElementsAre("b", "c"));
    });
}

TEST_F(log_test, concurrent_appends_share_syncs_and_keep_their_order) {
    run_log([this](stored_log& log) -> awaitable<void> {
        runtime::scope appends(universe.get_executor());
        strings expected;
        const std::uint64_t syncs_before = node.disk().counted().syncs;
        for (int which_one = 0; which_one < 50; ++which_one) {
            expected.push_back(std::to_string(which_one));
            appends.spawn([](stored_log& to, std::string value) -> awaitable<void> {
                const auto done = co_await append(to, {.values = {value}});
                EXPECT_TRUE(done.has_value());
                EXPECT_TRUE((co_await to.wait_durable(done->last_offset.next())).has_value());
            }(log, expected.back()));
        }
        co_await appends.join();
        EXPECT_EQ(log.durable_end(), offset(50));
        EXPECT_EQ(co_await values(log, offset(0)), expected);
        EXPECT_LT(node.disk().counted().syncs - syncs_before, 12U);
    });
}

TEST_F(log_test, in_durable_mode_the_high_watermark_follows_the_durable_end) {
    run_log([](stored_log& log) -> awaitable<void> {
        log.set_sole_replica(true);
        const auto done = co_await append(log, {});
        EXPECT_LE(log.high_watermark(), log.durable_end());
        EXPECT_TRUE((co_await log.wait_committed(done->last_offset.next())).has_value());
        EXPECT_EQ(log.durable_end(), offset(1));
    });
}

TEST_F(log_test, in_page_cache_mode_what_is_written_is_committed) {
    config.flush_messages = 1000;
    run_log([](stored_log& log) -> awaitable<void> {
        log.set_sole_replica(true);
        for (int batch = 0; batch < 10; ++batch) (void)co_await append(log, {});
        EXPECT_EQ(log.high_watermark(), offset(10));
        EXPECT_EQ(log.durable_end(), offset(0));
        EXPECT_TRUE((co_await log.flush()).has_value());
        EXPECT_EQ(log.durable_end(), offset(10));
    });
}

TEST_F(log_test, in_page_cache_mode_the_log_is_flushed_by_count_and_by_time) {
    config.flush_messages = 5;
    config.flush_ms = std::chrono::milliseconds(100);
    run_log([this](stored_log& log) -> awaitable<void> {
        for (int batch = 0; batch < 5; ++batch) (void)co_await append(log, {});
        EXPECT_TRUE((co_await log.wait_durable(offset(5))).has_value());
        (void)co_await append(log, {});
        co_await universe.sleep_for(std::chrono::milliseconds(90));
        EXPECT_EQ(log.durable_end(), offset(5));
        co_await universe.sleep_for(std::chrono::milliseconds(30));
        EXPECT_EQ(log.durable_end(), offset(6));
    });
}

TEST_F(log_test, a_read_starts_at_the_batch_that_holds_the_offset_and_ends_below_the_bound) {
    run_log([](stored_log& log) -> awaitable<void> {
        (void)co_await append(log, {.values = {"a", "b", "c"}});
        (void)co_await append(log, {.values = {"d", "e"}});
        const auto read = [&](int from, int bound, std::uint64_t max_bytes = 10'000) {
            return log.read({.from = offset(from), .max_bytes = max_bytes, .bound = offset(bound)});
        };
        const auto both = co_await read(1, 5);
        EXPECT_EQ(both->first_offset, offset(0));
        const auto first = co_await read(1, 4);
        EXPECT_LT(first->slice.size, both->slice.size);
        EXPECT_GT(first->slice.size, 0U);
        EXPECT_EQ((co_await read(1, 2))->slice.size, 0U);
        EXPECT_EQ((co_await read(5, 5))->slice.size, 0U);
        EXPECT_EQ((co_await read(0, 5, 1))->slice.size, first->slice.size);
        EXPECT_EQ((co_await read(6, 6)).error(), errc::offset_out_of_range);
        const auto small = co_await log.read(
            {.from = offset(0), .max_bytes = 5, .bound = offset(5), .at_least_one_batch = false});
        EXPECT_EQ(small->slice.size, 5U);
    });
}

TEST_F(log_test, a_log_of_many_segments_is_read_as_one) {
    config.segment_bytes = 500;
    run_log([](stored_log& log) -> awaitable<void> {
        strings expected;
        for (int batch = 0; batch < 60; ++batch) {
            expected.push_back(std::to_string(batch));
            EXPECT_TRUE((co_await append(log, {.values = {expected.back()}, .padding = 40})));
        }
        EXPECT_GT(log.segment_count(), 8U);
        for (int from = 0; from <= 60; from += 7) {
            EXPECT_EQ(co_await values(log, offset(from)),
                      strings(expected.begin() + from, expected.end()));
        }
    });
}

TEST_F(log_test, a_repeated_batch_is_answered_with_the_first_ones_offset) {
    run_log([](stored_log& log) -> awaitable<void> {
        const batch_wish wish{.values = {"a", "b"}, .producer = 7, .sequence = 0};
        const auto first = co_await append(log, wish);
        const auto again = co_await append(log, wish);
        EXPECT_FALSE(first->duplicate);
        EXPECT_TRUE(again->duplicate);
        EXPECT_EQ(again->base_offset, first->base_offset);
        EXPECT_EQ(again->last_offset, first->last_offset);
        EXPECT_EQ(log.log_end(), offset(2));
        EXPECT_EQ((co_await append(log, {.producer = 7, .sequence = 5})).error(),
                  errc::out_of_order_sequence);
        EXPECT_EQ((co_await append(log, {.producer = 8, .sequence = 5})).error(),
                  errc::unknown_producer);
    });
}

TEST_F(log_test, all_five_batches_of_a_producer_outlive_a_restart) {
    run_log([](stored_log& log) -> awaitable<void> {
        for (int at = 0; at < 6; ++at) {
            EXPECT_TRUE((co_await append(log, {.producer = 7, .sequence = at})).has_value());
        }
    });
    run_log([](stored_log& log) -> awaitable<void> {
        for (int at = 1; at < 6; ++at) {
            const auto again = co_await append(log, {.producer = 7, .sequence = at});
            EXPECT_TRUE(again.has_value() && again->duplicate && again->base_offset == offset(at));
        }
        EXPECT_EQ((co_await append(log, {.producer = 7, .sequence = 0})).error(),
                  errc::out_of_order_sequence);
    });
}

TEST_F(log_test, records_are_found_by_timestamp) {
    config.segment_bytes = 600;
    run_log([](stored_log& log) -> awaitable<void> {
        for (int batch = 0; batch < 40; ++batch) {
            (void)co_await append(log,
                                  {.values = {"a", "b"},
                                   .time = 1000 + batch * 10,
                                   .codec = kafka::records::codec::gzip,
                                   .padding = 30});
        }
        const auto find = [&](int time, int bound = 80) {
            return log.offset_for_time(kafka::timestamp(time), offset(bound));
        };
        EXPECT_EQ((co_await find(0)).value()->offset, offset(0));
        EXPECT_EQ((co_await find(1001)).value()->offset, offset(1));
        EXPECT_EQ((co_await find(1002)).value()->offset, offset(2));
        EXPECT_EQ((co_await find(1390)).value()->offset, offset(78));
        EXPECT_EQ((co_await find(1391)).value()->offset, offset(79));
        EXPECT_EQ((co_await find(1392)).value(), std::nullopt);
        EXPECT_EQ((co_await find(1391, 79)).value(), std::nullopt);
        const auto newest = co_await log.offset_of_max_timestamp();
        EXPECT_EQ(newest.value()->offset, offset(79));
        EXPECT_EQ(newest.value()->timestamp, kafka::timestamp(1391));
    });
}

TEST_F(log_test, aborted_transactions_are_reported_where_they_overlap) {
    run_log([](stored_log& log) -> awaitable<void> {
        log.set_sole_replica(true);
        const batch_wish in_transaction{.producer = 5, .sequence = 0, .transactional = true};
        (void)co_await append(log, in_transaction);
        EXPECT_TRUE((co_await log.wait_committed(offset(1))).has_value());
        EXPECT_EQ(log.last_stable_offset(), offset(0));
        EXPECT_EQ(log.high_watermark(), offset(1));
        EXPECT_TRUE(co_await append_marker(log, 5, kafka::records::control_type::abort));
        EXPECT_TRUE((co_await log.wait_committed(offset(2))).has_value());
        EXPECT_EQ(log.last_stable_offset(), offset(2));
        const auto aborted = co_await log.aborted_transactions(offset(0), offset(2));
        EXPECT_THAT(*aborted, ElementsAre(aborted_transaction{kafka::producer_id(5), offset(0)}));
        EXPECT_TRUE((co_await log.aborted_transactions(offset(2), offset(3)))->empty());
    });
}

TEST_F(log_test, truncation_takes_whole_batches_and_what_they_meant) {
    config.segment_bytes = 500;
    run_log([](stored_log& log) -> awaitable<void> {
        for (int at = 0; at < 20; ++at) {
            (void)co_await append(log,
                                  {.values = {"a", "b"}, .producer = 7, .sequence = at * 2},
                                  append_origin::client,
                                  kafka::leader_epoch(at / 5));
        }
        EXPECT_TRUE((co_await log.truncate_to(offset(15))).has_value());
        EXPECT_EQ(log.log_end(), offset(14));
        EXPECT_EQ(log.latest_epoch(), kafka::leader_epoch(1));
        EXPECT_EQ((co_await append(log, {.producer = 7, .sequence = 16})).error(),
                  errc::out_of_order_sequence);
        const auto next = co_await append(log, {.values = {"z"}, .producer = 7, .sequence = 14});
        EXPECT_EQ(next->base_offset, offset(14));
        EXPECT_THAT((co_await values(log, offset(12))), ElementsAre("a", "b", "z"));
    });
    run_log([](stored_log& log) -> awaitable<void> {
        EXPECT_EQ(log.log_end(), offset(15));
        EXPECT_TRUE((co_await log.truncate_to(offset(0))).has_value());
        EXPECT_EQ(log.log_end(), offset(0));
        EXPECT_EQ((co_await append(log, {.producer = 7, .sequence = 0}))->base_offset, offset(0));
    });
}

TEST_F(log_test, deleted_records_stay_deleted_over_a_crash) {
    config.segment_bytes = 500;
    run_log([this](stored_log& log) -> awaitable<void> {
        log.set_sole_replica(true);
        for (int at = 0; at < 30; ++at) (void)co_await append(log, {.padding = 50});
        (void)co_await log.wait_committed(offset(30));
        EXPECT_EQ((co_await log.delete_records(offset(31))).error(), errc::offset_out_of_range);
        EXPECT_EQ(*co_await log.delete_records(offset(17)), offset(17));
        EXPECT_EQ(log.log_start(), offset(17));
        EXPECT_EQ(log.durable_log_start(), offset(17));
        EXPECT_EQ(
            (co_await log.read({.from = offset(16), .max_bytes = 1, .bound = offset(30)})).error(),
            errc::offset_out_of_range);
        EXPECT_EQ((co_await values(log, offset(17))).size(), 13U);
        node.power_loss();
        co_await universe.sleep_for(std::chrono::seconds(1));
    });
    run_log([](stored_log& log) -> awaitable<void> {
        EXPECT_EQ(log.log_start(), offset(17));
        EXPECT_EQ(log.log_end(), offset(30));
        co_return;
    });
}

TEST_F(log_test, an_epoch_that_wrote_nothing_is_known_to_its_leader) {
    run_log([](stored_log& log) -> awaitable<void> {
        (void)co_await append(log, {}, append_origin::client, kafka::leader_epoch(3));
        EXPECT_TRUE((co_await log.assign_epoch(kafka::leader_epoch(5))).has_value());
        EXPECT_EQ(log.latest_epoch(), kafka::leader_epoch(5));
        EXPECT_EQ(log.end_offset_for(kafka::leader_epoch(4)),
                  (epoch_end{kafka::leader_epoch(3), offset(1)}));
    });
}

TEST_F(log_test, an_epoch_that_wrote_nothing_gives_way_to_records_from_before_it) {
    run_log([](stored_log& log) -> awaitable<void> {
        (void)co_await append(log, {}, append_origin::client, kafka::leader_epoch(3));
        EXPECT_TRUE((co_await log.assign_epoch(kafka::leader_epoch(5))).has_value());
        kafka::records::byte_buffer older = make_batch({.values = {"b"}});
        kafka::records::set_base_offset(older.bytes(), offset(1));
        kafka::records::set_leader_epoch(older.bytes(), kafka::leader_epoch(4));
        (void)co_await log.append(older.bytes(), append_origin::follower, kafka::no_leader_epoch);
        EXPECT_EQ(log.epoch_of(offset(1)), kafka::leader_epoch(4));
        EXPECT_EQ(log.latest_epoch(), kafka::leader_epoch(4));
    });
}

// Storm of the cluster, seed 102750.
TEST_F(log_test, an_epoch_that_wrote_nothing_gives_way_to_records_behind_a_compacted_stretch) {
    run_log([](stored_log& log) -> awaitable<void> {
        (void)co_await append(log, {}, append_origin::client, kafka::leader_epoch(3));
        EXPECT_TRUE((co_await log.assign_epoch(kafka::leader_epoch(5))).has_value());
        kafka::records::byte_buffer newer = make_batch({.values = {"b"}});
        kafka::records::set_base_offset(newer.bytes(), offset(4));
        kafka::records::set_leader_epoch(newer.bytes(), kafka::leader_epoch(6));
        (void)co_await log.append(newer.bytes(), append_origin::follower, kafka::no_leader_epoch);
        EXPECT_EQ(log.epoch_of(offset(3)), kafka::leader_epoch(3));
        EXPECT_EQ(log.end_offset_for(kafka::leader_epoch(5)),
                  (epoch_end{kafka::leader_epoch(3), offset(4)}));
    });
}

TEST_F(log_test, a_follower_keeps_the_leaders_offsets_and_epochs) {
    run_log([](stored_log& log) -> awaitable<void> {
        kafka::records::byte_buffer batches;
        for (const int base : {0, 5, 6}) {
            kafka::records::byte_buffer one = make_batch({.values = {"a"}});
            kafka::records::set_base_offset(one.bytes(), offset(base));
            kafka::records::set_leader_epoch(one.bytes(), kafka::leader_epoch(base));
            batches.append(one.bytes());
        }
        const auto done =
            co_await log.append(batches.bytes(), append_origin::follower, kafka::no_leader_epoch);
        EXPECT_EQ(done->last_offset, offset(6));
        EXPECT_EQ(log.epoch_of(offset(5)), kafka::leader_epoch(5));
        const auto found =
            co_await log.read({.from = offset(2), .max_bytes = 1, .bound = offset(7)});
        EXPECT_EQ(found->first_offset, offset(5));
        EXPECT_EQ(
            (co_await log.append(batches.bytes(), append_origin::follower, kafka::no_leader_epoch))
                .error(),
            errc::offset_out_of_range);
    });
}

TEST_F(log_test, what_does_not_parse_is_refused) {
    run_log([](stored_log& log) -> awaitable<void> {
        kafka::records::byte_buffer batch = make_batch({});
        const auto cut = batch.bytes().first(batch.size() - 1);
        EXPECT_EQ((co_await log.append(cut, append_origin::client, kafka::leader_epoch(0))).error(),
                  errc::corrupt);
        EXPECT_EQ((co_await log.append({}, append_origin::client, kafka::leader_epoch(0))).error(),
                  errc::corrupt);
        EXPECT_EQ(log.log_end(), offset(0));
    });
}

}  // namespace
}  // namespace verdikt::broker::storage
