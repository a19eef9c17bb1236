#include "broker/controller/placement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace verdikt::broker::controller {
namespace {

using kafka::node_id;

std::vector<placement_candidate> racked(const std::vector<std::string>& racks) {
    std::vector<placement_candidate> result;
    for (const std::string& rack : racks)
        result.push_back({.id = node_id(static_cast<std::int32_t>(result.size())), .rack = rack});
    return result;
}

std::vector<placement_candidate> without_racks(int count) {
    std::vector<placement_candidate> result;
    for (int id = 0; id < count; ++id) result.push_back({.id = node_id(id), .rack = std::nullopt});
    return result;
}

struct load {
    std::map<node_id, int> led;
    std::map<node_id, int> held;
};

load load_of(const std::vector<metadata::nodes>& placed) {
    load result;
    for (const metadata::nodes& replicas : placed) {
        ++result.led[replicas.front()];
        for (const node_id which : replicas) ++result.held[which];
    }
    return result;
}

int spread(const std::map<node_id, int>& counts, std::size_t brokers) {
    EXPECT_EQ(counts.size(), brokers);
    const auto [least, most] =
        std::ranges::minmax_element(counts, {}, [](const auto& each) { return each.second; });
    return most->second - least->second;
}

TEST(placement, spreads_leaders_and_replicas_over_all_brokers) {
    runtime::random_source chance(3);
    for (int round = 0; round < 20; ++round) {
        const auto result =
            load_of(place(without_racks(5), {.partitions = 40, .replicas = 3}, chance));
        EXPECT_EQ(spread(result.led, 5), 0);
        EXPECT_LE(spread(result.held, 5), 2);
    }
}

TEST(placement, never_puts_two_replicas_on_one_broker) {
    runtime::random_source chance(3);
    for (const metadata::nodes& replicas :
         place(racked({"a", "a", "b", "b", "c"}), {.partitions = 30, .replicas = 5}, chance)) {
        const std::set<node_id> distinct(replicas.begin(), replicas.end());
        EXPECT_EQ(distinct.size(), 5U);
    }
}

TEST(placement, uses_as_many_racks_as_there_are) {
    runtime::random_source chance(3);
    const auto brokers = racked({"a", "a", "b", "b", "c", "c"});
    for (int round = 0; round < 20; ++round) {
        for (const metadata::nodes& replicas :
             place(brokers, {.partitions = 12, .replicas = 3}, chance)) {
            std::set<std::string> racks;
            for (const node_id which : replicas)
                racks.insert(*brokers[static_cast<std::size_t>(which.value())].rack);
            EXPECT_EQ(racks.size(), 3U);
        }
    }
}

TEST(placement, pairs_each_leader_with_different_followers) {
    runtime::random_source chance(3);
    std::set<metadata::nodes> pairs;
    for (const metadata::nodes& replicas :
         place(without_racks(4), {.partitions = 16, .replicas = 2}, chance))
        pairs.insert(replicas);
    EXPECT_EQ(pairs.size(), 12U) << "each of four with each of the others";
}

TEST(placement, does_not_always_start_with_the_same_broker) {
    std::set<node_id> first;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        runtime::random_source chance(seed);
        first.insert(place(without_racks(4), {.partitions = 1, .replicas = 1}, chance)[0][0]);
    }
    EXPECT_EQ(first.size(), 4U);
}

TEST(placement, takes_brokers_that_are_not_active_last_and_never_as_leaders) {
    runtime::random_source chance(3);
    auto brokers = without_racks(4);
    brokers[2].is_active = false;
    for (const metadata::nodes& replicas :
         place(brokers, {.partitions = 12, .replicas = 3}, chance))
        EXPECT_FALSE(metadata::contains(replicas, node_id(2)));
    for (const metadata::nodes& replicas :
         place(brokers, {.partitions = 12, .replicas = 4}, chance))
        EXPECT_EQ(replicas.back(), node_id(2));
}

TEST(placement, rather_uses_a_rack_whose_brokers_are_away_than_one_rack_twice) {
    runtime::random_source chance(3);
    auto brokers = racked({"a", "a", "b"});
    brokers[2].is_active = false;
    for (const metadata::nodes& replicas : place(brokers, {.partitions = 6, .replicas = 2}, chance))
        EXPECT_EQ(replicas.back(), node_id(2));
}

}  // namespace
}  // namespace verdikt::broker::controller
