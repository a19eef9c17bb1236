// A whole trial in the simulated world: a lab with one broker whose faults are what the test says.
// Runs that prove nothing are not valid, and say why.
#include "trial/trial.h"
#include "trial/demos.h"
#include "trial/judging.h"

#include "checker/history/reader.h"
#include "runtime/sim/world.h"
#include "tests/sim/load/broker_program.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using checker::verdict;
using nemesis::evidence;
using nemesis::fault_kind;
using runtime::awaitable;
using runtime::environment;
using runtime::sim::node;

/// What a broker of this lab can suffer.
enum class suffers { as_told, nothing, being_dead };

/// One broker; the only fault is to be killed.
class one_broker_lab final : public nemesis::lab {
  public:
    explicit one_broker_lab(suffers how) : how_(how) {
        program_.set("transaction.state.log.num.partitions", "2");
        program_.set("group.initial.rebalance.delay.ms", "0");
    }

    /// Before anything else.
    void take(node& broker) { broker_ = &broker; }

    [[nodiscard]] std::string name() const override { return "one-broker"; }
    [[nodiscard]] std::vector<std::int32_t> nodes() const override { return {1}; }
    [[nodiscard]] std::string bootstrap_servers() const override { return "broker:9092"; }
    [[nodiscard]] std::optional<std::string> refusal(fault_kind kind) const override {
        if (kind == fault_kind::kill) return std::nullopt;
        return "it knows how to kill, and nothing else";
    }
    reply<void> start() override {
        if (how_ != suffers::being_dead) {
            broker_->start([this](environment& world) { return program_.run(world); });
        }
        co_return std::expected<void, std::string>();
    }
    awaitable<void> stop() override { co_return; }

    reply<evidence> apply(nemesis::act_id,
                          nemesis::placed_fault,
                          std::chrono::milliseconds) override {
        if (how_ == suffers::nothing) co_return evidence{.text = "it lives on"};
        broker_->crash();
        co_return evidence{.bit = true, .text = "killed"};
    }
    reply<evidence> heal(nemesis::act_id, std::int32_t) override {
        revive();
        co_return evidence{};
    }
    reply<void> heal_all() override {
        revive();
        co_return std::expected<void, std::string>();
    }
    reply<bool> is_running(std::int32_t) override { co_return broker_->running(); }
    reply<nemesis::program_result> run(std::int32_t, std::vector<std::string>) override {
        co_return std::unexpected("there are no programs here");
    }
    [[nodiscard]] std::filesystem::path folder_of(std::int32_t) const override { return {}; }
    reply<void> collect_data(std::int32_t, std::filesystem::path) override {
        co_return std::unexpected("there are no files here");
    }

  private:
    void revive() {
        if (how_ != suffers::being_dead && !broker_->running()) broker_->restart();
    }

    node* broker_ = nullptr;
    suffers how_;
    broker_program program_;
};

class kept_lines : public workloads::line_sink {
  public:
    void append(std::string_view line) override { text += line; }
    std::string text;
};

trial::trial_options kills_for_some_time(std::uint64_t seed) {
    trial::trial_options options;
    options.time_limit = 20s;
    const nemesis::fault kill{.kind = fault_kind::kill, .target = {.who = nemesis::role::one}};
    options.schedule = {
        {.steps = {{.at = 3s, .lasts = 2s, .what = kill}, {.at = 9s, .lasts = 4s, .what = kill}}}};
    options.load.seed = seed;
    options.load.rate = 60;
    options.load.partitions = 2;
    options.load.replication_factor = 1;
    return options;
}

checker::report::run held(suffers how, trial::trial_options options) {
    one_broker_lab lab(how);
    kept_lines history;
    checker::report::run judged;
    runtime::sim::world universe(options.load.seed);  // What runs in it uses what is above.
    node& clients = universe.add_node("clients");
    lab.take(universe.add_node("broker"));
    clients.start([&](environment& world) -> awaitable<void> {
        trial::trial one(world, lab, options, history);
        co_await one.run();
        judged = one.facts();
        const auto done = trial::judge_run(judged, [&history] {
            return std::make_unique<checker::history::text_source>(history.text);
        });
        EXPECT_TRUE(done.has_value()) << done.error();
    });
    const runtime::instant until = universe.now() + 300s;
    while (clients.running() && universe.now() < until) universe.run_for(1s);
    EXPECT_FALSE(clients.running()) << "the trial has no end";
    if (clients.failure()) std::rethrow_exception(clients.failure());
    return judged;
}

