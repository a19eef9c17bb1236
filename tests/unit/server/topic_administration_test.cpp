#include "kafka/error_codes.h"
#include "kafka/messages/create_partitions.h"
#include "kafka/messages/delete_topics.h"
#include "kafka/messages/describe_log_dirs.h"
#include "tests/unit/server/broker_fixture.h"
#include "tests/unit/server/requests.h"

#include <gmock/gmock.h>

namespace verdikt::broker::server {
namespace {

using kafka::error_code;
using runtime::awaitable;
using runtime::environment;
using testing::HasSubstr;

using created = messages::create_topics_response::creatable_topic_result;
using creatable = messages::create_topics_request::creatable_topic;

awaitable<created> create(wire_client& client, creatable topic, bool validate_only = false) {
    messages::create_topics_request request{.topics = {std::move(topic)},
                                            .validate_only = validate_only};
    const auto answer = co_await client.ask<messages::create_topics_response>(request, 7);
    co_return answer.topics.at(0);
}

awaitable<error_code> create_code(wire_client& client, std::string name) {
    const creatable topic{.name = std::move(name), .num_partitions = 1, .replication_factor = 1};
    co_return kafka::error_code((co_await create(client, topic)).error_code);
}

awaitable<messages::metadata_response::metadata_response_topic> look_at(wire_client& client,
                                                                        std::string name,
                                                                        bool may_create = false) {
    messages::metadata_request request{.allow_auto_topic_creation = may_create};
    request.topics->push_back({.topic_id = {}, .name = std::move(name)});
    const auto answer = co_await client.ask<messages::metadata_response>(request, 12);
    co_return answer.topics.at(0);
}

awaitable<error_code> remove(wire_client& client, std::string name) {
    messages::delete_topics_request request;
    request.topics.push_back({.name = std::move(name), .topic_id = {}});
    const auto answer = co_await client.ask<messages::delete_topics_response>(request, 6);
    co_return kafka::error_code(answer.responses.at(0).error_code);
}

awaitable<error_code> grow(wire_client& client, std::string name, std::int32_t count) {
    messages::create_partitions_request request;
    request.topics.push_back({.name = std::move(name), .count = count, .assignments = {}});
    const auto answer = co_await client.ask<messages::create_partitions_response>(request, 3);
    co_return kafka::error_code(answer.results.at(0).error_code);
}

using topic_administration = broker_fixture;

TEST_F(topic_administration, a_created_topic_is_described_and_survives_a_restart) {
    kafka::uuid id;
    play([&id](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        const auto made = co_await create(client,
                                          {.name = "orders",
                                           .num_partitions = 3,
                                           .replication_factor = -1,
                                           .configs = {{"retention.ms", "1000"}}});
        EXPECT_EQ(made.error_code, 0) << made.error_message.value_or("");
        EXPECT_EQ(made.num_partitions, 3);
        EXPECT_EQ(made.replication_factor, 1);
        EXPECT_FALSE(made.topic_id.is_zero());
        const auto retention =
            std::ranges::find(*made.configs,
                              "retention.ms",
                              &messages::create_topics_response::creatable_topic_configs::name);
        EXPECT_EQ(retention->value, "1000");
        id = made.topic_id;
    });
    broker_node_.power_loss();
    universe_.run(broker_node_.until_stopped());
    play([&id](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        const auto found = co_await look_at(client, "orders");
        EXPECT_EQ(found.error_code, 0);
        EXPECT_EQ(found.topic_id, id);
        EXPECT_EQ(found.partitions.size(), 3U);
    });
}

TEST_F(topic_administration, illegal_names_are_refused) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        for (const std::string name :
             {"", ".", "..", "a/b", "a b", "\xc3\xa4", "__consumer_offsets"}) {
            EXPECT_EQ(co_await create_code(client, name), error_code::invalid_topic_exception)
                << name;
        }
        EXPECT_EQ(co_await create_code(client, std::string(250, 'a')),
                  error_code::invalid_topic_exception);
        EXPECT_EQ(co_await create_code(client, std::string(249, 'a')), error_code::none);
        EXPECT_EQ(co_await create_code(client, "A-z_0"), error_code::none);
    });
}

TEST_F(topic_administration, names_that_metrics_cannot_tell_apart_collide) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        EXPECT_EQ(co_await create_code(client, "a.b_c"), error_code::none);
        const auto refused = co_await create(
            client, {.name = "a_b.c", .num_partitions = 1, .replication_factor = 1});
        EXPECT_EQ(error_code(refused.error_code), error_code::invalid_topic_exception);
        EXPECT_THAT(*refused.error_message, HasSubstr("collides with existing topic 'a.b_c'"));
        EXPECT_EQ(co_await create_code(client, "a-b-c"), error_code::none);
        // Nor are they made by asking for them.
        const auto found = co_await look_at(client, "a_b_c", true);
        EXPECT_EQ(error_code(found.error_code), error_code::invalid_topic_exception);
    });
    // Kafka warns of such names when it makes one.
    EXPECT_THAT(universe_.report(), HasSubstr("topic_name_may_collide"));
}

