// What replication asks of a log: to hear at once, to ask once more, to start over.
#include "tests/unit/storage/log_bench.h"

#include <gmock/gmock.h>

namespace verdikt::broker::storage {
namespace {

using kafka::leader_epoch;
using kafka::offset;
using runtime::awaitable;
using testing::ElementsAre;

class counting_watcher final : public log_watcher {
  public:
    explicit counting_watcher(partition_log& log) : log_(log) { log_.set_watcher(this); }
    counting_watcher(const counting_watcher&) = delete;
    counting_watcher& operator=(const counting_watcher&) = delete;
    ~counting_watcher() override { log_.set_watcher(nullptr); }

    void log_moved() noexcept override {
        ++calls;
        failure = log_.failure();
        log_.advance_high_watermark(log_.durable_end());
    }

    int calls = 0;
    std::optional<errc> failure;

  private:
    partition_log& log_;
};

TEST_F(log_test, a_watcher_moves_the_high_watermark_within_the_call_that_made_it_durable) {
    run_log([](stored_log& log) -> awaitable<void> {
        counting_watcher watcher(log);
        const auto done = co_await append(log, {});
        EXPECT_GE(watcher.calls, 1);
        EXPECT_TRUE((co_await log.wait_durable(done->last_offset.next())).has_value());
        EXPECT_EQ(log.high_watermark(), log.durable_end());
    });
}

TEST_F(log_test, a_watcher_hears_of_a_failure) {
    run_log([this](stored_log& log) -> awaitable<void> {
        counting_watcher watcher(log);
        node.disk().fail_next(runtime::sim::disk_operation::sync, 1);
        (void)co_await append(log, {});
        EXPECT_FALSE((co_await log.wait_durable(offset(1))).has_value());
        EXPECT_EQ(watcher.failure, errc::offline);
    });
}

class no_open_transaction final : public append_condition {
  public:
    bool allows(const producer_table& producers, runtime::const_bytes batches) override {
        ++asked;
        EXPECT_FALSE(batches.empty());
        const auto found = producers.producers().find(kafka::producer_id(1));
        return found == producers.producers().end() || !found->second.transaction_start;
    }