std::string reasons_of(const checker::report::run& judged) {
    std::string all = fmt::format("{}", fmt::join(judged.reasons, "; "));
    for (const auto& each : judged.opinions) {
        all += fmt::format("; {}", fmt::join(each.said.doubts, "; "));
        for (const auto& found : each.said.violations) all += "; " + std::string(found.name);
    }
    return all;
}

TEST(trial, a_broker_that_dies_and_comes_back_is_valid_with_proof_that_it_died) {
    const auto judged = held(suffers::as_told, kills_for_some_time(5));
    EXPECT_EQ(judged.says, verdict::valid) << reasons_of(judged);
    EXPECT_EQ(judged.faults.size(), 2U);
    EXPECT_TRUE(std::ranges::all_of(judged.faults, [](const auto& each) { return each.bit; }));
    EXPECT_FALSE(judged.leaders.empty());
}

TEST(trial, a_fault_that_does_not_bite_leaves_it_undecided) {
    const auto judged = held(suffers::nothing, kills_for_some_time(5));
    EXPECT_EQ(judged.says, verdict::inconclusive);
    EXPECT_THAT(reasons_of(judged), testing::HasSubstr("kill never bit"));
}

TEST(trial, too_few_operations_leave_it_undecided) {
    trial::trial_options options = kills_for_some_time(5);
    options.load.operations_min = 100'000;
    const auto judged = held(suffers::as_told, std::move(options));
    EXPECT_EQ(judged.says, verdict::inconclusive);
    EXPECT_THAT(reasons_of(judged), testing::HasSubstr("100000")) << reasons_of(judged);
}

TEST(trial, a_cluster_that_never_served_leaves_it_undecided) {
    trial::trial_options options = kills_for_some_time(5);
    options.start_patience = 20s;
    const auto judged = held(suffers::being_dead, std::move(options));
    EXPECT_EQ(judged.says, verdict::inconclusive);
    EXPECT_THAT(reasons_of(judged), testing::HasSubstr("the cluster never served"));
}

TEST(trial, a_fault_that_the_lab_cannot_inject_is_refused_before_anything_runs) {
    trial::trial_options options = kills_for_some_time(5);
    options.schedule.reset();
    options.faults = {{fault_kind::kill, fault_kind::latency}};
    const auto judged = held(suffers::as_told, std::move(options));
    EXPECT_EQ(judged.says, verdict::infra);
    EXPECT_THAT(reasons_of(judged),
                testing::HasSubstr("cannot inject latency: it knows how to kill"));
    EXPECT_TRUE(judged.faults.empty());
}

checker::report::run shown(std::string_view name, bool safe, std::uint64_t seed) {
    const trial::demo& wanted = *trial::find_demo(name).value();
    trial::trial_options options;
    options.what = trial::find_kind(wanted.workload).value();
    options.time_limit = std::chrono::milliseconds(static_cast<std::int64_t>(wanted.seconds * 1e3));
    options.schedule = wanted.faults();
    options.load.seed = seed;
    options.load.replication_factor = 1;
    wanted.prepare(options.load);
    if (!safe) wanted.relax(options.load);
    return held(suffers::as_told, std::move(options));
}

TEST(demo, automatic_commits_pass_over_inputs_and_offsets_in_transactions_do_not) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        const auto caught = shown("auto-commit", false, seed);
        EXPECT_EQ(caught.says, verdict::violation) << reasons_of(caught);
        ASSERT_FALSE(caught.opinions.empty() || caught.opinions.front().said.violations.empty());
        EXPECT_EQ(caught.opinions.front().said.violations.front().name, "eos-lost");
        const auto withstood = shown("auto-commit", true, seed);
        EXPECT_EQ(withstood.says, verdict::valid) << reasons_of(withstood);
    }
}

}  // namespace
}  // namespace verdikt::tests
