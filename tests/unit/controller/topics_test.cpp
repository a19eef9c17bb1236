// Topics made, widened and deleted.
#include "tests/unit/controller/cluster.h"

#include <algorithm>
#include <set>

namespace verdikt::broker::controller::testing {
namespace {

using kafka::error_code;
using kafka::node_id;
using metadata::from_wire;

class topics : public ::testing::Test {
  protected:
    using asked_topic = messages::create_topics_request::creatable_topic;

    void SetUp() override { some.start_all({1, 2, 3}); }

    static asked_topic sized(std::string name, std::int32_t partitions, std::int16_t replicas) {
        return {
            .name = std::move(name), .num_partitions = partitions, .replication_factor = replicas};
    }
    static asked_topic assigned(std::string name, std::vector<std::pair<std::int32_t, ids>> where) {
        asked_topic topic = sized(std::move(name), -1, -1);
        for (auto& [index, brokers] : where)
            topic.assignments.push_back({.partition_index = index, .broker_ids = brokers});
        return topic;
    }
    messages::create_topics_response::creatable_topic_result make(asked_topic topic,
                                                                  bool validate_only = false) {
        return some
            .create({.topics = {std::move(topic)}, .timeout_ms = 0, .validate_only = validate_only})
            .topics.at(0);
    }
    error_code error_of(asked_topic topic) {
        return kafka::to_error_code(make(std::move(topic)).error_code);
    }

