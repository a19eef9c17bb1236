// Producers through a storm, and what is in the log afterwards.
#include "tests/sim/client/client_storm.h"
#include "tests/sim/client_programs/reader.h"
#include "tests/sim/client_programs/report.h"
#include "tests/sim/client_programs/restless_sender.h"
#include "tests/sim/for_each_seed.h"

#include <gtest/gtest.h>

#include <list>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using runtime::awaitable;

struct producer_storm_outcome {
    produced_history history;
    std::vector<found_record> found;
    std::uint64_t crashes = 0;
    std::uint64_t power_losses = 0;
    std::uint64_t trace = 0;
};

awaitable<void> outlast(client_storm& storm, const std::vector<runtime::sim::node*>& senders) {
    co_await storm.rage(12s);
    for (runtime::sim::node* const each : senders) co_await each->until_stopped();
    co_await storm.cut_the_power();
}

producer_storm_outcome run_storm(std::uint64_t seed, const sender_plan& plan) {
    producer_storm_outcome outcome;
    client_storm storm(seed);
    std::list<restless_sender> programs;
    std::vector<runtime::sim::node*> machines;
    storm.start_broker();
    for (int index = 0; index < 2; ++index) {
        restless_sender& program = programs.emplace_back(index, plan, outcome.history);
        machines.push_back(&storm.add_client("sender-" + std::to_string(index), true));
        machines.back()->start(
            [&program](runtime::environment& world) { return program.run(world); });
    }
    storm.universe.run(outlast(storm, machines));
    for (runtime::sim::node* const each : machines) {
        if (each->failure()) std::rethrow_exception(each->failure());
    }
    runtime::sim::node& reader = storm.universe.add_node("reader");
    reader.start([&](runtime::environment& world) -> awaitable<void> {
        return [](runtime::environment& mine,
                  std::string topic,
                  std::vector<found_record>& into) -> awaitable<void> {
            into = co_await read_topic(mine, client_storm::client_config(), std::move(topic));
        }(world, plan.topic, outcome.found);
    });
    storm.universe.run(reader.until_stopped());
    if (reader.failure()) std::rethrow_exception(reader.failure());
    outcome.trace = storm.universe.trace_hash();
    outcome.crashes = storm.count(trouble::broker_crash);
    outcome.power_losses = storm.count(trouble::broker_power_loss);
    return outcome;
}

struct totals {
    std::size_t delivered = 0;
    std::size_t failed = 0;
    std::size_t unknown = 0;
    std::uint64_t crashes = 0;
    std::uint64_t power_losses = 0;

    void add(const producer_storm_outcome& outcome) {
        delivered += outcome.history.count<client::delivered>();
        failed += outcome.history.count<client::failed>();
        unknown += outcome.history.count<client::unknown>();
        crashes += outcome.crashes;
        power_losses += outcome.power_losses;
    }
};

totals run_seeds(std::uint64_t count, const sender_plan& plan, const producer_promises& promised) {
    totals all;
    runtime::sim::for_each_seed(count, [&](std::uint64_t seed) {
        const producer_storm_outcome outcome = run_storm(seed, plan);
        report(outcome.history.judge(outcome.found, promised));
        all.add(outcome);
    });
    return all;
}

TEST(producer_storm, idempotent_records_are_there_once_in_order_and_as_told) {
    const totals all = run_seeds(200, {}, {});
    if (runtime::sim::seeds_from_environment(200).count < 200) return;
    EXPECT_GT(all.delivered, 25'000U);
    EXPECT_GT(all.failed, 0U);
    EXPECT_GT(all.unknown, 0U);
    EXPECT_GT(all.crashes, 20U);
    EXPECT_GT(all.power_losses, 20U);
}

TEST(producer_storm, without_idempotence_what_is_acknowledged_is_there_and_what_failed_is_not) {
    const totals all =
        run_seeds(30, {.idempotent = false}, {.once_and_in_order = false, .durable = true});
    if (runtime::sim::seeds_from_environment(30).count < 30) return;
    EXPECT_GT(all.delivered, 3'500U);
    EXPECT_GT(all.unknown, 0U);
}

TEST(producer_storm, with_acks_one_what_failed_is_not_there) {
    const totals all = run_seeds(
        20, {.idempotent = false, .acks = "1"}, {.once_and_in_order = false, .durable = false});
    if (runtime::sim::seeds_from_environment(20).count < 20) return;
    EXPECT_GT(all.delivered, 2'500U);
}

TEST(producer_storm, a_seed_replays_bit_for_bit) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        EXPECT_EQ(run_storm(seed, {}).trace, run_storm(seed, {}).trace) << seed;
    }
}

TEST(producer_storm, without_idempotence_duplicates_do_appear) {
    std::size_t seeds_with_duplicates = 0;
    for (std::uint64_t seed = 1; seed <= 15; ++seed) {
        const producer_storm_outcome outcome = run_storm(seed, {.idempotent = false});
        seeds_with_duplicates += outcome.history.judge(outcome.found, {}).empty() ? 0 : 1;
    }
    EXPECT_GT(seeds_with_duplicates, 2U);
}

}  // namespace
}  // namespace verdikt::tests
