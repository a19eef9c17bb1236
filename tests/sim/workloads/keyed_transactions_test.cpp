// The workloads list-append and rw-register against whole brokers in the simulated world: what a
// log promises to transactions is kept where settings are safe, and what they take away is seen.
#include "tests/sim/for_each_seed.h"
#include "tests/sim/workloads/judged_storm.h"
#include "workloads/list_append/list_append.h"
#include "workloads/rw_register/rw_register.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;

enum class holds : std::uint8_t { lists, registers };

std::unique_ptr<workload_storm> make_storm(std::uint64_t seed,
                                           holds what,
                                           const workloads::load_options& load) {
    const auto make = [what, load](runtime::environment& world,
                                   std::vector<std::string> servers,
                                   workloads::recorder& history) {
        workloads::load_options here = load;
        here.servers = std::move(servers);
        // So short that lists are replaced while things break.
        return what == holds::lists
                   ? workloads::make_list_append(world, {.load = here, .appends_max = 40}, history)
                   : workloads::make_rw_register(world, here, history);
    };
    return std::make_unique<workload_storm>(
        storm_form{.seed = seed, .brokers = seed % 3 == 0 ? 1 : 3, .calm = 8s}, make);
}

const trial::kind& kind_of(holds what) {
    return what == holds::lists ? trial::list_append_kind : trial::rw_register_kind;
}

/// What was counted over all seeds; each must be valid.
std::map<std::string, std::uint64_t> hold_storms(std::uint64_t seeds, holds what) {
    std::map<std::string, std::uint64_t> counted;
    runtime::sim::for_each_seed(seeds, [&](std::uint64_t seed) {
        const workloads::load_options load = small_load(seed);
        const auto storm = make_storm(seed, what, load);
        storm->run();
        const checker::judgement said = judged(*storm, kind_of(what), load);
        expect_valid(said);
        for (const auto& [name, count] : said.counts) counted[name] += count;
        for (const checker::finding& each : said.allowed) {
            counted["allowed: " + std::string(each.name)] += each.count;
        }
    });
    for (const auto& [name, count] : counted) fmt::print("{}: {}\n", name, count);
    return counted;
}

/// Whether one of the first seeds breaks what is demanded, though nothing that was promised.
bool is_violated_in_storms(std::string_view wanted,
                           std::uint64_t seeds,
                           holds what,
                           const workloads::load_options& set,
                           void (*demand)(workloads::load_options&)) {
    std::set<std::string_view> seen;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        workloads::load_options load = set;
        load.seed = seed;
        const auto storm = make_storm(seed, what, load);
        storm->run();
        for (const auto& each : judged(*storm, kind_of(what), load).violations) {
            ADD_FAILURE() << each.name << " was not promised: " << each.examples.front().what;
        }
        demand(load);
        for (const auto& each : judged(*storm, kind_of(what), load).violations) {
            seen.insert(each.name);
        }
        if (seen.contains(wanted)) break;
    }
    return seen.contains(wanted);
}

constexpr std::uint64_t seeds = 5;

TEST(list_append_workload, brokers_that_break_and_heal_keep_what_a_log_promises) {
    auto counted = hold_storms(seeds, holds::lists);
    if (runtime::sim::seeds_from_environment(seeds).count < seeds) return;
    EXPECT_GT(counted["transactions"], 1'000U);
    EXPECT_GT(counted["failed"], 20U);
    EXPECT_GT(counted["unknown"], 2U);
    EXPECT_GT(counted["keys"], 4 * seeds);
}

TEST(rw_register_workload, brokers_that_break_and_heal_keep_what_a_log_promises) {
    auto counted = hold_storms(seeds, holds::registers);
    if (runtime::sim::seeds_from_environment(seeds).count < seeds) return;
    EXPECT_GT(counted["transactions"], 1'000U);
    EXPECT_GT(counted["failed"], 20U);
    EXPECT_GT(counted["offsets told"], 1'000U);
}

TEST(list_append_workload, readers_of_what_is_not_committed_read_what_is_aborted) {
    workloads::load_options load = small_load(0);
    load.isolation_level = "read_uncommitted";
    EXPECT_TRUE(is_violated_in_storms(
        "G1a", 5, holds::lists, load, [](auto& expected) { expected.expect_committed = true; }));
}

TEST(rw_register_workload, readers_of_what_is_not_committed_read_what_is_aborted) {
    workloads::load_options load = small_load(0);
    load.isolation_level = "read_uncommitted";
    EXPECT_TRUE(is_violated_in_storms("G1a", 5, holds::registers, load, [](auto& expected) {
        expected.expect_committed = true;
    }));
}

TEST(list_append_workload, what_waited_for_the_leader_alone_is_lost_at_times) {
    workloads::load_options load = small_load(0);
    load.acks = "1";
    EXPECT_TRUE(is_violated_in_storms("lost-write", 40, holds::lists, load, [](auto& expected) {
        expected.expect_durable = true;
    }));
}

TEST(keyed_transactions, of_a_seed_give_the_same_history_again) {
    for (const holds what : {holds::lists, holds::registers}) {
        const auto first = make_storm(7, what, small_load(7));
        const auto second = make_storm(7, what, small_load(7));
        first->run();
        second->run();
        EXPECT_EQ(first->text(), second->text());
    }
}

}  // namespace
}  // namespace verdikt::tests
