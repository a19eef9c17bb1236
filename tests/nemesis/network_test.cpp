#include "runtime/parse_number.h"
#include "runtime/scope.h"
#include "tests/nemesis/in_lab.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <utility>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using namespace nemesis;

using reachability = std::map<std::pair<std::int32_t, std::int32_t>, bool>;

runtime::awaitable<void> look_from(lab& where, std::int32_t from, reachability& seen) {
    for (const std::int32_t to : where.nodes()) {
        if (to != from) seen[{from, to}] = co_await connects(where, from, to);
    }
}

runtime::awaitable<reachability> look(runtime::real::world& world, lab& where) {
    reachability seen;
    runtime::scope looking(world.get_executor());
    for (std::int32_t from = clients_host; from <= 3; ++from) {
        looking.spawn(look_from(where, from, seen));
    }
    co_await looking.join();
    co_return seen;
}

/// A connection needs both ways.
reachability expected_under(const std::vector<placed_fault>& cuts, const lab& where) {
    const auto deaf = [&](std::int32_t host, std::int32_t other) {
        return std::ranges::any_of(cuts, [&](const placed_fault& each) {
            return each.host == host && std::get<drop_packets>(each.what).from.contains(other);
        });
    };
    reachability found;
    for (std::int32_t from = clients_host; from <= 3; ++from) {
        for (const std::int32_t to : where.nodes()) {
            if (to != from) found[{from, to}] = !deaf(from, to) && !deaf(to, from);
        }
    }
    return found;
}

/// Applies a partition, looks who reaches whom, heals it.
runtime::awaitable<void> try_partition(runtime::real::world& world, lab& where, fault what) {
    static act_id last = 0;
    SCOPED_TRACE(to_text(what));
    runtime::random_source random(7);
    const placement stages = place(what, {2}, {1, 2, 3}, random);
    const std::vector<placed_fault>& cuts = stages.at(0);
    const reachability expected = expected_under(cuts, where);
    const act_id first = last + 1;
    for (const placed_fault& each : cuts) co_await applied(where, ++last, each);
    EXPECT_EQ(co_await look(world, where), expected);
    bool bit = false;
    for (std::size_t at = 0; at < cuts.size(); ++at) {
        bit |= (co_await healed(where, first + at, cuts[at].host)).bit;
    }
    EXPECT_TRUE(bit);
}

TEST_F(lab_here, hosts_are_cut_off_as_a_partition_says_and_packets_are_counted) {
    in_lab([](runtime::real::world& world, lab& where) -> runtime::awaitable<void> {
        (void)co_await controller_of(world, where);
        EXPECT_TRUE(co_await connects(where, 2, 1));
        EXPECT_TRUE(co_await connects(where, clients_host, 1));
        // One-way: what 1 receives of 2. A connection needs both ways.
        co_await applied(where, 1, {1, drop_packets{.from = {2}}});
        EXPECT_FALSE(co_await connects(where, 2, 1));
        EXPECT_TRUE(co_await connects(where, 3, 1));
        EXPECT_TRUE(co_await connects(where, clients_host, 1));
        co_await applied(where, 2, {clients_host, drop_packets{.from = {3}}});
        EXPECT_FALSE(co_await connects(where, clients_host, 3));
        const evidence cut = co_await healed(where, 1, 1);
        EXPECT_TRUE(cut.bit) << cut.text;
        EXPECT_GT(cut.counts.at("packets_dropped"), 0);
        EXPECT_TRUE((co_await healed(where, 2, clients_host)).bit);
        EXPECT_TRUE(co_await connects(where, 2, 1));
        EXPECT_TRUE(co_await connects(where, clients_host, 3));
        EXPECT_EQ(co_await healed(where, 1, 1), cut) << "it tells the same again";
    });
}

TEST_F(lab_here, a_partition_of_any_shape_cuts_whom_it_names_and_nobody_else) {
    in_lab([](runtime::real::world& world, lab& where) -> runtime::awaitable<void> {
        (void)co_await controller_of(world, where);
        for (const fault_kind kind : {fault_kind::partition_one,
                                      fault_kind::partition_halves,
                                      fault_kind::partition_majority,
                                      fault_kind::partition_ring,
                                      fault_kind::partition_bridge,
                                      fault_kind::partition_one_way,
                                      fault_kind::partition_clients}) {
            co_await try_partition(world, where, {.kind = kind});
        }
        const reachability whole = expected_under({}, where);
        EXPECT_EQ(co_await look(world, where), whole);
    });
}

TEST_F(lab_here, connections_are_refused_and_ended) {
    in_lab([](runtime::real::world& world, lab& where) -> runtime::awaitable<void> {
        (void)co_await controller_of(world, where);
        co_await applied(where, 1, {2, refuse_new_connections{.from = {clients_host}}});
        EXPECT_FALSE(co_await connects(where, clients_host, 2));
        EXPECT_TRUE(co_await connects(where, 3, 2));
        const evidence refused = co_await healed(where, 1, 2);
        EXPECT_GT(refused.counts.at("packets_refused"), 0) << refused.text;
        EXPECT_TRUE(co_await connects(where, clients_host, 2));
        const evidence ended = co_await applied(where, 2, {2, end_connections{.with = {1, 3}}});
        EXPECT_GT(ended.counts.at("connections_ended"), 0) << ended.text;
    });
}

TEST_F(lab_here, packets_are_lost_and_slowed) {
    in_lab([](runtime::real::world& world, lab& where) -> runtime::awaitable<void> {
        (void)co_await controller_of(world, where);
        co_await applied(where, 1, {2, drop_packets{.from = {1, 3}, .percent = 50}});
        co_await applied(where, 2, {1, limit_rate{.kilobits = 100}});
        co_await world.sleep_for(1500ms);
        EXPECT_TRUE((co_await healed(where, 1, 2)).bit);
        const evidence slowed = co_await healed(where, 2, 1);
        EXPECT_TRUE(slowed.counts.contains("packets_held")) << slowed.text;
    });
}

TEST_F(lab_here, packets_come_late) {
    in_lab_with(fault_kind::latency,
                [](runtime::real::world& world, lab& where) -> runtime::awaitable<void> {
                    (void)co_await controller_of(world, where);
                    co_await applied(where, 1, {2, delay_packets{.delay = 400ms, .jitter = 20ms}});
                    const std::string timed = "begun=$(date +%s%3N); exec 3<>/dev/tcp/" +
                                              shell_address(where, 2) +
                                              "; echo -n $(($(date +%s%3N) - begun))";
                    const auto ended = co_await where.run(3, {"bash", "-c", timed});
                    EXPECT_TRUE(ended.has_value()) << ended.error();
                    const auto took = runtime::parse_number<std::int64_t>(ended->output);
                    EXPECT_GE(took.value_or(0), 380) << ended->output << ended->errors;
                    const evidence late = co_await healed(where, 1, 2);
                    EXPECT_TRUE(late.bit) << late.text;
                    EXPECT_GT(late.counts.at("packets_delayed"), 0);
                });
}

}  // namespace
}  // namespace verdikt::tests
