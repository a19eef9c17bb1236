#include "nemesis/placement.h"

#include <gtest/gtest.h>

namespace verdikt::nemesis {
namespace {

std::set<std::int32_t> nodes_to(std::int32_t count) {
    std::set<std::int32_t> nodes;
    for (std::int32_t node = 1; node <= count; ++node) nodes.insert(node);
    return nodes;
}

/// Who drops whose packets, from the acts of one stage.
deafness heard_not(const placement& stages) {
    deafness grudge;
    EXPECT_EQ(stages.size(), 1U);
    for (const placed_fault& each : stages.front()) {
        const auto& drop = std::get<drop_packets>(each.what);
        EXPECT_EQ(drop.percent, 100);
        grudge[each.host] = drop.from;
    }
    return grudge;
}

placement placed(fault_kind kind,
                 const std::vector<std::int32_t>& targets,
                 std::int32_t nodes,
                 std::uint64_t seed = 1) {
    runtime::random_source random(seed);
    return place({.kind = kind}, targets, nodes_to(nodes), random);
}

bool hear_each_other(const deafness& grudge, std::int32_t left, std::int32_t right) {
    const auto deaf = [&](std::int32_t to, std::int32_t from) {
        const auto found = grudge.find(to);
        return found != grudge.end() && found->second.contains(from);
    };
    return !deaf(left, right) && !deaf(right, left);
}

TEST(partitions, one_node_is_cut_off_from_all_others_both_ways) {
    const deafness grudge = heard_not(placed(fault_kind::partition_one, {2}, 3));
    EXPECT_EQ(grudge, (deafness{{1, {2}}, {2, {1, 3}}, {3, {2}}}));
}

TEST(partitions, two_targets_do_not_hear_each_other_either) {
    const deafness grudge = heard_not(placed(fault_kind::partition_one, {1, 2}, 4));
    EXPECT_EQ(grudge, (deafness{{1, {2, 3, 4}}, {2, {1, 3, 4}}, {3, {1, 2}}, {4, {1, 2}}}));
}

TEST(partitions, halves_hear_themselves_and_nobody_else) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const deafness grudge = heard_not(placed(fault_kind::partition_halves, {1}, 5, seed));
        std::map<std::size_t, int> sizes;
        for (const auto& [node, unheard] : grudge) {
            sizes[5 - unheard.size()]++;
            for (const std::int32_t other : unheard) EXPECT_TRUE(grudge.at(other).contains(node));
        }
        EXPECT_EQ(sizes, (std::map<std::size_t, int>{{2, 2}, {3, 3}}));
    }
}

TEST(partitions, the_smallest_majority_stays_together_and_the_others_stand_alone) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const deafness grudge = heard_not(placed(fault_kind::partition_majority, {1}, 5, seed));
        std::map<std::size_t, int> heard;
        for (const auto& [node, unheard] : grudge) heard[5 - unheard.size()]++;
        EXPECT_EQ(heard, (std::map<std::size_t, int>{{1, 2}, {3, 3}}));
    }
}

TEST(partitions, in_a_ring_everybody_hears_a_majority_and_no_two_the_same) {
    for (std::int32_t count = 3; count <= 9; ++count) {
        const deafness grudge = heard_not(placed(fault_kind::partition_ring, {1}, count));
        std::set<std::set<std::int32_t>> majorities;
        for (const std::int32_t node : nodes_to(count)) {
            std::set<std::int32_t> heard = nodes_to(count);
            for (const std::int32_t other : grudge.at(node)) heard.erase(other);
            EXPECT_TRUE(heard.contains(node));
            EXPECT_EQ(heard.size(), (static_cast<std::size_t>(count) / 2) + 1);
            majorities.insert(heard);
        }
        EXPECT_EQ(majorities.size(), static_cast<std::size_t>(count));
    }
}

TEST(partitions, a_bridge_hears_everybody_and_joins_two_halves) {
    const deafness grudge = bridge({3, 1, 2, 4, 5});
    EXPECT_FALSE(grudge.contains(3));
    EXPECT_TRUE(hear_each_other(grudge, 1, 2));
    EXPECT_TRUE(hear_each_other(grudge, 4, 5));
    for (const std::int32_t left : {1, 2}) {
        for (const std::int32_t right : {4, 5}) {
            EXPECT_TRUE(grudge.at(left).contains(right));
            EXPECT_TRUE(grudge.at(right).contains(left));
        }
    }
    EXPECT_EQ(bridge({2, 1, 3}), (deafness{{1, {3}}, {3, {1}}}));
}

