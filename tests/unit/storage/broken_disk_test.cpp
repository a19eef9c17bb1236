/// A disk that fails, fills up or hangs under a log, and callers that are cancelled meanwhile.
#include "tests/unit/storage/log_bench.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace verdikt::broker::storage {
namespace {

using kafka::offset;
using runtime::awaitable;
using runtime::sim::disk_operation;

class broken_disk_test : public log_test {
  protected:
    static constexpr kafka::leader_epoch later{1};

    awaitable<void> kill() {
        node.crash();
        co_await universe.sleep_for(std::chrono::seconds(1));
    }
};

TEST_F(broken_disk_test, a_failed_sync_takes_the_directory_offline_for_good) {
    run([this](log_directory& directory) -> awaitable<void> {
        const auto log = *co_await directory.create_partition(which, {}, config);
        (void)co_await append(*log, {});
        EXPECT_TRUE((co_await log->wait_durable(offset(1))).has_value());
        // Let the epochs be saved, so that the sync that fails is that of the log.
        co_await universe.sleep_for(std::chrono::seconds(1));
        node.disk().fail_next(disk_operation::sync, 1);
        const auto written = co_await append(*log, {});
        EXPECT_TRUE(written.has_value());
        EXPECT_EQ((co_await log->wait_durable(offset(2))).error(), errc::offline);
        EXPECT_FALSE(directory.online());
        EXPECT_EQ(log->durable_end(), offset(1));
        EXPECT_EQ((co_await append(*log, {})).error(), errc::offline);
        EXPECT_EQ((co_await log->flush()).error(), errc::offline);
        // What was durable can still be read.
        EXPECT_EQ((co_await values(*log, offset(0))).size(), 2U);
    });
}

TEST_F(broken_disk_test, a_failed_write_is_undone_and_the_next_one_takes_its_place) {
    run_log([this](stored_log& log) -> awaitable<void> {
        (void)co_await append(log, {.values = {"a"}, .producer = 1, .sequence = 0});
        node.disk().fail_next(disk_operation::write, 1);
        const auto failed = co_await append(log, {.values = {"b"}, .producer = 1, .sequence = 1});
        EXPECT_EQ(failed.error(), errc::write_failed);
        EXPECT_EQ(log.log_end(), offset(1));
        EXPECT_FALSE(log.failure().has_value());
        const auto again = co_await append(log, {.values = {"b"}, .producer = 1, .sequence = 1});
        EXPECT_TRUE(again.has_value() && !again->duplicate && again->base_offset == offset(1));
        EXPECT_EQ(co_await values(log, offset(0)), (std::vector<std::string>{"a", "b"}));
    });
}

TEST_F(broken_disk_test, a_failed_write_takes_those_behind_it_along) {
    run_log([this](stored_log& log) -> awaitable<void> {
        node.disk().set_latency(disk_operation::write, {.base = std::chrono::milliseconds(5)});
        node.disk().fail_next(disk_operation::write, 1);
        int failed = 0;
        runtime::scope appends(universe.get_executor());
        for (int at = 0; at < 5; ++at) {
            appends.spawn([](stored_log& to, int sequence, int& failures) -> awaitable<void> {
                const auto done = co_await append(to, {.producer = 1, .sequence = sequence});
                if (!done && done.error() == errc::write_failed) ++failures;
            }(log, at, failed));
        }
        // The retry of one in flight, answered only once it is known what became of it.
        const auto retry = co_await append(log, {.producer = 1, .sequence = 0});
        co_await appends.join();
        EXPECT_EQ(failed, 5);
        EXPECT_TRUE(retry.has_value() && retry->base_offset == offset(0) && !retry->duplicate);
        EXPECT_EQ(log.log_end(), offset(1));
    });
}

TEST_F(broken_disk_test, a_batch_that_waited_for_a_roll_is_refused_if_the_one_before_it_failed) {
    config.segment_bytes = 300;
    run_log([this](stored_log& log) -> awaitable<void> {
        EXPECT_TRUE(
            (co_await append(log, {.producer = 1, .sequence = 0, .padding = 100})).has_value());
        node.disk().set_latency(disk_operation::write, {.base = std::chrono::milliseconds(5)});
        node.disk().fail_next(disk_operation::write, 1);
        runtime::scope appends(universe.get_executor());
        appends.spawn([](stored_log& to) -> awaitable<void> {
            const auto done = co_await append(to, {.producer = 1, .sequence = 1});
            EXPECT_EQ(done.error(), errc::write_failed);
        }(log));
        co_await universe.sleep_for(std::chrono::milliseconds(1));
        const auto next = co_await append(log, {.producer = 1, .sequence = 2, .padding = 100});
        EXPECT_EQ(next.error(), errc::out_of_order_sequence);
        co_await appends.join();
        EXPECT_EQ(log.log_end(), offset(1));
    });
}

TEST_F(broken_disk_test, a_disk_that_cannot_undo_a_write_goes_offline) {
    run([this](log_directory& directory) -> awaitable<void> {
        const auto log = *co_await directory.create_partition(which, {}, config);
        node.disk().fail_next(disk_operation::write, 2);
        EXPECT_EQ((co_await append(*log, {})).error(), errc::offline);
        EXPECT_FALSE(directory.online());
    });
}

TEST_F(broken_disk_test, below_the_reserve_only_clients_are_refused_until_space_returns) {
    settings.reserved_bytes = 10'000;
    run([this](log_directory& directory) -> awaitable<void> {
        const auto log = *co_await directory.create_partition(which, {}, config);
        EXPECT_TRUE((co_await append(*log, {})).has_value());
        node.disk().set_capacity(node.disk().used() + 5'000);
        co_await universe.sleep_for(std::chrono::seconds(2));
        EXPECT_TRUE(directory.below_reserve());
        EXPECT_EQ((co_await append(*log, {})).error(), errc::no_space);
        EXPECT_TRUE((co_await append(*log, {}, append_origin::internal)).has_value());
        node.disk().set_capacity(1 << 30);
        co_await universe.sleep_for(std::chrono::seconds(2));
        EXPECT_FALSE(directory.below_reserve());
        EXPECT_TRUE((co_await append(*log, {})).has_value());
        EXPECT_TRUE(directory.online());
    });
}

TEST_F(broken_disk_test, a_full_disk_refuses_what_does_not_fit_and_keeps_what_does) {
    run([this](log_directory& directory) -> awaitable<void> {
        const auto log = *co_await directory.create_partition(which, {}, config);
        EXPECT_TRUE((co_await append(*log, {.values = {"a"}})).has_value());
        node.disk().set_capacity(node.disk().used() + 4096);
        const auto refused = co_await append(*log, {.values = {"b"}, .padding = 100'000});
        EXPECT_EQ(refused.error(), errc::no_space);
        EXPECT_TRUE(directory.online());
        EXPECT_EQ(log->log_end(), offset(1));
        node.disk().set_capacity(1 << 30);
        co_await universe.sleep_for(std::chrono::seconds(2));
        EXPECT_TRUE((co_await append(*log, {.values = {"c"}})).has_value());
        EXPECT_EQ(co_await values(*log, offset(0)), (std::vector<std::string>{"a", "c"}));
    });
}

TEST_F(broken_disk_test, a_hung_disk_holds_up_appends_and_nothing_else) {
    run_log([this](stored_log& log) -> awaitable<void> {
        (void)co_await append(log, {});
        (void)co_await log.wait_durable(offset(1));
        node.disk().hang();
        runtime::scope appends(universe.get_executor());
        bool done = false;
        appends.spawn([](stored_log& to, bool& finished) -> awaitable<void> {
            EXPECT_TRUE((co_await append(to, {})).has_value());
            finished = true;
        }(log, done));
        co_await universe.sleep_for(std::chrono::seconds(60));
        EXPECT_FALSE(done);
        EXPECT_EQ(log.log_end(), offset(1));
        node.disk().thaw();
        co_await appends.join();
        EXPECT_TRUE((co_await log.wait_durable(offset(2))).has_value());
    });
}

TEST_F(broken_disk_test, a_restart_after_a_failed_sync_does_not_believe_the_page_cache) {
    run([this](log_directory& directory) -> awaitable<void> {
        const auto log = *co_await directory.create_partition(which, {}, config);
        (void)co_await append(*log, {.values = {"a"}});
        (void)co_await log->wait_durable(offset(1));
        node.disk().fail_next(disk_operation::sync, 1);
        (void)co_await append(*log, {.values = {"b"}});
        EXPECT_EQ((co_await log->wait_durable(offset(2))).error(), errc::offline);
        co_await kill();
    });
    // The cache still shows "b", and says that it is clean.
    run([this](log_directory& directory) -> awaitable<void> {
        const auto log = directory.partition(which);
        EXPECT_EQ(log->log_end(), offset(2));
        (void)co_await append(*log, {.values = {"c"}});
        EXPECT_TRUE((co_await log->wait_durable(offset(3))).has_value());
        node.power_loss();
        co_await universe.sleep_for(std::chrono::seconds(1));
    });
    run_log([](stored_log& log) -> awaitable<void> {
        EXPECT_EQ(co_await values(log, offset(0)), (std::vector<std::string>{"a", "b", "c"}));
    });
}

// A power loss keeps some of what was not synced: of several names it hardly keeps all.
TEST_F(broken_disk_test, the_name_of_a_log_outlives_a_sync_of_it_that_failed) {
    std::vector<kafka::topic_partition> several;
    for (int index = 0; index < 8; ++index) {
        several.push_back({"topic", kafka::partition_index(index)});
        run([&](log_directory& directory) -> awaitable<void> {
            const auto log = *co_await directory.create_partition(several.back(), {}, config);
            node.disk().fail_next(disk_operation::sync, 1);
            (void)co_await append(*log, {});
            EXPECT_EQ((co_await log->wait_durable(offset(1))).error(), errc::offline);
            co_await kill();
        });
        run([&](log_directory& directory) -> awaitable<void> {
            const auto log = directory.partition(several.back());
            (void)co_await append(*log, {});
            EXPECT_TRUE((co_await log->wait_durable(offset(2))).has_value());
            node.power_loss();
            co_await universe.sleep_for(std::chrono::seconds(1));
        });
    }
    run([&](log_directory& directory) -> awaitable<void> {
        for (const kafka::topic_partition& each : several) {
            EXPECT_NE(directory.partition(each), nullptr) << kafka::to_text(each);
        }
        co_return;
    });
}

TEST_F(broken_disk_test, a_log_start_that_was_not_saved_leaves_the_epochs_below_it) {
    run([this](log_directory& directory) -> awaitable<void> {
        const auto log = *co_await directory.create_partition(which, {}, config);
        log->set_sole_replica(true);
        for (int epoch = 0; epoch < 3; ++epoch) {
            (void)co_await append(*log, {}, append_origin::client, kafka::leader_epoch(epoch));
        }
        (void)co_await log->wait_committed(offset(3));
        co_await universe.sleep_for(std::chrono::seconds(1));
        node.disk().fail_next(disk_operation::metadata, 1);
        EXPECT_EQ((co_await log->delete_records(offset(2))).error(), errc::offline);
        EXPECT_EQ(log->durable_log_start(), offset(0));
        co_await kill();
    });
    run_log([](stored_log& log) -> awaitable<void> {
        EXPECT_EQ(log.log_start(), offset(0));
        EXPECT_EQ(log.epoch_of(offset(0)), kafka::leader_epoch(0));
        EXPECT_EQ(log.epoch_of(offset(1)), kafka::leader_epoch(1));
        co_return;
    });
}

TEST_F(broken_disk_test, a_caller_cancelled_in_a_repair_leaves_it_to_the_next) {
    run_log([this](stored_log& log) -> awaitable<void> {
        (void)co_await append(log, {.values = {"a"}});
        (void)co_await log.wait_durable(offset(1));
        for (int delay_us = 0; delay_us < 600; delay_us += 40) {
            const offset end = log.log_end();
            node.disk().fail_next(disk_operation::write, 1);
            runtime::scope appends(universe.get_executor());
            appends.spawn([](stored_log& to) -> awaitable<void> {
                (void)co_await append(to, {.values = {"lost"}});
            }(log));
            co_await universe.sleep_for(std::chrono::microseconds(delay_us));
            co_await appends.cancel_and_join();
            node.disk().heal();
            const auto next = co_await append(log, {.values = {"kept"}});
            EXPECT_TRUE(next.has_value() && next->base_offset == end) << delay_us;
            EXPECT_TRUE((co_await log.wait_durable(log.log_end())).has_value());
            log.check_invariants();
        }
        const auto kept = co_await values(log, offset(0));
        EXPECT_EQ(std::ranges::count(kept, "lost"), 0);
        EXPECT_EQ(kept.size(), static_cast<std::size_t>(log.log_end().value()));
    });
}

TEST_F(broken_disk_test, a_flush_cancelled_half_way_leaves_nothing_unsynced_behind) {
    for (int delay_us = 0; delay_us < 800; delay_us += 40) {
        const kafka::topic_partition mine{"at", kafka::partition_index(delay_us)};
        run([this, mine, delay_us](log_directory& directory) -> awaitable<void> {
            const auto log = *co_await directory.create_partition(mine, {}, config);
            (void)co_await append(*log, {.values = {"a"}});
            (void)co_await log->roll();
            (void)co_await append(*log, {.values = {"b"}}, append_origin::client, later);
            runtime::scope flushes(universe.get_executor());
            flushes.spawn(
                [](partition_log& of) -> awaitable<void> { (void)co_await of.flush(); }(*log));
            co_await universe.sleep_for(std::chrono::microseconds(delay_us));
            co_await flushes.cancel_and_join();
            (void)co_await append(*log, {.values = {"c"}}, append_origin::client, later);
            EXPECT_TRUE((co_await log->wait_durable(offset(3))).has_value());
            node.power_loss();
            co_await universe.sleep_for(std::chrono::seconds(1));
        });
        run([mine](log_directory& directory) -> awaitable<void> {
            const auto log = directory.partition(mine);
            const std::vector<std::string> all{"a", "b", "c"};
            EXPECT_EQ(co_await values(*log, offset(0)), all) << mine.partition.value();
            EXPECT_EQ(log->epoch_of(offset(1)), later);
        });
    }
}

}  // namespace
}  // namespace verdikt::broker::storage
