#include "broker/server/broker_config.h"

#include "broker/server/config_documentation.h"
#include "broker/server/config_value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace verdikt::broker::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(properties_file, keys_end_at_equals_colon_or_blank_and_lines_are_counted) {
    const auto properties = parse_properties(
        "# comment\n"
        "! another\n"
        "\n"
        "node.id=7\n"
        "  log.dirs : /a/b \r\n"
        "num.partitions 3\n"
        "empty=\n");
    EXPECT_THAT(properties,
                ElementsAre(property{"node.id", "7", 4},
                            property{"log.dirs", "/a/b", 5},
                            property{"num.partitions", "3", 6},
                            property{"empty", "", 7}));
}

TEST(properties_file, a_backslash_continues_a_line_or_escapes_a_letter) {
    const auto properties = parse_properties(
        "listeners=A://:1,\\\n"
        "    B://:2\n"
        "odd\\=key=a\\\\\n"
        "tail=x\\");
    EXPECT_THAT(properties,
                ElementsAre(property{"listeners", "A://:1,B://:2", 1},
                            property{"odd=key", "a\\", 3},
                            property{"tail", "x\\", 4}));
}

std::vector<property> file(std::string_view text) {
    return parse_properties(text);
}

TEST(broker_config, has_kafkas_defaults) {
    const broker_config config;
    EXPECT_EQ(config.integer("socket.request.max.bytes"), 104857600);
    EXPECT_EQ(config.integer("log.retention.ms"), 604800000);
    EXPECT_TRUE(config.boolean("auto.create.topics.enable"));
    EXPECT_EQ(config.text("compression.type"), "producer");
    EXPECT_EQ(config.source("compression.type"), config_source::fallback);
}

TEST(broker_config, every_declared_default_passes_its_own_declaration) {
    for (const auto keys : {broker_keys(), topic_keys()}) {
        for (const config_key& key : keys) {
            if (!key.alias_of.empty()) continue;
            const auto checked = check_value(key, key.fallback);
            EXPECT_TRUE(checked.has_value() || key.fallback.empty()) << key.name;
        }
    }
}

TEST(broker_config, every_topic_key_has_the_type_and_default_of_its_broker_key) {
    for (const config_key& key : topic_keys()) {
        const config_key* broker_key = find_key(broker_keys(), key.broker_key);
        ASSERT_NE(broker_key, nullptr) << key.name;
        EXPECT_EQ(broker_key->type, key.type) << key.name;
        EXPECT_EQ(broker_key->fallback, key.fallback) << key.name;
        EXPECT_EQ(broker_key->min, key.min) << key.name;
        EXPECT_EQ(broker_key->scope, config_scope::dynamic) << key.name;
    }
}

TEST(broker_config, an_alias_is_converted_and_the_canonical_name_wins) {
    EXPECT_EQ(broker_config::load(file("log.retention.hours=2"))->integer("log.retention.ms"),
              7200000);
    EXPECT_EQ(broker_config::load(file("log.retention.hours=-1"))->integer("log.retention.ms"), -1);
    const auto both = file("log.retention.hours=2\nlog.retention.minutes=5\n");
    EXPECT_EQ(broker_config::load(both)->integer("log.retention.ms"), 300000);
    const auto all = file("log.retention.ms=9\nlog.retention.hours=2\nlog.retention.minutes=5\n");
    EXPECT_EQ(broker_config::load(all)->integer("log.retention.ms"), 9);
    EXPECT_EQ(broker_config::load(file("broker.id=4"))->integer("node.id"), 4);
}

TEST(broker_config, a_later_setting_of_the_same_name_wins) {
    EXPECT_EQ(broker_config::load(file("node.id=1\nnode.id=2"))->integer("node.id"), 2);
}

std::string errors_of(std::string_view text) {
    const auto loaded = broker_config::load(file(text));
    if (loaded) return "none";
    std::string all;
    for (const config_error& error : loaded.error()) {
        all += fmt::format("{}: {}\n", error.line, error.message);
    }
    return all;
}

TEST(broker_config, an_unknown_key_is_an_error_with_its_line_and_the_nearest_name) {
    EXPECT_EQ(errors_of("node.id=1\nlog.retention.msec=5\nnum.partition=2"),
              "2: unknown key 'log.retention.msec'; did you mean 'log.retention.ms'?\n"
              "3: unknown key 'num.partition'; did you mean 'num.partitions'?\n");
}

TEST(broker_config, a_malformed_value_is_an_error_that_says_what_is_wrong) {
    EXPECT_EQ(errors_of("node.id=one"), "1: node.id: 'one' is not a whole number\n");
    EXPECT_EQ(errors_of("num.partitions=0"), "1: num.partitions: 0 is below the least value 1\n");
    EXPECT_EQ(errors_of("auto.create.topics.enable=yes"),
              "1: auto.create.topics.enable: 'yes' is neither true nor false\n");
    EXPECT_THAT(errors_of("compression.type=brotli"), HasSubstr("'brotli' is none of producer"));
    EXPECT_THAT(errors_of("log.cleaner.min.cleanable.ratio=1.5"), HasSubstr("not within 0 and 1"));
    EXPECT_THAT(errors_of("log.dirs="), HasSubstr("there is none"));
    EXPECT_THAT(errors_of("controller.quorum.voters=1@host"), HasSubstr("is not ID@HOST:PORT"));
    EXPECT_THAT(errors_of("controller.quorum.voters=2@host:9093"),
                HasSubstr("controller.quorum.voters lacks node.id 1"));
    EXPECT_THAT(errors_of("controller.quorum.voters=1@host:9093"),
                HasSubstr("a controller needs a listener"));
    EXPECT_THAT(errors_of("listeners=localhost:9092"), HasSubstr("is not NAME://HOST:PORT"));
    EXPECT_THAT(errors_of("listeners=A://h:70000"), HasSubstr("has no port"));
}

TEST(broker_config, listeners_may_lack_a_host_or_have_a_bracketed_one) {
    EXPECT_EQ(*parse_listener("PLAINTEXT://:9092"), (listener_address{"PLAINTEXT", {"", 9092}}));
    EXPECT_EQ(*parse_listener("A://[::1]:0"), (listener_address{"A", {"::1", 0}}));
}

TEST(config_documentation, the_committed_reference_is_the_generated_one) {
    std::ifstream committed(VERDIKT_SOURCE_DIR "/docs/configuration.md");
    ASSERT_TRUE(committed) << "run: verdikt-broker --print-config-docs > docs/configuration.md";
    std::stringstream text;
    text << committed.rdbuf();
    EXPECT_EQ(text.str(), configuration_document())
        << "run: verdikt-broker --print-config-docs > docs/configuration.md";
}

}  // namespace
}  // namespace verdikt::broker::server
