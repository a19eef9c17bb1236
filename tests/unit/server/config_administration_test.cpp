#include "kafka/error_codes.h"
#include "kafka/messages/alter_configs.h"
#include "kafka/messages/describe_configs.h"
#include "kafka/messages/incremental_alter_configs.h"
#include "tests/unit/server/broker_fixture.h"
#include "tests/unit/server/requests.h"

#include <gmock/gmock.h>

namespace verdikt::broker::server {
namespace {

using kafka::error_code;
using runtime::awaitable;
using runtime::environment;
using testing::HasSubstr;

constexpr std::int8_t of_topic = 2;
constexpr std::int8_t of_broker = 4;
constexpr std::int8_t set_value = 0;
constexpr std::int8_t remove_value = 1;
constexpr std::int8_t append_value = 2;
constexpr std::int8_t subtract_value = 3;
constexpr std::int8_t from_topic = 1;
constexpr std::int8_t from_broker = 2;
constexpr std::int8_t from_default = 5;

using described = messages::describe_configs_response::describe_configs_resource_result;
using edit = messages::incremental_alter_configs_request::alterable_config;

struct outcome {
    error_code code;
    std::string message;
};

awaitable<described> describe(wire_client& client,
                              std::int8_t type,
                              std::string name,
                              std::string key) {
    messages::describe_configs_request request{.include_synonyms = true};
    request.resources.push_back({type, std::move(name), std::vector{key}});
    const auto answer = co_await client.ask<messages::describe_configs_response>(request, 4);
    EXPECT_EQ(answer.results.at(0).error_code, 0);
    EXPECT_EQ(answer.results.at(0).configs.size(), 1U) << key;
    co_return answer.results.at(0).configs.at(0);
}

awaitable<outcome> change(wire_client& client,
                          std::int8_t type,
                          std::string name,
                          std::vector<edit> edits,
                          bool validate_only = false) {
    messages::incremental_alter_configs_request request{.validate_only = validate_only};
    request.resources.push_back({type, std::move(name), std::move(edits)});
    const auto answer =
        co_await client.ask<messages::incremental_alter_configs_response>(request, 1);
    const auto& first = answer.responses.at(0);
    co_return outcome{error_code(first.error_code), first.error_message.value_or("")};
}

awaitable<outcome> replace_all(wire_client& client,
                               std::string topic,
                               std::map<std::string, std::string> configs) {
    messages::alter_configs_request request;
    auto& resource = request.resources.emplace_back();
    resource.resource_type = of_topic;
    resource.resource_name = std::move(topic);
    for (auto& [key, value] : configs) resource.configs.push_back({key, value});
    const auto answer = co_await client.ask<messages::alter_configs_response>(request, 2);
    const auto& first = answer.responses.at(0);
    co_return outcome{error_code(first.error_code), first.error_message.value_or("")};
}

using config_administration = broker_fixture;

TEST_F(config_administration, a_value_is_described_with_where_it_comes_from) {
    set("log.segment.bytes", "1048576");
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "a");
        const auto by_default = co_await describe(client, of_topic, "a", "retention.ms");
        EXPECT_EQ(by_default.value, "604800000");
        EXPECT_EQ(by_default.config_source, from_default);
        EXPECT_FALSE(by_default.is_default) << "only version 0 has it";
        const auto of_file = co_await describe(client, of_topic, "a", "segment.bytes");
        EXPECT_EQ(of_file.value, "1048576");
        EXPECT_NE(of_file.config_source, from_default);
        EXPECT_EQ((co_await change(client, of_topic, "a", {{"retention.ms", set_value, "7"}})).code,
                  error_code::none);
        const auto of_topic_itself = co_await describe(client, of_topic, "a", "retention.ms");
        EXPECT_EQ(of_topic_itself.value, "7");
        EXPECT_EQ(of_topic_itself.config_source, from_topic);
        EXPECT_EQ(of_topic_itself.synonyms.at(0).name, "retention.ms");
        EXPECT_EQ(of_topic_itself.synonyms.at(1).name, "log.retention.ms");
    });
}

