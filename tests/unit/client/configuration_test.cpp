#include "client/configuration.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace verdikt::client {
namespace {

using properties = std::map<std::string, std::string>;

TEST(client_configuration, settings_are_sorted_and_their_defaults_pass_their_own_checks) {
    const auto all = settings();
    EXPECT_TRUE(std::ranges::is_sorted(all, {}, &setting::name));
    for (const role who : {role::producer, role::consumer, role::admin}) {
        client_config config;
        config.bootstrap_servers = {"localhost:9092"};
        EXPECT_EQ(config.find_fault(who), std::nullopt);
    }
}

TEST(client_configuration, defaults_are_those_of_java) {
    const auto text = [](std::string_view name) {
        return std::ranges::find(settings(), name, &setting::name)->default_text();
    };
    EXPECT_EQ(text("acks"), "all");
    EXPECT_EQ(text("batch.size"), "16384");
    EXPECT_EQ(text("linger.ms"), "0");
    EXPECT_EQ(text("delivery.timeout.ms"), "120000");
    EXPECT_EQ(text("session.timeout.ms"), "45000");
    EXPECT_EQ(text("partition.assignment.strategy"), "range,cooperative-sticky");
    EXPECT_EQ(text("enable.auto.commit"), "true");
}

TEST(client_configuration, an_unknown_key_names_the_nearest) {
    const auto parsed = client_config::parse(role::producer, {{"linger.msec", "5"}});
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error(), "unknown configuration key linger.msec; did you mean linger.ms?");
}

TEST(client_configuration, a_key_of_another_role_is_unknown) {
    EXPECT_FALSE(
        client_config::parse(role::consumer, {{"bootstrap.servers", "a:1"}, {"linger.ms", "5"}}));
}

TEST(client_configuration, bounds_choices_and_malformed_values_are_refused) {
    const auto refuses = [](const std::string& key, const std::string& value) {
        return !client_config::parse(role::producer, {{"bootstrap.servers", "a:1"}, {key, value}});
    };
    EXPECT_TRUE(refuses("acks", "2"));
    EXPECT_TRUE(refuses("batch.size", "-1"));
    EXPECT_TRUE(refuses("batch.size", "12k"));
    EXPECT_TRUE(refuses("enable.idempotence", "yes"));
    EXPECT_FALSE(refuses("linger.ms", " 5 "));
}

TEST(client_configuration, rules_between_settings_hold) {
    const properties base{{"bootstrap.servers", "a:1, b:2"}};
    properties explicit_idempotence = base;
    explicit_idempotence["enable.idempotence"] = "true";
    explicit_idempotence["acks"] = "1";
    EXPECT_FALSE(client_config::parse(role::producer, explicit_idempotence));

    properties implied = base;
    implied["acks"] = "1";
    const auto parsed = client_config::parse(role::producer, implied);
    ASSERT_TRUE(parsed) << parsed.error();
    EXPECT_FALSE(parsed->enable_idempotence) << "weak acks switch it off where nobody asked for it";
    EXPECT_EQ(parsed->bootstrap_servers, (std::vector<std::string>{"a:1", "b:2"}));

    properties short_delivery = base;
    short_delivery["delivery.timeout.ms"] = "1000";
    EXPECT_FALSE(client_config::parse(role::producer, short_delivery));
}

}  // namespace
}  // namespace verdikt::client