TEST_F(topic_administration, what_one_broker_cannot_do_is_refused) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        const auto code = [&client](creatable topic) -> awaitable<error_code> {
            co_return error_code((co_await create(client, std::move(topic))).error_code);
        };
        EXPECT_EQ(co_await code({.name = "a", .num_partitions = 1, .replication_factor = 3}),
                  error_code::invalid_replication_factor);
        EXPECT_EQ(co_await code({.name = "a", .num_partitions = 0, .replication_factor = 1}),
                  error_code::invalid_partitions);
        EXPECT_EQ(co_await code({.name = "a",
                                 .num_partitions = -1,
                                 .replication_factor = -1,
                                 .assignments = {{.partition_index = 0, .broker_ids = {7}}}}),
                  error_code::invalid_replica_assignment);
        EXPECT_EQ(co_await code({.name = "a",
                                 .num_partitions = -1,
                                 .replication_factor = -1,
                                 .assignments = {{.partition_index = 1, .broker_ids = {1}}}}),
                  error_code::invalid_replica_assignment);
        EXPECT_EQ(co_await code({.name = "a",
                                 .num_partitions = 1,
                                 .replication_factor = 1,
                                 .configs = {{"retention.ms", "soon"}}}),
                  error_code::invalid_config);
        EXPECT_EQ(error_code((co_await look_at(client, "a")).error_code),
                  error_code::unknown_topic_or_partition);
    });
}

TEST_F(topic_administration, a_topic_is_not_created_twice_nor_when_only_validated) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        const creatable topic{.name = "a", .num_partitions = 2, .replication_factor = 1};
        EXPECT_EQ((co_await create(client, topic, true)).error_code, 0);
        EXPECT_EQ((co_await create(client, topic)).error_code, 0);
        EXPECT_EQ(co_await create_code(client, "a"), error_code::topic_already_exists);
        messages::create_topics_request twice{.topics = {{.name = "b"}, {.name = "b"}}};
        const auto answer = co_await client.ask<messages::create_topics_response>(twice, 7);
        EXPECT_EQ(answer.topics.size(), 1U);
        EXPECT_EQ(error_code(answer.topics.at(0).error_code), error_code::invalid_request);
    });
}

TEST_F(topic_administration, asking_for_a_topic_makes_it_where_both_sides_allow_it) {
    set("num.partitions", "4");
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        EXPECT_EQ(error_code((co_await look_at(client, "a", false)).error_code),
                  error_code::unknown_topic_or_partition);
        EXPECT_EQ((co_await look_at(client, "a", true)).partitions.size(), 4U);
    });
}

TEST_F(topic_administration, asking_for_a_topic_does_not_make_it_where_the_broker_forbids_it) {
    set("auto.create.topics.enable", "false");
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        EXPECT_EQ(error_code((co_await look_at(client, "a", true)).error_code),
                  error_code::unknown_topic_or_partition);
    });
}

// Storm of the cluster, seed 21400: a consumer took the refusal for the end of its topic.
TEST_F(topic_administration, asking_for_a_topic_that_too_few_brokers_can_hold_is_to_be_repeated) {
    set("default.replication.factor", "3");
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        const auto code = error_code((co_await look_at(client, "a", true)).error_code);
        EXPECT_EQ(code, error_code::unknown_topic_or_partition);
        EXPECT_TRUE(kafka::retriable(code));
    });
}

TEST_F(topic_administration, a_topic_grows_and_never_shrinks) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "a");
        EXPECT_EQ(co_await grow(client, "a", 3), error_code::none);
        EXPECT_EQ(co_await grow(client, "a", 3), error_code::invalid_partitions);
        EXPECT_EQ(co_await grow(client, "a", 1), error_code::invalid_partitions);
        EXPECT_EQ(co_await grow(client, "a", 1'000'000), error_code::invalid_partitions);
        EXPECT_EQ(co_await grow(client, "b", 2), error_code::unknown_topic_or_partition);
        const auto batch = batch_of("x");
        EXPECT_EQ(co_await produce_code(client, produce_of("a", 2, batch)), 0);
    });
    broker_node_.power_loss();
    universe_.run(broker_node_.until_stopped());
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        EXPECT_EQ((co_await look_at(client, "a")).partitions.size(), 3U);
    });
}

TEST_F(topic_administration, a_deleted_topic_is_gone_with_its_records) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "a");
        const auto batch = batch_of("x", 5);
        EXPECT_EQ(co_await produce_code(client, produce_of("a", 0, batch)), 0);
        EXPECT_EQ(co_await remove(client, "a"), error_code::none);
        EXPECT_EQ(co_await remove(client, "a"), error_code::unknown_topic_or_partition);
        EXPECT_EQ(error_code(co_await produce_code(client, produce_of("a", 0, batch))),
                  error_code::unknown_topic_or_partition);
        co_await make_topic(client, "a");
        EXPECT_EQ(co_await end_of(client, "a"), 0);
    });
    broker_node_.power_loss();
    universe_.run(broker_node_.until_stopped());
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        EXPECT_EQ(co_await end_of(client, "a"), 0);
    });
}

TEST_F(topic_administration, topics_are_not_deleted_where_the_broker_forbids_it) {
    set("delete.topic.enable", "false");
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "a");
        EXPECT_EQ(co_await remove(client, "a"), error_code::topic_deletion_disabled);
    });
}

TEST_F(topic_administration, log_directories_are_described_with_the_sizes_of_partitions) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "a");
        const auto batch = batch_of("x", 5);
        EXPECT_EQ(co_await produce_code(client, produce_of("a", 0, batch)), 0);
        const messages::describe_log_dirs_request all{.topics = std::nullopt};
        const auto answer = co_await client.ask<messages::describe_log_dirs_response>(all, 4);
        const auto& directory = answer.results.at(0);
        EXPECT_EQ(directory.log_dir, "/data");
        EXPECT_GT(directory.usable_bytes, 0);
        EXPECT_GE(directory.total_bytes, directory.usable_bytes);
        EXPECT_EQ(directory.topics.at(0).name, "a");
        EXPECT_EQ(directory.topics.at(0).partitions.at(0).partition_size,
                  static_cast<std::int64_t>(batch.size()));
    });
}

}  // namespace
}  // namespace verdikt::broker::server