TEST_F(config_administration, an_unknown_key_is_refused_with_the_nearest_one) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "a");
        const auto wrong =
            co_await change(client, of_topic, "a", {{"retention.msec", set_value, "7"}});
        EXPECT_EQ(wrong.code, error_code::invalid_config);
        EXPECT_THAT(wrong.message, HasSubstr("'retention.ms'"));
        const auto replaced = co_await replace_all(client, "a", {{"max.mesage.bytes", "7"}});
        EXPECT_EQ(replaced.code, error_code::invalid_config);
        EXPECT_THAT(replaced.message, HasSubstr("'max.message.bytes'"));
        messages::create_topics_request creation;
        creation.topics.push_back({.name = "b",
                                   .num_partitions = 1,
                                   .replication_factor = 1,
                                   .configs = {{"cleanup.polcy", "compact"}}});
        const auto created = co_await client.ask<messages::create_topics_response>(creation, 7);
        EXPECT_THAT(*created.topics.at(0).error_message, HasSubstr("'cleanup.policy'"));
    });
}

TEST_F(config_administration, a_malformed_value_is_refused_and_nothing_is_changed) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "a");
        const auto wrong = co_await change(
            client,
            of_topic,
            "a",
            {{"segment.bytes", set_value, "99999"}, {"retention.ms", set_value, "soon"}});
        EXPECT_EQ(wrong.code, error_code::invalid_config);
        EXPECT_THAT(wrong.message, HasSubstr("'soon' is not a whole number"));
        EXPECT_EQ((co_await describe(client, of_topic, "a", "segment.bytes")).config_source,
                  from_default);
        EXPECT_EQ((co_await change(client, of_topic, "b", {})).code,
                  error_code::unknown_topic_or_partition);
    });
}

TEST_F(config_administration, lists_are_appended_to_and_subtracted_from) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "a");
        EXPECT_EQ(
            (co_await change(client, of_topic, "a", {{"cleanup.policy", append_value, "compact"}}))
                .code,
            error_code::none);
        EXPECT_EQ((co_await describe(client, of_topic, "a", "cleanup.policy")).value,
                  "delete,compact");
        EXPECT_EQ(
            (co_await change(client, of_topic, "a", {{"cleanup.policy", subtract_value, "delete"}}))
                .code,
            error_code::none);
        EXPECT_EQ((co_await describe(client, of_topic, "a", "cleanup.policy")).value, "compact");
        EXPECT_EQ(
            (co_await change(client, of_topic, "a", {{"retention.ms", append_value, "1"}})).code,
            error_code::invalid_config);
        EXPECT_EQ((co_await change(
                       client, of_topic, "a", {{"cleanup.policy", remove_value, std::nullopt}}))
                      .code,
                  error_code::none);
        EXPECT_EQ((co_await describe(client, of_topic, "a", "cleanup.policy")).value, "delete");
    });
}

TEST_F(config_administration, replacing_forgets_what_is_not_named_and_validating_changes_nothing) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "a");
        co_await replace_all(client, "a", {{"retention.ms", "7"}, {"retention.bytes", "8"}});
        co_await replace_all(client, "a", {{"retention.bytes", "9"}});
        EXPECT_EQ((co_await describe(client, of_topic, "a", "retention.ms")).value, "604800000");
        EXPECT_EQ((co_await describe(client, of_topic, "a", "retention.bytes")).value, "9");
        const std::vector<edit> edits{{"retention.bytes", set_value, "10"}};
        EXPECT_EQ((co_await change(client, of_topic, "a", edits, true)).code, error_code::none);
        EXPECT_EQ((co_await describe(client, of_topic, "a", "retention.bytes")).value, "9");
    });
}

TEST_F(config_administration, a_brokers_value_reaches_its_topics_and_survives_a_restart) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "a");
        const auto fixed =
            co_await change(client, of_broker, "1", {{"listeners", set_value, "A://:1"}});
        EXPECT_EQ(fixed.code, error_code::invalid_request);
        EXPECT_EQ((co_await change(client, of_broker, "x", {})).code, error_code::invalid_request);
        EXPECT_EQ(
            (co_await change(client, of_broker, "1", {{"message.max.bytes", set_value, "100"}}))
                .code,
            error_code::none);
    });
    broker_node_.power_loss();
    universe_.run(broker_node_.until_stopped());
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        const auto found = co_await describe(client, of_topic, "a", "max.message.bytes");
        EXPECT_EQ(found.value, "100");
        EXPECT_EQ(found.config_source, from_broker);
        const auto large = batch_of(std::string(200, 'x'));
        EXPECT_EQ(error_code(co_await produce_code(client, produce_of("a", 0, large))),
                  error_code::message_too_large);
    });
}

}  // namespace
}  // namespace verdikt::broker::server