    int asked = 0;
};

TEST_F(log_test, a_condition_sees_what_was_appended_while_the_append_waited_for_its_turn) {
    config.segment_bytes = 300;
    run_log([this](stored_log& log) -> awaitable<void> {
        (void)co_await append(log, {.padding = 200});
        runtime::scope appends(universe.get_executor());
        appends.spawn([](stored_log& to) -> awaitable<void> {
            // Has to make a segment first, and holds its turn meanwhile.
            const auto done = co_await append(
                to, {.producer = 1, .sequence = 0, .transactional = true, .padding = 200});
            EXPECT_TRUE(done.has_value());
        }(log));
        no_open_transaction condition;
        appends.spawn([](stored_log& to, no_open_transaction& asked) -> awaitable<void> {
            kafka::records::byte_buffer batch = make_batch({.values = {"late"}});
            const auto done =
                co_await to.append(batch.bytes(), append_origin::client, leader_epoch(0), &asked);
            EXPECT_EQ(done.error(), errc::refused);
        }(log, condition));
        co_await appends.join();
        EXPECT_EQ(condition.asked, 1);
        EXPECT_EQ(log.log_end(), offset(2));
    });
}

TEST_F(log_test, a_log_that_starts_over_has_nothing_of_before) {
    config.segment_bytes = 300;
    run_log([](stored_log& log) -> awaitable<void> {
        for (int batch = 0; batch < 10; ++batch) {
            (void)co_await append(log, {.values = {"old"}, .producer = 1, .sequence = batch});
        }
        EXPECT_TRUE((co_await log.restart_at(offset(100))).has_value());
        EXPECT_EQ(log.log_start(), offset(100));
        EXPECT_EQ(log.durable_log_start(), offset(100));
        EXPECT_EQ(log.log_end(), offset(100));
        EXPECT_EQ(log.durable_end(), offset(100));
        EXPECT_EQ(log.high_watermark(), offset(100));
        EXPECT_EQ(log.latest_epoch(), kafka::no_leader_epoch);
        EXPECT_TRUE(log.producers().producers().empty());
        log.check_invariants();
        EXPECT_TRUE((co_await append(log, {.values = {"new"}})).has_value());
        EXPECT_THAT(co_await values(log, offset(100)), ElementsAre("new"));
        EXPECT_TRUE((co_await log.wait_durable(offset(101))).has_value());
    });
    node.power_loss();
    run_log([](stored_log& log) -> awaitable<void> {
        EXPECT_EQ(log.log_start(), offset(100));
        EXPECT_THAT(co_await values(log, offset(100)), ElementsAre("new"));
    });
}

TEST_F(log_test, a_flusher_whose_records_were_cut_before_their_time_waits_for_the_next_ones) {
    config.flush_messages = 1'000;
    config.flush_ms = std::chrono::milliseconds(50);
    run_log([this](stored_log& log) -> awaitable<void> {
        EXPECT_TRUE((co_await append(log, {})).has_value());
        EXPECT_TRUE((co_await log.truncate_to(offset(0))).has_value());
        // A flusher that never waits would not let this time pass.
        co_await universe.sleep_for(std::chrono::seconds(1));
        EXPECT_TRUE((co_await append(log, {})).has_value());
        co_await universe.sleep_for(std::chrono::milliseconds(60));
        EXPECT_EQ(log.durable_end(), offset(1));
    });
}

TEST_F(log_test, a_log_may_start_over_below_where_it_started) {
    run_log([](stored_log& log) -> awaitable<void> {
        (void)co_await append(log, {.values = {"a", "b", "c"}});
        log.advance_high_watermark(offset(3));
        EXPECT_TRUE((co_await log.delete_records(offset(3))).has_value());
        EXPECT_TRUE((co_await log.restart_at(offset(1))).has_value());
        log.check_invariants();
        EXPECT_EQ(log.log_start(), offset(1));
        EXPECT_TRUE((co_await append(log, {.values = {"d"}})).has_value());
        EXPECT_TRUE((co_await log.wait_durable(offset(2))).has_value());
    });
    node.power_loss();
    run_log([](stored_log& log) -> awaitable<void> {
        EXPECT_EQ(log.log_start(), offset(1));
        EXPECT_THAT(co_await values(log, offset(1)), ElementsAre("d"));
    });
}

/// Cuts the power at each of many moments while the log starts over.
TEST_F(log_test, a_log_whose_restart_was_cut_short_is_old_or_empty_and_never_a_mixture) {
    config.segment_bytes = 300;
    settings.defaults = config;
    for (int moment = 0; moment < 60; ++moment) {
        run_log([](stored_log& log) -> awaitable<void> {
            (void)co_await log.restart_at(offset(10));
            for (int batch = 0; batch < 6; ++batch) (void)co_await append(log, {.padding = 50});
            log.advance_high_watermark(offset(16));
            EXPECT_TRUE((co_await log.flush()).has_value());
        });
        node.start([this](runtime::environment& world) -> awaitable<void> {
            auto opened = co_await log_directory::open(world, data_directory, settings);
            const auto log = (*opened)->partition(which);
            std::exception_ptr killed;
            try {
                (void)co_await log->restart_at(offset(3));
            } catch (...) {
                killed = std::current_exception();
            }
            co_await (*opened)->stop();
            if (killed) std::rethrow_exception(killed);
        });
        universe.run_for(std::chrono::microseconds(100 * moment));
        if (node.running()) node.power_loss();
        universe.run(node.until_stopped());
        run_log([](stored_log& log) -> awaitable<void> {
            const offset start = log.log_start();
            const offset end = log.log_end();
            const bool is_old = start == offset(10);
            const bool is_new = start == offset(3) && end == offset(3);
            EXPECT_TRUE(is_old || is_new) << start.value() << " to " << end.value();
            const auto found = co_await values(log, start);
            EXPECT_EQ(static_cast<std::int64_t>(found.size()), end - start);
        });
    }
}

TEST_F(log_test, a_partition_set_aside_leaves_its_name_and_keeps_its_files) {
    run([this](log_directory& directory) -> awaitable<void> {
        const auto log = *co_await directory.create_partition(which, topic_id(), config);
        EXPECT_TRUE((co_await append(*log, {.values = {"kept"}})).has_value());
        EXPECT_TRUE((co_await directory.set_aside_partition(which)).has_value());
        EXPECT_EQ(directory.partition(which), nullptr);
        EXPECT_EQ(log->failure(), errc::stopped);
        EXPECT_TRUE((co_await directory.create_partition(which, {}, config)).has_value());
    });
    run([this](log_directory& directory) -> awaitable<void> {
        EXPECT_EQ(directory.partition(which)->log_end(), offset(0));
        bool found = false;
        for (const auto& path : node.disk().files_below(data_directory)) {
            found = found || path.string().find("-stray/") != std::string::npos;
        }
        EXPECT_TRUE(found);
        co_return;
    });
}

}  // namespace
}  // namespace verdikt::broker::storage
