// The queue workload with settings that promise less, in storms: what they allow is seen and told,
// and is no violation.
#include "tests/sim/for_each_seed.h"
#include "tests/sim/workloads/judged_storm.h"
#include "workloads/queue/queue.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <set>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;

struct relaxed {
    std::string_view name;
    void (*set)(workloads::load_options& load);
};

constexpr std::array settings{
    relaxed{"unclean elections", [](auto& load) { load.unclean_elections = true; }},
    relaxed{"acks=1", [](auto& load) { load.acks = "1"; }},
    relaxed{"acks=0", [](auto& load) { load.acks = "0"; }},
    relaxed{"no idempotence", [](auto& load) { load.no_idempotence = true; }},
    relaxed{"read_uncommitted", [](auto& load) { load.isolation_level = "read_uncommitted"; }},
    relaxed{"automatic commits", [](auto& load) { load.auto_commit = true; }},
};

checker::judgement storm_with(const relaxed& setting, std::uint64_t seed) {
    workloads::load_options load = small_load(seed);
    load.concurrency = 8;
    setting.set(load);
    const auto make = [load](runtime::environment& world,
                             std::vector<std::string> servers,
                             workloads::recorder& history) {
        workloads::queue_options plan{.load = load, .crash_chance = 0.01};
        plan.load.servers = std::move(servers);
        return workloads::make_queue(world, std::move(plan), history);
    };
    // Alone enough, so that a leader which the others have lost goes on and dies with what it has.
    workload_storm storm(
        {.seed = seed, .brokers = 3, .settings = {{"min.insync.replicas", "1"}}, .span = 25s},
        make);
    storm.run();
    return judged(storm, trial::queue_kind, load);
}

TEST(relaxed_settings, allow_what_they_allow_and_nothing_else) {
    std::set<std::string> allowed;
    runtime::sim::for_each_seed(2, [&allowed](std::uint64_t seed) {
        for (const relaxed& each : settings) {
            SCOPED_TRACE(each.name);
            const checker::judgement said = storm_with(each, seed);
            for (const checker::finding& one : said.violations) {
                ADD_FAILURE() << one.name << ", " << one.count
                              << " times: " << one.examples.front().what;
            }
            allowed.merge(names_of(said.allowed));
        }
    });
    fmt::print("seen: {}\n", fmt::join(allowed, ", "));
    EXPECT_TRUE(allowed.contains("G1a"));
}

}  // namespace
}  // namespace verdikt::tests
