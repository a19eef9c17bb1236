#include "cli/reassignment_plan.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace verdikt::cli {
namespace {

std::vector<broker_place> brokers(std::int32_t count) {
    std::vector<broker_place> places;
    for (std::int32_t id = 1; id <= count; ++id) places.push_back({.id = id, .rack = {}});
    return places;
}

/// How many partitions each broker leads, and how many replicas it has.
std::pair<std::map<std::int32_t, int>, std::map<std::int32_t, int>> loads(
    const partition_assignment& plan) {
    std::map<std::int32_t, int> led;
    std::map<std::int32_t, int> held;
    for (const auto& [which, replicas] : plan) {
        ++led[replicas.front()];
        for (const std::int32_t each : replicas) ++held[each];
        EXPECT_EQ(std::set(replicas.begin(), replicas.end()).size(), replicas.size());
    }
    return {led, held};
}

TEST(reassignment_plan, leaders_and_replicas_are_spread_evenly) {
    for (std::uint32_t start = 0; start < 10; ++start) {
        const auto plan = propose_assignment({{"t", {.partitions = 20, .replicas = 3}}},
                                             brokers(5),
                                             {.leader = start, .distance = 3 * start});
        ASSERT_TRUE(plan.has_value()) << plan.error();
        EXPECT_EQ(plan->size(), 20U);
        const auto [led, held] = loads(*plan);
        for (std::int32_t broker = 1; broker <= 5; ++broker) {
            EXPECT_EQ(led.at(broker), 4);
            EXPECT_EQ(held.at(broker), 12);
        }
    }
}

TEST(reassignment_plan, the_followers_of_one_leader_are_spread_over_all_others) {
    const auto plan =
        propose_assignment({{"t", {.partitions = 20, .replicas = 2}}}, brokers(5), {});
    ASSERT_TRUE(plan.has_value()) << plan.error();
    std::set<std::int32_t> followers;
    for (const auto& [which, replicas] : *plan) {
        if (replicas.front() == 1) followers.insert(replicas.back());
    }
    EXPECT_EQ(followers, (std::set{2, 3, 4, 5}));
}

TEST(reassignment_plan, a_rack_holds_a_second_replica_only_once_every_rack_holds_one) {
    std::vector<broker_place> places = brokers(6);
    for (broker_place& each : places) each.rack = each.id <= 2 ? "a" : each.id <= 4 ? "b" : "c";
    for (const std::int32_t replicas : {2, 3, 4}) {
        const auto plan = propose_assignment(
            {{"t", {.partitions = 30, .replicas = replicas}}}, places, {.leader = 1});
        ASSERT_TRUE(plan.has_value()) << plan.error();
        for (const auto& [which, chosen] : *plan) {
            std::set<std::string> racks;
            for (const std::int32_t each : chosen) {
                racks.insert(*places.at(static_cast<std::size_t>(each) - 1).rack);
            }
            EXPECT_EQ(racks.size(), std::min<std::size_t>(3, chosen.size()));
        }
    }
}

TEST(reassignment_plan, every_broker_is_used_when_there_are_as_many_replicas) {
    const auto plan = propose_assignment(
        {{"t", {.partitions = 4, .replicas = 4}}}, brokers(4), {.leader = 2, .distance = 1});
    ASSERT_TRUE(plan.has_value()) << plan.error();
    EXPECT_EQ(loads(*plan).second, (std::map<std::int32_t, int>{{1, 4}, {2, 4}, {3, 4}, {4, 4}}));
}

TEST(reassignment_plan, too_few_brokers_are_told) {
    const auto plan = propose_assignment({{"t", {.partitions = 1, .replicas = 3}}}, brokers(2), {});
    ASSERT_FALSE(plan.has_value());
    EXPECT_EQ(plan.error(),
              "topic t has 3 replicas a partition, and there are 2 brokers to put them on");
}

}  // namespace
}  // namespace verdikt::cli
