// The queue workload against a whole broker in the simulated world: what it records is judged by
// the log checker, which finds nothing where the settings are safe, and something where they are
// not.
#include "workloads/queue/queue.h"
#include "checker/history/reader.h"
#include "checker/log/log_checker.h"
#include "tests/sim/faults/fault_mix.h"
#include "tests/sim/for_each_seed.h"
#include "tests/sim/load/broker_program.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using runtime::awaitable;
using runtime::environment;
using runtime::sim::node;

constexpr runtime::duration storm_span = 12s;
constexpr runtime::duration calm_span = 2s;

class kept_lines : public workloads::line_sink {
  public:
    void append(std::string_view line) override { text += line; }
    std::string text;
};

workloads::queue_options safe_plan(std::uint64_t seed) {
    workloads::queue_options plan;
    plan.load.servers = {"broker:9092"};
    plan.load.seed = seed;
    plan.load.replication_factor = 1;
    plan.load.partitions = 3;
    plan.load.rate = 60;
    plan.crash_chance = 0.01;
    return plan;
}

/// One broker that breaks and heals, and the workload on a machine of its own.
class queue_storm {
  public:
    queue_storm(std::uint64_t seed, workloads::queue_options plan)
        : universe_(seed),
          broker_(universe_.add_node("broker")),
          clients_(universe_.add_node("clients")),
          history_(lines_, [this] { return universe_.now(); }),
          plan_(std::move(plan)) {
        program_.set("transaction.state.log.num.partitions", "2");
    }

    /// Of the broker. Before it runs.
    void set(std::string key, std::string value) { program_.set(std::move(key), std::move(value)); }

    void run() {
        broker_.start([this](environment& world) { return program_.run(world); });
        universe_.run_for(1s);
        faults_end_ = universe_.now() + storm_span;
        clients_.start([this](environment& world) { return work(world); });
        universe_.run(break_things());
        if (clients_.failure()) std::rethrow_exception(clients_.failure());
    }

    [[nodiscard]] checker::judgement judged(const checker::log::settings& asked) const {
        checker::history::text_source text(lines_.text);
        const auto reader = checker::history::read_json(text);
        const auto recorded = checker::log::recording::read(*reader);
        if (!recorded) {
            ADD_FAILURE() << recorded.error().what;
            return {.says = checker::verdict::crash};
        }
        return checker::log::check(*recorded, asked);
    }

    [[nodiscard]] const workloads::recorder& history() const { return history_; }
    [[nodiscard]] const std::string& text() const { return lines_.text; }

  private:
    awaitable<void> work(environment& world) {
        queue_ = workloads::make_queue(world, plan_, history_);
        const auto ready = co_await queue_->set_up(world.now() + 60s);
        if (!ready) throw std::runtime_error(ready.error());
        const auto until = std::max(faults_end_, world.now()) + calm_span;
        co_await queue_->run(until);
        co_await queue_->finish(world.now() + 90s);
        queue_.reset();
    }

    awaitable<void> break_things() {
        fault_mix faults(universe_, {&broker_});
        runtime::scope running(universe_.get_executor());
        running.spawn(faults.strike(faults_end_));
        running.spawn(crash_clients());
        co_await running.join();
        while (clients_.running()) {
            co_await universe_.sleep_for(500ms);
            if (!broker_.running()) broker_.restart();
        }
    }

    awaitable<void> crash_clients() {
        while (universe_.now() < faults_end_) {
            co_await universe_.sleep_for(4s);
            if (queue_) static_cast<void>(queue_->crash_clients());
        }
    }

    broker_program program_;
    kept_lines lines_;
    runtime::sim::world universe_;
    node& broker_;
    node& clients_;
    workloads::recorder history_;
    workloads::queue_options plan_;
    runtime::instant faults_end_{};
    std::unique_ptr<workloads::workload> queue_;
};

void show(const checker::judgement& said) {
    for (const checker::finding& each : said.violations) {
        ADD_FAILURE() << each.name << ", " << each.count
                      << " times: " << each.examples.front().what;
    }
    for (const std::string& why : said.doubts) ADD_FAILURE() << why;
}

TEST(queue_workload, a_broker_that_breaks_and_heals_keeps_what_it_promised) {
    constexpr std::uint64_t seeds = 12;
    workloads::outcome_counts all;
    runtime::sim::for_each_seed(seeds, [&all](std::uint64_t seed) {
        queue_storm storm(seed, safe_plan(seed));
        storm.run();
        show(storm.judged({}));
        const auto& counts = storm.history().counts();
        EXPECT_EQ(counts.begun, counts.ok + counts.failed + counts.unknown);
        all.ok += counts.ok;
        all.failed += counts.failed;
        all.unknown += counts.unknown;
    });
    fmt::print("{} ok, {} failed, {} unknown\n", all.ok, all.failed, all.unknown);
    if (runtime::sim::seeds_from_environment(seeds).count < seeds) return;
    EXPECT_GT(all.ok, 1'000U);
    EXPECT_GT(all.failed, 50U);
    EXPECT_GT(all.unknown, 50U);
}

TEST(queue_workload, writes_that_nobody_synced_are_lost_and_found_to_be_missing) {
    std::size_t caught = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        queue_storm storm(seed, safe_plan(seed));
        storm.set("log.flush.interval.messages", "1000000");
        storm.run();
        for (const checker::finding& each : storm.judged({}).violations) {
            caught += each.name == "lost-write" || each.name == "unseen" ? 1 : 0;
        }
    }
    EXPECT_GT(caught, 0U);
}

TEST(queue_workload, a_seed_gives_the_same_history_again) {
    queue_storm first(7, safe_plan(7));
    queue_storm second(7, safe_plan(7));
    first.run();
    second.run();
    EXPECT_EQ(first.text(), second.text());
}

}  // namespace
}  // namespace verdikt::tests
