#include "broker/metadata/client_view.h"

#include "kafka/error_codes.h"

#include <gtest/gtest.h>

namespace verdikt::broker::metadata {
namespace {

namespace messages = kafka::messages;
using kafka::error_code;

using ids = std::vector<std::int32_t>;

class client_view : public ::testing::Test {
  protected:
    void SetUp() override {
        add_broker(1, {"INSIDE", "OUTSIDE"});
        add_broker(2, {"INSIDE"});
        add_topic("orders", 1, 3);
    }
    void apply(const record& which) {
        changes ignored;
        ASSERT_TRUE(state.apply(which, {state.position().offset.next(), {}}, ignored).has_value());
    }
    void add_broker(std::int32_t id, const std::vector<std::string>& listeners) {
        messages::register_broker_record record{.broker_id = id, .fenced = false};
        for (const std::string& name : listeners)
            record.end_points.push_back({.name = name, .host = name + ".example", .port = 9092});
        apply(record);
    }
    void add_topic(const std::string& name, int number, std::int32_t partitions) {
        kafka::uuid id;
        id.bytes[0] = static_cast<std::byte>(number);
        apply(messages::topic_record{.name = name, .topic_id = id});
        for (std::int32_t index = 0; index < partitions; ++index) {
            apply(messages::partition_record{.partition_id = index,
                                             .topic_id = id,
                                             .replicas = {1, 2, 3},
                                             .isr = {1, 2},
                                             .leader = index % 2 == 0 ? 1 : 2,
                                             .leader_epoch = 4,
                                             .partition_epoch = 5,
                                             .directories = {{}, {}, {}}});
        }
    }
    void lose_leader(std::int32_t index) {
        messages::partition_change_record record{.partition_id = index,
                                                 .topic_id = state.find_topic("orders")->id,
                                                 .isr = ids{},
                                                 .leader = -1};
        record.eligible_leader_replicas = ids{1};
        record.last_known_elr = ids{1};
        apply(record);
    }

    image state;
};

TEST_F(client_view, shows_brokers_as_they_are_reached_through_the_listener) {
    const auto inside = brokers_for(state, "INSIDE");
    ASSERT_EQ(inside.size(), 2U);
    EXPECT_EQ(inside[0].host, "INSIDE.example");
    EXPECT_EQ(brokers_for(state, "OUTSIDE").size(), 1U);
    apply(messages::broker_registration_change_record{.broker_id = 1, .fenced = 1});
    EXPECT_TRUE(brokers_for(state, "OUTSIDE").empty()) << "fenced";
}

TEST_F(client_view, of_the_cluster_shows_its_brokers_and_whom_to_ask) {
    const cluster_identity court{.cluster_id = "court", .controller = kafka::node_id(2)};
    const auto told = describe_cluster(state, "INSIDE", court, {});
    EXPECT_EQ(told.cluster_id, "court");
    EXPECT_EQ(told.controller_id, 2);
    ASSERT_EQ(told.brokers.size(), 2U);
    EXPECT_EQ(told.brokers[0].host, "INSIDE.example");
    EXPECT_EQ(told.brokers[1].broker_id, 2);
    const auto refused = describe_cluster(state, "INSIDE", court, {.endpoint_type = 2});
    EXPECT_EQ(refused.error_code, kafka::to_wire(error_code::unsupported_endpoint_type));
    EXPECT_TRUE(refused.brokers.empty());
}

TEST_F(client_view, shows_who_leads_who_follows_and_who_cannot) {
    const auto topic = topic_for(state, *state.find_topic("orders"), "INSIDE");
    ASSERT_EQ(topic.partitions.size(), 3U);
    const auto& first = topic.partitions[0];
    EXPECT_EQ(first.error_code, 0);
    EXPECT_EQ(first.leader_id, 1);
    EXPECT_EQ(first.leader_epoch, 4);
    EXPECT_EQ(first.replica_nodes, (ids{1, 2, 3}));
    EXPECT_EQ(first.isr_nodes, (ids{1, 2}));
    EXPECT_EQ(first.offline_replicas, ids{3}) << "never registered";
}

TEST_F(client_view, has_no_leader_where_none_can_be_reached) {
    lose_leader(0);
    const auto topic = topic_for(state, *state.find_topic("orders"), "OUTSIDE");
    EXPECT_EQ(topic.partitions[0].error_code, kafka::to_wire(error_code::leader_not_available));
    EXPECT_EQ(topic.partitions[0].leader_id, -1);
    EXPECT_EQ(topic.partitions[1].error_code, kafka::to_wire(error_code::listener_not_found));
    EXPECT_EQ(topic.partitions[2].error_code, 0);
}

TEST_F(client_view, of_a_partition_shows_who_is_eligible) {
    lose_leader(0);
    messages::describe_topic_partitions_request request;
    request.topics = {{.name = "orders"}};
    const auto answer = describe_topic_partitions(state, request);
    const auto& first = answer.topics.at(0).partitions.at(0);
    EXPECT_EQ(first.error_code, kafka::to_wire(error_code::leader_not_available));
    EXPECT_EQ(first.eligible_leader_replicas, ids{1});
    EXPECT_EQ(first.last_known_elr, ids{1});
    EXPECT_FALSE(answer.next_cursor.has_value());
}

TEST_F(client_view, in_pages_shows_each_partition_once) {
    add_topic("bills", 2, 5);
    add_topic("returns", 3, 1);
    for (std::int32_t limit = 1; limit < 12; ++limit) {
        messages::describe_topic_partitions_request request{.response_partition_limit = limit};
        std::vector<std::string> seen;
        for (int pages = 0; pages < 20; ++pages) {
            const auto answer = describe_topic_partitions(state, request);
            std::int32_t on_page = 0;
            for (const auto& topic : answer.topics) {
                for (const auto& partition : topic.partitions) {
                    seen.push_back(*topic.name + std::to_string(partition.partition_index));
                    ++on_page;
                }
            }
            EXPECT_LE(on_page, limit);
            request.cursor = answer.next_cursor;
            if (!request.cursor) break;
        }
        EXPECT_EQ(seen,
                  (std::vector<std::string>{"bills0",
                                            "bills1",
                                            "bills2",
                                            "bills3",
                                            "bills4",
                                            "orders0",
                                            "orders1",
                                            "orders2",
                                            "returns0"}));
    }
}

TEST_F(client_view, in_pages_takes_any_cursor) {
    messages::describe_topic_partitions_request request;
    request.topics = {{.name = "orders"}, {.name = "nothing"}};
    request.cursor = {.topic_name = "orders", .partition_index = -1};
    auto answer = describe_topic_partitions(state, request);
    ASSERT_EQ(answer.topics.size(), 1U) << "what comes before the cursor is left out";
    EXPECT_EQ(answer.topics[0].error_code, kafka::to_wire(error_code::invalid_request));
    request.cursor = {.topic_name = "orders", .partition_index = 900};
    answer = describe_topic_partitions(state, request);
    EXPECT_TRUE(answer.topics.at(0).partitions.empty());
    request.cursor = {.topic_name = "a topic that went", .partition_index = 7};
    answer = describe_topic_partitions(state, request);
    ASSERT_EQ(answer.topics.size(), 2U);
    EXPECT_EQ(answer.topics[0].error_code, kafka::to_wire(error_code::unknown_topic_or_partition));
    EXPECT_EQ(answer.topics[1].partitions.size(), 3U);
}

}  // namespace
}  // namespace verdikt::broker::metadata
