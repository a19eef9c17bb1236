#include "nemesis/labs/local_cluster.h"

#include "broker/server/broker_config.h"
#include "cli/cluster_health.h"
#include "kafka/types.h"
#include "nemesis/labs/cluster_id.h"

#include <gtest/gtest.h>

namespace verdikt::cli {
namespace {

using nemesis::labs::draw_cluster_id;
using nemesis::labs::local_cluster;
using nemesis::labs::local_node;
using nemesis::labs::plan_cluster;

local_cluster three_nodes() {
    return plan_cluster("id", "/data", {1, 2, 3, 11, 12, 13}, {"log.level=debug"});
}

TEST(local_cluster, every_node_is_told_of_all_controllers) {
    const local_cluster cluster = three_nodes();
    EXPECT_EQ(cluster.bootstrap_servers(), "127.0.0.1:1,127.0.0.1:2,127.0.0.1:3");
    for (const local_node& node : cluster.nodes) {
        const std::string text = properties_of(cluster, node);
        EXPECT_NE(text.find("controller.quorum.voters=1@127.0.0.1:11,2@127.0.0.1:12,"
                            "3@127.0.0.1:13\n"),
                  std::string::npos)
            << text;
    }
    EXPECT_EQ(cluster.nodes.at(1).properties_file(), "/data/node-2/server.properties");
}

TEST(local_cluster, the_broker_takes_what_it_is_told_and_overrides_win) {
    const local_cluster cluster = three_nodes();
    const auto loaded = broker::server::broker_config::load(
        broker::server::parse_properties(properties_of(cluster, cluster.nodes.at(2))));
    ASSERT_TRUE(loaded.has_value()) << loaded.error().front().message;
    EXPECT_EQ(loaded->integer("node.id"), 3);
    EXPECT_EQ(loaded->integer("default.replication.factor"), 3);
    EXPECT_EQ(loaded->integer("min.insync.replicas"), 2);
    EXPECT_EQ(loaded->text("log.level"), "debug");
}

TEST(local_cluster, a_lonely_node_replicates_nothing) {
    const local_cluster cluster = plan_cluster("id", "/data", {1, 11}, {});
    const std::string text = properties_of(cluster, cluster.nodes.front());
    EXPECT_NE(text.find("offsets.topic.replication.factor=1\n"), std::string::npos) << text;
    EXPECT_NE(text.find("min.insync.replicas=1\n"), std::string::npos) << text;
}

TEST(cluster_health, is_told_in_one_line) {
    EXPECT_EQ(describe(std::nullopt, 3), "health: no broker answers");
    EXPECT_EQ(describe(cluster_health{.controller = 2, .active_brokers = {1, 2, 3}}, 3),
              "health: controller 2, 3 of 3 brokers active, 0 partitions under-replicated");
    EXPECT_EQ(
        describe(
            cluster_health{
                .controller = {}, .active_brokers = {1}, .under_replicated = 4, .leaderless = 2},
            3),
        "health: no controller, 1 of 3 brokers active, 4 partitions under-replicated, "
        "2 without leader");
}

TEST(cluster_id, is_a_random_uuid_that_no_command_line_takes_for_a_flag) {
    runtime::random_source random(1);
    for (int round = 0; round < 1'000; ++round) {
        const std::string text = draw_cluster_id(random);
        EXPECT_FALSE(text.starts_with('-'));
        const auto id = kafka::uuid_from_text(text);
        ASSERT_TRUE(id.has_value());
        EXPECT_EQ(id->bytes[6] & std::byte{0xf0}, std::byte{0x40});
    }
}

}  // namespace
}  // namespace verdikt::cli