    cluster some;
};

TEST_F(topics, are_made_as_they_are_asked_for) {
    const auto answer = make(sized("orders", 6, 3));
    EXPECT_EQ(answer.error_code, 0);
    EXPECT_EQ(answer.num_partitions, 6);
    EXPECT_EQ(answer.replication_factor, 3);
    const metadata::topic* made = some.image().find_topic("orders");
    ASSERT_NE(made, nullptr);
    EXPECT_EQ(made->id, answer.topic_id);
    ASSERT_EQ(made->partitions.size(), 6U);
    for (const auto& partition : made->partitions) {
        EXPECT_EQ(partition.leader, partition.replicas.front());
        EXPECT_EQ(partition.isr, partition.replicas);
        EXPECT_EQ(partition.leader_epoch, kafka::leader_epoch(0));
        EXPECT_EQ(partition.epoch, kafka::partition_epoch(0));
    }
}

TEST_F(topics, take_the_defaults_where_nothing_is_asked_for) {
    const auto answer = make(sized("orders", -1, -1));
    EXPECT_EQ(answer.num_partitions, 1);
    EXPECT_EQ(answer.replication_factor, 1);
}

TEST_F(topics, are_only_checked_where_that_is_all_that_is_asked_for) {
    const auto answer = make(sized("orders", 2, 2), /*validate_only=*/true);
    EXPECT_EQ(answer.error_code, 0);
    EXPECT_EQ(answer.num_partitions, 2);
    EXPECT_EQ(some.last_count(), 0U);
    EXPECT_EQ(some.image().find_topic("orders"), nullptr);
}

TEST_F(topics, have_names_that_are_legal_and_do_not_collide) {
    EXPECT_EQ(error_of(sized("", 1, 1)), error_code::invalid_topic_exception);
    EXPECT_EQ(error_of(sized("a/b", 1, 1)), error_code::invalid_topic_exception);
    ASSERT_EQ(error_of(sized("a.b", 1, 1)), error_code::none);
    EXPECT_EQ(error_of(sized("a_b", 1, 1)), error_code::invalid_topic_exception);
    EXPECT_EQ(error_of(sized("a.b", 1, 1)), error_code::topic_already_exists);
}

TEST_F(topics, of_one_request_see_one_another) {
    const auto answer = some.create({.topics = {sized("a.b", 1, 1), sized("a_b", 1, 1)}});
    EXPECT_EQ(answer.topics.at(0).error_code, 0);
    EXPECT_EQ(answer.topics.at(1).error_code, wire(error_code::invalid_topic_exception));
}

TEST_F(topics, named_twice_in_one_request_are_refused) {
    const auto answer = some.create({.topics = {sized("a", 1, 1), sized("a", 2, 1)}});
    ASSERT_EQ(answer.topics.size(), 1U);
    EXPECT_EQ(answer.topics.at(0).error_code, wire(error_code::invalid_request));
}

TEST_F(topics, need_as_many_brokers_as_replicas_and_a_possible_number_of_partitions) {
    EXPECT_EQ(error_of(sized("a", 1, 4)), error_code::invalid_replication_factor);
    EXPECT_EQ(error_of(sized("a", 1, 0)), error_code::invalid_replication_factor);
    EXPECT_EQ(error_of(sized("a", 0, 1)), error_code::invalid_partitions);
    EXPECT_EQ(error_of(sized("a", -2, 1)), error_code::invalid_partitions);
    EXPECT_EQ(error_of(sized("a", topic_partitions_max + 1, 1)), error_code::invalid_partitions);
}

TEST_F(topics, of_one_request_have_a_bounded_number_of_partitions) {
    const auto answer =
        some.create({.topics = {sized("a", 6'000, 1), sized("b", 6'000, 1), sized("c", 4'000, 1)}});
    EXPECT_EQ(answer.topics.at(0).error_code, 0);
    EXPECT_EQ(answer.topics.at(1).error_code, wire(error_code::policy_violation));
    EXPECT_EQ(answer.topics.at(2).error_code, 0);
}

TEST_F(topics, go_where_an_assignment_says) {
    ASSERT_EQ(error_of(assigned("a", {{1, {3, 1}}, {0, {2, 3}}})), error_code::none);
    EXPECT_EQ(some.partition("a", 0).replicas, from_wire({2, 3}));
    EXPECT_EQ(some.partition("a", 1).replicas, from_wire({3, 1}));
    EXPECT_EQ(some.partition("a", 1).directories, (std::vector{uuid_of(103), uuid_of(101)}));
}

TEST_F(topics, with_an_assignment_that_cannot_be_are_refused) {
    const auto bad = error_code::invalid_replica_assignment;
    EXPECT_EQ(error_of(assigned("a", {{0, {1, 9}}})), bad) << "not registered";
    EXPECT_EQ(error_of(assigned("a", {{0, {1, 1}}})), bad) << "twice";
    EXPECT_EQ(error_of(assigned("a", {{0, {}}})), bad) << "nobody";
    EXPECT_EQ(error_of(assigned("a", {{0, {1}}, {2, {1}}})), bad) << "a gap";
    EXPECT_EQ(error_of(assigned("a", {{0, {1}}, {0, {2}}})), bad) << "twice the same";
    EXPECT_EQ(error_of(assigned("a", {{0, {1}}, {1, {1, 2}}})), bad) << "uneven";
    auto both = assigned("a", {{0, {1}}});
    both.num_partitions = 1;
    EXPECT_EQ(error_of(both), error_code::invalid_request);
}

TEST_F(topics, start_with_only_active_brokers_in_sync) {
    some.fence(1);
    ASSERT_EQ(error_of(assigned("a", {{0, {1, 2, 3}}})), error_code::none);
    EXPECT_EQ(some.partition("a").isr, from_wire({2, 3}));
    EXPECT_EQ(some.partition("a").leader, node_id(2));
    EXPECT_EQ(error_of(assigned("b", {{0, {1}}})), error_code::invalid_replica_assignment);
    EXPECT_EQ(error_of(sized("c", 3, 3)), error_code::none) << "a fenced broker counts";
    for (int index = 0; index < 3; ++index)
        EXPECT_NE(some.partition("c", index).replicas.front(), node_id(1));
    EXPECT_EQ(error_of(sized("d", 3, 2)), error_code::none);
    for (int index = 0; index < 3; ++index)
        EXPECT_FALSE(metadata::contains(some.partition("d", index).replicas, node_id(1)))
            << "but it is the last choice";
}

TEST_F(topics, cannot_be_made_while_no_broker_is_active) {
    for (const std::int32_t id : {1, 2, 3}) some.fence(id);
    EXPECT_EQ(error_of(sized("a", 1, 1)), error_code::invalid_replication_factor);
}

TEST_F(topics, bring_their_settings) {
    auto topic = sized("a", 1, 1);
    topic.configs.push_back({.name = "retention.ms", .value = "5"});
    topic.configs.push_back({.name = "cleanup.policy", .value = std::nullopt});
    ASSERT_EQ(error_of(topic), error_code::none);
    EXPECT_EQ(*some.image().find_topic_config("a", "retention.ms"), "5");
    EXPECT_EQ(some.image().find_topic_config("a", "cleanup.policy"), nullptr);
}

TEST_F(topics, with_bad_settings_are_refused) {
    auto topic = sized("a", 1, 1);
    topic.configs.push_back({.name = "retention.ms", .value = "soon"});
    EXPECT_EQ(error_of(topic), error_code::invalid_config);
    topic.configs = {{.name = "retention.ms", .value = "1"},
                     {.name = "cleanup.policy", .value = "compact"}};
    EXPECT_EQ(error_of(topic), error_code::invalid_config) << "not together";
}

class wider_topics : public topics {
  protected:
    using asked_partitions = messages::create_partitions_request::create_partitions_topic;

    error_code widen(asked_partitions asked, bool validate_only = false) {
        const auto answer = some.take(some.controller.create_partitions(
            {.topics = {std::move(asked)}, .timeout_ms = 0, .validate_only = validate_only},
            some.when(),
            some.chance));
        return kafka::to_error_code(answer.results.at(0).error_code);
    }
};

TEST_F(wider_topics, have_new_partitions_like_the_old_ones) {
    some.create("a", {{1, 2}});
    EXPECT_EQ(widen({.name = "a", .count = 4, .assignments = std::nullopt}), error_code::none);
    EXPECT_EQ(some.image().find_topic("a")->partitions.size(), 4U);
    EXPECT_EQ(some.partition("a", 3).replicas.size(), 2U);
}

TEST_F(wider_topics, are_never_narrower) {
    some.create("a", {{1, 2}, {2, 1}});
    EXPECT_EQ(widen({.name = "a", .count = 2}), error_code::invalid_partitions);
    EXPECT_EQ(widen({.name = "a", .count = 1}), error_code::invalid_partitions);
    EXPECT_EQ(widen({.name = "b", .count = 1}), error_code::unknown_topic_or_partition);
}

TEST_F(wider_topics, take_an_assignment_of_the_new_partitions) {
    some.create("a", {{1, 2}});
    asked_partitions asked{.name = "a", .count = 2};
    asked.assignments->push_back({.broker_ids = {3, 1}});
    EXPECT_EQ(widen(asked, /*validate_only=*/true), error_code::none);
    EXPECT_EQ(some.image().find_topic("a")->partitions.size(), 1U);
    EXPECT_EQ(widen(asked), error_code::none);
    EXPECT_EQ(some.partition("a", 1).replicas, from_wire({3, 1}));
    asked.count = 4;
    EXPECT_EQ(widen(asked), error_code::invalid_replica_assignment) << "one for two";
}

TEST_F(topics, are_deleted_by_name_and_by_id) {
    some.create("a", {{1}});
    const kafka::uuid id = some.create("b", {{1}});
    messages::delete_topics_request request;
    request.topics = {{.name = "a"}, {.name = std::nullopt, .topic_id = id}};
    const auto answer = some.take(some.controller.delete_topics(request, some.when()));
    EXPECT_EQ(answer.responses.at(0).error_code, 0);
    EXPECT_EQ(answer.responses.at(1).error_code, 0);
    EXPECT_EQ(answer.responses.at(1).name, "b");
    EXPECT_TRUE(some.image().topics().empty());
    const auto again = some.take(some.controller.delete_topics(request, some.when()));
    EXPECT_EQ(again.responses.at(0).error_code, wire(error_code::unknown_topic_or_partition));
    EXPECT_EQ(again.responses.at(1).error_code, wire(error_code::unknown_topic_id));
}

TEST_F(topics, deleted_by_the_plain_names_of_older_versions_are_gone) {
    some.create("a", {{1}});
    messages::delete_topics_request request;
    request.topic_names = {"a"};
    const auto answer = some.take(some.controller.delete_topics(request, some.when()));
    EXPECT_EQ(answer.responses.at(0).error_code, 0);
    EXPECT_EQ(some.image().find_topic("a"), nullptr);
}

TEST(topic_deletion, can_be_switched_off) {
    auto settings = plain_settings();
    settings.delete_topic_enable = false;
    cluster some(settings);
    some.start(1);
    some.create("a", {{1}});
    messages::delete_topics_request request;
    request.topic_names = {"a"};
    const auto answer = some.take(some.controller.delete_topics(request, some.when()));
    EXPECT_EQ(answer.responses.at(0).error_code, wire(error_code::topic_deletion_disabled));
}

}  // namespace
}  // namespace verdikt::broker::controller::testing
