#include "tests/unit/storage/log_bench.h"

#include <string>
#include <vector>

namespace verdikt::broker::storage {
namespace {

using kafka::offset;
using runtime::awaitable;
using namespace std::chrono_literals;

/// What the next life finds.
struct remains {
    bool was_done = false;
    offset start;
    offset end;
    std::vector<std::string> values;
};

class restart_power_loss_test : public log_test, public testing::WithParamInterface<int> {
  protected:
    restart_power_loss_test() { config.segment_bytes = 500; }

    /// Twenty records in several segments.
    static awaitable<void> fill(stored_log& log) {
        for (int at = 0; at < 20; ++at) {
            EXPECT_TRUE(co_await append(log, {.values = {std::to_string(at)}, .padding = 40}));
        }
        log.advance_high_watermark(offset(20));
    }

    /// At some moment of it, or soon after.
    remains lose_power_while_restarting(std::uint64_t seed, offset at) {
        runtime::sim::world fresh(seed);
        runtime::sim::node& machine = fresh.add_node("broker");
        bool begun = false;
        remains found;
        const auto restart = [&](log_directory& directory) -> awaitable<void> {
            auto made = co_await directory.create_partition(which, topic_id(), config);
            auto& log = dynamic_cast<stored_log&>(**made);
            co_await fill(log);
            EXPECT_TRUE(co_await log.flush());
            EXPECT_TRUE(co_await log.delete_records(offset(5)));
            begun = true;
            found.was_done = (co_await log.restart_at(at)).has_value();
            co_await fresh.sleep_for(1h);
        };
        const auto look = [&](log_directory& directory) -> awaitable<void> {
            const auto log = directory.partition(which);
            found.start = log->log_start();
            found.end = log->log_end();
            found.values = co_await values(*log, log->log_start());
        };
        machine.start([&](runtime::environment& env) { return live(env, restart); });
        while (!begun) fresh.run_for(100us);
        fresh.run_for(runtime::duration(fresh.random().between(0, 8'000'000)));
        machine.power_loss();
        fresh.run(machine.until_stopped());
        machine.start([&](runtime::environment& env) { return live(env, look); });
        fresh.run(machine.until_stopped());
        return found;
    }
};

TEST_P(restart_power_loss_test, a_power_loss_on_the_way_leaves_the_old_log_or_no_records) {
    int old_ones = 0;
    int empty_ones = 0;
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        SCOPED_TRACE(seed);
        const remains found = lose_power_while_restarting(seed, offset(GetParam()));
        if (found.was_done) {
            EXPECT_EQ(found.start, offset(GetParam()));
        }
        (found.values.empty() ? empty_ones : old_ones) += 1;
        EXPECT_EQ(found.end - found.start, static_cast<std::int64_t>(found.values.size()));
        for (offset at = found.start; at < found.end; at = at.next()) {
            EXPECT_FALSE(found.was_done);
            EXPECT_EQ(found.values[static_cast<std::size_t>(at - found.start)],
                      std::to_string(at.value()));
        }
    }
    EXPECT_GT(old_ones, 3);
    EXPECT_GT(empty_ones, 3);
}

INSTANTIATE_TEST_SUITE_P(below_within_and_beyond_the_log,
                         restart_power_loss_test,
                         testing::Values(2, 12, 20, 500));

}  // namespace
}  // namespace verdikt::broker::storage