TEST(partitions, a_bridge_is_never_the_target_which_misses_somebody) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        EXPECT_TRUE(heard_not(placed(fault_kind::partition_bridge, {2}, 3, seed)).contains(2));
        EXPECT_TRUE(heard_not(placed(fault_kind::partition_bridge, {4}, 5, seed)).contains(4));
    }
}

TEST(partitions, one_way_cuts_either_what_a_node_hears_or_what_is_heard_of_it) {
    runtime::random_source random(1);
    fault deaf{.kind = fault_kind::partition_one_way, .target = {}, .parameters = {{"outward", 0}}};
    EXPECT_EQ(heard_not(place(deaf, {2}, nodes_to(3), random)), (deafness{{2, {1, 3}}}));
    deaf.parameters["outward"] = 1;
    EXPECT_EQ(heard_not(place(deaf, {2}, nodes_to(3), random)), (deafness{{1, {2}}, {3, {2}}}));
}

TEST(partitions, clients_are_cut_off_from_nodes_that_still_hear_each_other) {
    EXPECT_EQ(heard_not(placed(fault_kind::partition_clients, {1, 3}, 3)),
              (deafness{{clients_host, {1, 3}}, {1, {clients_host}}, {3, {clients_host}}}));
}

TEST(placement, a_rolling_restart_takes_one_node_after_the_other) {
    const placement stages = placed(fault_kind::rolling_restart, {1}, 5);
    ASSERT_EQ(stages.size(), 5U);
    std::set<std::int32_t> restarted;
    for (const auto& stage : stages) {
        ASSERT_EQ(stage.size(), 1U);
        EXPECT_EQ(stage.front().what, node_fault(restart_process{}));
        restarted.insert(stage.front().host);
    }
    EXPECT_EQ(restarted, nodes_to(5));
}

TEST(placement, connections_and_packets_are_those_with_nodes_and_clients) {
    const std::set<std::int32_t> others{clients_host, 1, 3};
    EXPECT_EQ(placed(fault_kind::reset_connections, {2}, 3),
              (placement{{{.host = 2, .what = end_connections{.with = others}}}}));
    EXPECT_EQ(placed(fault_kind::refuse_connections, {2}, 3),
              (placement{{{.host = 2, .what = refuse_new_connections{.from = others}}}}));
    runtime::random_source random(1);
    const fault loss{
        .kind = fault_kind::packet_loss, .target = {}, .parameters = {{"loss_percent", 30}}};
    EXPECT_EQ(place(loss, {2}, nodes_to(3), random),
              (placement{{{.host = 2, .what = drop_packets{.from = others, .percent = 30}}}}));
}

TEST(placement, every_fault_can_be_placed_on_three_nodes) {
    for (const fault_description& each : fault_catalogue()) {
        const placement stages = placed(each.kind, {2}, 3);
        ASSERT_FALSE(stages.empty()) << each.name;
        EXPECT_FALSE(stages.front().empty()) << each.name;
    }
}

TEST(fault, names_are_read_back_and_unknown_ones_are_told_the_nearest) {
    for (const fault_description& each : fault_catalogue()) {
        EXPECT_EQ(parse_fault_kind(each.name), each.kind);
        EXPECT_FALSE(each.summary.empty());
        for (const fault_parameter& one : each.parameters) EXPECT_LE(one.low, one.high);
    }
    EXPECT_EQ(parse_fault_kind("partition-on").error(),
              "unknown fault 'partition-on'; did you mean partition-one?");
}

TEST(fault, is_told_with_its_numbers_and_target) {
    const fault loss{.kind = fault_kind::packet_loss,
                     .target = {.who = role::node, .node = 3},
                     .parameters = {{"loss_percent", 20}}};
    EXPECT_EQ(to_text(loss), "packet-loss(loss_percent=20) of node:3");
    EXPECT_EQ(to_text(fault{.kind = fault_kind::partition_ring}), "partition-ring");
}

}  // namespace
}  // namespace verdikt::nemesis
