#include "nemesis/selector.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace verdikt::nemesis {
namespace {

const kafka::topic_partition orders{.topic = "orders", .partition = kafka::partition_index(2)};

cluster_view five_nodes() {
    cluster_view view;
    view.nodes = {1, 2, 3, 4, 5};
    view.controller = 4;
    view.partitions[orders] = {.leader = 2, .replicas = {2, 3, 5}, .isr = {2, 5}};
    view.group_coordinators["billing"] = 1;
    view.transaction_coordinators["mover"] = 5;
    return view;
}

std::expected<std::vector<std::int32_t>, std::string> resolved(std::string_view text,
                                                               const cluster_view& view,
                                                               std::uint64_t seed = 1) {
    const auto parsed = parse_selector(text);
    EXPECT_TRUE(parsed.has_value()) << parsed.error();
    runtime::random_source random(seed);
    return resolve(*parsed, view, random);
}

using nodes = std::vector<std::int32_t>;

TEST(selector, roles_of_a_partition_are_whom_the_cluster_names) {
    EXPECT_EQ(resolved("leader:orders/2", five_nodes()), nodes({2}));
    EXPECT_EQ(resolved("followers:orders/2", five_nodes()), nodes({3, 5}));
    EXPECT_EQ(resolved("in-sync:orders/2", five_nodes()), nodes({5}));
    EXPECT_EQ(resolved("lagging:orders/2", five_nodes()), nodes({3}));
}

TEST(selector, the_controller_and_coordinators_are_whom_the_cluster_names) {
    EXPECT_EQ(resolved("controller", five_nodes()), nodes({4}));
    EXPECT_EQ(resolved("group-coordinator:billing", five_nodes()), nodes({1}));
    EXPECT_EQ(resolved("transaction-coordinator:mover", five_nodes()), nodes({5}));
    EXPECT_EQ(resolved("node:3", five_nodes()), nodes({3}));
    EXPECT_EQ(resolved("clients", five_nodes()), nodes({clients_host}));
}

TEST(selector, a_role_that_nobody_holds_says_so) {
    cluster_view view = five_nodes();
    view.controller.reset();
    view.partitions[orders].leader = -1;
    view.partitions[orders].isr = {2, 3, 5};
    EXPECT_EQ(resolved("controller", view).error(), "there is no active controller just now");
    EXPECT_EQ(resolved("leader:orders/2", view).error(), "there is no leader of orders-2 just now");
    EXPECT_EQ(resolved("lagging:orders/2", view).error(), "no follower of orders-2 is lagging");
    EXPECT_EQ(resolved("leader:bills/0", view).error(), "the cluster does not tell of bills-0");
    EXPECT_EQ(resolved("group-coordinator:x", view).error(),
              "there is no coordinator of x just now");
    EXPECT_EQ(resolved("node:9", view).error(), "node 9 is none of the lab's");
}

TEST(selector, a_minority_leaves_a_majority_and_a_majority_does_not) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        for (std::int32_t count = 3; count <= 7; ++count) {
            cluster_view view;
            for (std::int32_t node = 1; node <= count; ++node) view.nodes.insert(node);
            const auto all = static_cast<std::size_t>(count);
            const auto minority = resolved("minority", view, seed);
            ASSERT_TRUE(minority.has_value());
            EXPECT_GT(all - minority->size(), all / 2);
            EXPECT_FALSE(minority->empty());
            const auto majority = resolved("majority", view, seed);
            ASSERT_TRUE(majority.has_value());
            EXPECT_GT(majority->size(), all / 2);
            EXPECT_LE(majority->size() - 1, all / 2);
            EXPECT_TRUE(std::ranges::is_sorted(*majority));
            EXPECT_EQ(resolved("all", view, seed)->size(), all);
            EXPECT_EQ(resolved("one", view, seed)->size(), 1U);
        }
    }
}

TEST(selector, the_same_seed_chooses_the_same_nodes_and_seeds_differ) {
    std::set<nodes> chosen;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        const auto first = resolved("one", five_nodes(), seed);
        EXPECT_EQ(first, resolved("one", five_nodes(), seed));
        chosen.insert(*first);
    }
    EXPECT_EQ(chosen.size(), 5U);
}

TEST(selector, two_nodes_have_no_minority) {
    cluster_view view;
    view.nodes = {1, 2};
    EXPECT_EQ(resolved("minority", view).error(), "fewer than three nodes have no minority");
}

TEST(selector, what_is_printed_is_read_back) {
    for (const char* text : {"leader:orders/2",
                             "followers:a/b/0",
                             "in-sync:x/1",
                             "lagging:x/1",
                             "controller",
                             "group-coordinator:a:b",
                             "transaction-coordinator:t",
                             "one",
                             "minority",
                             "majority",
                             "all",
                             "node:7",
                             "clients"}) {
        const auto parsed = parse_selector(text);
        ASSERT_TRUE(parsed.has_value()) << text << ": " << parsed.error();
        EXPECT_EQ(to_text(*parsed), text);
    }
}

TEST(selector, what_is_no_selector_is_refused_with_the_reason) {
    EXPECT_EQ(parse_selector("leadr:orders/0").error(),
              "unknown role 'leadr'; did you mean leader?");
    EXPECT_EQ(parse_selector("leader:orders").error(), "'orders' is no partition (topic/number)");
    EXPECT_EQ(parse_selector("leader:orders/x").error(),
              "'orders/x' is no partition (topic/number)");
    EXPECT_EQ(parse_selector("leader:/1").error(), "'/1' is no partition (topic/number)");
    EXPECT_EQ(parse_selector("node:0").error(), "'0' is no node");
    EXPECT_EQ(parse_selector("all:3").error(), "nothing may follow 'all'");
    EXPECT_EQ(parse_selector("group-coordinator").error(), "whose coordinator is missing");
}

}  // namespace
}  // namespace verdikt::nemesis
