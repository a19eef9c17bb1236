// Settings, features, producer ids, and what a new cluster starts with.
#include "broker/controller/config_list.h"
#include "tests/unit/controller/cluster.h"

namespace verdikt::broker::controller::testing {
namespace {

using kafka::error_code;
using metadata::resource_type;

constexpr std::int8_t topic_type = 2;
constexpr std::int8_t broker_type = 4;

class settings : public ::testing::Test {
  protected:
    using edits = std::vector<messages::incremental_alter_configs_request::alterable_config>;

    void SetUp() override {
        some.start(1);
        some.create("orders", {{1}});
    }
    error_code edit(edits changes,
                    std::int8_t type = topic_type,
                    const std::string& name = "orders",
                    bool validate_only = false) {
        messages::incremental_alter_configs_request request{.validate_only = validate_only};
        request.resources.push_back(
            {.resource_type = type, .resource_name = name, .configs = std::move(changes)});
        const auto answer =
            some.take(some.controller.incremental_alter_configs(request, some.when()));
        return kafka::to_error_code(answer.responses.at(0).error_code);
    }
    const std::string* of_orders(std::string_view key) {
        return some.image().find_config({resource_type::topic, "orders"}, key);
    }

    cluster some;
};

TEST_F(settings, are_set_and_removed) {
    EXPECT_EQ(edit({{.name = "retention.ms", .value = "5"}}), error_code::none);
    EXPECT_EQ(*of_orders("retention.ms"), "5");
    EXPECT_EQ(edit({{.name = "retention.ms", .config_operation = 1}}), error_code::none);
    EXPECT_EQ(of_orders("retention.ms"), nullptr);
}

TEST_F(settings, that_are_lists_are_appended_to_from_their_default) {
    EXPECT_EQ(edit({{.name = "cleanup.policy", .config_operation = 2, .value = "compact"}}),
              error_code::none);
    EXPECT_EQ(*of_orders("cleanup.policy"), "delete,compact");
    EXPECT_EQ(edit({{.name = "cleanup.policy", .config_operation = 3, .value = "delete"}}),
              error_code::none);
    EXPECT_EQ(*of_orders("cleanup.policy"), "compact");
    EXPECT_EQ(edit({{.name = "retention.ms", .config_operation = 2, .value = "1"}}),
              error_code::invalid_config);
}

TEST_F(settings, of_one_resource_change_together_or_not_at_all) {
    EXPECT_EQ(edit({{.name = "retention.ms", .value = "5"}, {.name = "unknown", .value = "5"}}),
              error_code::invalid_config);
    EXPECT_EQ(edit({{.name = "retention.ms", .value = "5"},
                    {.name = "cleanup.policy", .value = "compact"}}),
              error_code::invalid_config);
    EXPECT_EQ(of_orders("retention.ms"), nullptr);
}

TEST_F(settings, with_edits_that_make_no_sense_are_refused) {
    EXPECT_EQ(edit({{.name = "retention.ms", .value = std::nullopt}}), error_code::invalid_request);
    EXPECT_EQ(edit({{.name = "retention.ms", .config_operation = 9, .value = "1"}}),
              error_code::invalid_request);
    EXPECT_EQ(
        edit({{.name = "retention.ms", .value = "1"}, {.name = "retention.ms", .value = "2"}}),
        error_code::invalid_request);
    EXPECT_EQ(edit({}, topic_type, "nothing"), error_code::unknown_topic_or_partition);
    EXPECT_EQ(edit({}, broker_type, "one"), error_code::invalid_request);
    EXPECT_EQ(edit({}, 8, "1"), error_code::invalid_request);
}

TEST_F(settings, are_only_checked_where_that_is_all_that_is_asked_for) {
    EXPECT_EQ(edit({{.name = "retention.ms", .value = "5"}}, topic_type, "orders", true),
              error_code::none);
    EXPECT_EQ(of_orders("retention.ms"), nullptr);
}

TEST_F(settings, hold_one_minimum_in_sync_for_all_brokers) {
    const edits minimum{{.name = "min.insync.replicas", .value = "2"}};
    EXPECT_EQ(edit(minimum, broker_type, "1"), error_code::invalid_config);
    EXPECT_EQ(edit(minimum, broker_type, ""), error_code::none);
    EXPECT_EQ(*some.image().find_config({resource_type::broker, ""}, "min.insync.replicas"), "2");
}

TEST_F(settings, that_are_replaced_forget_what_is_not_named) {
    ASSERT_EQ(edit({{.name = "retention.ms", .value = "5"}}), error_code::none);
    messages::alter_configs_request request;
    request.resources.push_back({.resource_type = topic_type, .resource_name = "orders"});
    request.resources[0].configs.push_back({.name = "cleanup.policy", .value = "compact"});
    const auto answer = some.take(some.controller.alter_configs(request, some.when()));
    EXPECT_EQ(answer.responses.at(0).error_code, 0);
    EXPECT_EQ(of_orders("retention.ms"), nullptr);
    EXPECT_EQ(*of_orders("cleanup.policy"), "compact");
}

TEST(config_list, holds_each_item_once) {
    EXPECT_EQ(list_with("a, b", "b,c"), "a,b,c");
    EXPECT_EQ(list_with("", "a"), "a");
    EXPECT_EQ(list_without("a,b,c", "b, x"), "a,c");
    EXPECT_EQ(list_without("a", "a"), "");
}

TEST(producer_ids, come_in_blocks_that_nobody_else_gets) {
    cluster some;
    some.start_all({1, 2});
    const auto ask = [&](std::int32_t broker, std::int64_t epoch) {
        return some.take(some.controller.allocate_producer_ids(
            {.broker_id = broker, .broker_epoch = epoch}, some.when()));
    };
    const auto first = ask(1, some.processes[1].epoch);
    EXPECT_EQ(first.producer_id_start, 0);
    EXPECT_EQ(first.producer_id_len, 1'000);
    EXPECT_EQ(ask(2, some.processes[2].epoch).producer_id_start, 1'000);
    some.change_controller();
    EXPECT_EQ(ask(1, some.processes[1].epoch).producer_id_start, 2'000);
    EXPECT_EQ(ask(1, some.processes[2].epoch).error_code, wire(error_code::stale_broker_epoch));
    EXPECT_EQ(ask(3, 0).error_code, wire(error_code::stale_broker_epoch));
}

class features : public ::testing::Test {
  protected:
    static controller_settings with_transactions() {
        auto chosen = plain_settings();
        chosen.features["transaction.version"] = {.levels = {0, 2}, .initial = 1};
        chosen.features["group.version"] = {.levels = {0, 1}, .initial = 0};
        chosen.features["metadata.version"] = {.levels = {1, 25}, .initial = 25};
        return chosen;
    }
    void SetUp() override {
        auto request = some.registration(1);
        request.features.push_back({"transaction.version", 0, 2});
        request.features.push_back({"metadata.version", 1, 25});
        ASSERT_EQ(some.enroll(request).error_code, 0);
    }
    error_code update(const std::string& feature, std::int16_t level, std::int8_t type) {
        messages::update_features_request request;
        request.feature_updates.push_back(
            {.feature = feature, .max_version_level = level, .upgrade_type = type});
        const auto answer = some.take(some.controller.update_features(request, some.when()));
        EXPECT_EQ(answer.error_code, answer.results.at(0).error_code);
        return kafka::to_error_code(answer.error_code);
    }

    cluster some{with_transactions()};
};

TEST_F(features, of_a_new_cluster_start_at_their_initial_levels) {
    EXPECT_EQ(some.image().feature_level("transaction.version"), 1);
    EXPECT_EQ(some.image().feature_level("metadata.version"), 25);
    EXPECT_EQ(some.image().feature_level("group.version"), 0);
    some.change_controller();
    EXPECT_EQ(some.last_count(), 0U) << "once";
}

TEST_F(features, are_raised_and_lowered_as_asked) {
    EXPECT_EQ(update("transaction.version", 2, 1), error_code::none);
    EXPECT_EQ(update("transaction.version", 1, 1), error_code::feature_update_failed);
    EXPECT_EQ(update("transaction.version", 1, 2), error_code::none);
    EXPECT_EQ(update("transaction.version", 2, 3), error_code::feature_update_failed);
    EXPECT_EQ(update("transaction.version", 0, 3), error_code::none);
    EXPECT_EQ(some.image().feature_level("transaction.version"), 0);
}

TEST_F(features, need_every_broker_and_the_controller) {
    EXPECT_EQ(update("transaction.version", 3, 1), error_code::feature_update_failed);
    EXPECT_EQ(update("unknown", 1, 1), error_code::feature_update_failed);
    EXPECT_EQ(update("group.version", 1, 1), error_code::feature_update_failed)
        << "the broker does not have it";
    EXPECT_EQ(update("transaction.version", 2, 7), error_code::invalid_request);
}

TEST_F(features, change_all_or_none) {
    messages::update_features_request request;
    request.feature_updates.push_back({.feature = "transaction.version", .max_version_level = 2});
    request.feature_updates.push_back({.feature = "group.version", .max_version_level = 1});
    const auto answer = some.take(some.controller.update_features(request, some.when()));
    EXPECT_NE(answer.error_code, 0);
    EXPECT_EQ(some.image().feature_level("transaction.version"), 1);
}

TEST(new_cluster, writes_down_the_minimum_in_sync_so_that_all_nodes_have_the_same) {
    auto chosen = plain_settings();
    chosen.min_insync_replicas = 2;
    const cluster some(chosen);
    EXPECT_EQ(*some.image().find_config({resource_type::broker, ""}, "min.insync.replicas"), "2");
}

TEST(controller_change, leaves_no_trace_of_what_was_not_committed) {
    cluster some;
    some.start(1);
    const metadata::image committed = some.image();
    messages::create_topics_request request;
    request.topics.push_back({.name = "orders", .num_partitions = 1, .replication_factor = 1});
    const auto lost = some.controller.create_topics(request, some.when(), some.chance);
    EXPECT_FALSE(lost.records.empty());
    const auto again = some.controller.create_topics(
        request,
        {.now = some.now, .log_end = some.log_end + static_cast<std::int64_t>(lost.records.size())},
        some.chance);
    EXPECT_EQ(again.answer.topics.at(0).error_code, wire(error_code::topic_already_exists))
        << "later requests see what is appended";
    some.controller.deactivate();
    EXPECT_FALSE(some.controller.is_active());
    const auto fresh = some.controller.activate(committed, kafka::leader_epoch(2), some.when());
    EXPECT_TRUE(fresh.records.empty());
    EXPECT_EQ(some.image(), committed);
}

}  // namespace
}  // namespace verdikt::broker::controller::testing
