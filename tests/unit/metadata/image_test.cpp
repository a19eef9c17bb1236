#include "broker/metadata/image.h"
#include "runtime/random.h"

#include <gtest/gtest.h>

#include <vector>

namespace verdikt::broker::metadata {
namespace {

namespace messages = kafka::messages;

using ids = std::vector<std::int32_t>;

kafka::uuid uuid_of(int number) {
    kafka::uuid result;
    result.bytes[15] = static_cast<std::byte>(number);
    return result;
}

/// An image, and the offset that its next record has.
struct followed_log {
    image state;
    changes changed;
    kafka::offset next{0};

    std::expected<void, apply_errc> apply(const record& which) {
        const auto done = state.apply(which, {next, kafka::leader_epoch(1)}, changed);
        if (done) next = next.next();
        state.check_invariants();
        return done;
    }
    const partition& partition_of(int topic, int index) const {
        return *state.find_partition({uuid_of(topic), kafka::partition_index(index)});
    }
};

messages::register_broker_record broker(std::int32_t id, std::int64_t epoch) {
    return {.broker_id = id, .broker_epoch = epoch};
}

messages::partition_record new_partition(int topic, std::int32_t index) {
    return {.partition_id = index,
            .topic_id = uuid_of(topic),
            .replicas = {1, 2, 3},
            .isr = {1, 2, 3},
            .leader = 1,
            .leader_epoch = 0,
            .partition_epoch = 0,
            .directories = {uuid_of(0), uuid_of(0), uuid_of(0)}};
}

followed_log with_topic() {
    followed_log log;
    EXPECT_TRUE(log.apply(messages::topic_record{.name = "orders", .topic_id = uuid_of(1)}));
    EXPECT_TRUE(log.apply(new_partition(1, 0)));
    log.changed = {};
    return log;
}

TEST(metadata_image, applies_a_record_once_and_never_goes_back) {
    followed_log log;
    ASSERT_TRUE(log.apply(broker(1, 0)));
    const image before = log.state;
    const auto again = log.state.apply(broker(2, 0), before.position(), log.changed);
    EXPECT_EQ(again.error(), apply_errc::already_applied);
    EXPECT_EQ(log.state, before);
}

TEST(metadata_image, moves_over_records_that_are_the_quorums_own) {
    followed_log log;
    log.state.skip_to({kafka::offset(4), kafka::leader_epoch(2)});
    EXPECT_EQ(log.state.position().offset, kafka::offset(4));
    log.state.skip_to({kafka::offset(3), kafka::leader_epoch(2)});
    EXPECT_EQ(log.state.position().offset, kafka::offset(4));
    EXPECT_FALSE(log.state.apply(broker(1, 4), {kafka::offset(4), {}}, log.changed));
    EXPECT_TRUE(log.state.apply(broker(1, 5), {kafka::offset(5), {}}, log.changed));
}

TEST(metadata_image, keeps_only_the_last_process_of_a_broker) {
    followed_log log;
    ASSERT_TRUE(log.apply(broker(1, 0)));
    ASSERT_TRUE(log.apply(broker(1, 1)));
    const messages::broker_registration_change_record late{
        .broker_id = 1, .broker_epoch = 0, .fenced = -1};
    EXPECT_EQ(log.apply(late).error(), apply_errc::unknown_broker);
    EXPECT_TRUE(log.state.find_broker(kafka::node_id(1))->fenced);
    EXPECT_EQ(
        log.apply(messages::unregister_broker_record{.broker_id = 1, .broker_epoch = 0}).error(),
        apply_errc::unknown_broker);
    EXPECT_TRUE(log.apply(messages::unregister_broker_record{.broker_id = 1, .broker_epoch = 1}));
    EXPECT_EQ(log.state.find_broker(kafka::node_id(1)), nullptr);
}

TEST(metadata_image, changes_of_a_registration_leave_the_rest_as_it_is) {
    followed_log log;
    auto first = broker(1, 0);
    first.log_dirs = {uuid_of(8), uuid_of(9)};
    ASSERT_TRUE(log.apply(first));
    ASSERT_TRUE(log.apply(messages::broker_registration_change_record{
        .broker_id = 1, .broker_epoch = 0, .fenced = -1}));
    ASSERT_TRUE(log.apply(messages::broker_registration_change_record{
        .broker_id = 1, .broker_epoch = 0, .in_controlled_shutdown = 1}));
    ASSERT_TRUE(log.apply(messages::broker_registration_change_record{
        .broker_id = 1, .broker_epoch = 0, .log_dirs = {uuid_of(9)}}));
    const broker_registration& now = *log.state.find_broker(kafka::node_id(1));
    EXPECT_FALSE(now.fenced);
    EXPECT_TRUE(now.in_controlled_shutdown);
    EXPECT_FALSE(now.has_online(uuid_of(8)));
    EXPECT_TRUE(now.has_online(uuid_of(9)));
}

TEST(metadata_image, raises_the_leader_epoch_with_the_leader_and_the_partition_epoch_always) {
    followed_log log = with_topic();
    messages::partition_change_record shrink{.topic_id = uuid_of(1), .isr = ids{1, 2}};
    shrink.partition_id = 0;
    ASSERT_TRUE(log.apply(shrink));
    EXPECT_EQ(log.partition_of(1, 0).leader_epoch, kafka::leader_epoch(0));
    EXPECT_EQ(log.partition_of(1, 0).epoch, kafka::partition_epoch(1));
    messages::partition_change_record same_leader{.topic_id = uuid_of(1), .leader = 1};
    same_leader.partition_id = 0;
    ASSERT_TRUE(log.apply(same_leader));
    EXPECT_EQ(log.partition_of(1, 0).leader_epoch, kafka::leader_epoch(1));
    EXPECT_EQ(log.partition_of(1, 0).epoch, kafka::partition_epoch(2));
    EXPECT_EQ(log.partition_of(1, 0).isr, from_wire({1, 2}));
}

TEST(metadata_image, refuses_what_would_make_an_impossible_partition) {
    followed_log log = with_topic();
    const auto refused = [&](messages::partition_change_record change) {
        change.partition_id = 0;
        change.topic_id = uuid_of(1);
        const image before = log.state;
        EXPECT_EQ(log.apply(change).error(), apply_errc::bad_partition);
        EXPECT_EQ(log.state, before);
    };
    refused({.isr = ids{2, 3}});                    // The leader is not among them.
    refused({.isr = ids{1, 4}});                    // No replica.
    refused({.isr = ids{1, 1}});                    // Twice.
    refused({.eligible_leader_replicas = ids{2}});  // In sync as well.
    refused({.leader = 4});
    refused({.leader_recovery_state = 1});  // With three in sync.
    refused({.removing_replicas = ids{3}, .adding_replicas = ids{3}});
    refused({.directories = std::vector<kafka::uuid>{}});
    refused({.replicas = ids{}});
}

TEST(metadata_image, refuses_records_of_what_is_not_there) {
    followed_log log = with_topic();
    messages::partition_change_record change{.topic_id = uuid_of(2), .leader = 2};
    change.partition_id = 0;
    EXPECT_EQ(log.apply(change).error(), apply_errc::unknown_topic);
    change.topic_id = uuid_of(1);
    change.partition_id = 1;
    EXPECT_EQ(log.apply(change).error(), apply_errc::unknown_partition);
    EXPECT_EQ(log.apply(new_partition(1, 2)).error(), apply_errc::partition_gap);
    EXPECT_EQ(log.apply(new_partition(2, 0)).error(), apply_errc::unknown_topic);
    EXPECT_EQ(log.apply(messages::remove_topic_record{.topic_id = uuid_of(2)}).error(),
              apply_errc::unknown_topic);
    EXPECT_EQ(log.apply(messages::topic_record{.name = "orders", .topic_id = uuid_of(3)}).error(),
              apply_errc::topic_exists);
    EXPECT_EQ(log.apply(messages::config_record{.resource_type = 3, .value = "v"}).error(),
              apply_errc::unknown_resource);
}

TEST(metadata_image, never_gives_out_producer_ids_again) {
    followed_log log;
    ASSERT_TRUE(log.apply(messages::producer_ids_record{.next_producer_id = 2'000}));
    EXPECT_EQ(log.apply(messages::producer_ids_record{.next_producer_id = 1'000}).error(),
              apply_errc::ids_went_back);
    EXPECT_EQ(log.state.next_producer_id(), kafka::producer_id(2'000));
}

TEST(metadata_image, forgets_the_settings_of_a_topic_that_goes) {
    followed_log log = with_topic();
    ASSERT_TRUE(log.apply(messages::config_record{
        .resource_type = 2, .resource_name = "orders", .name = "retention.ms", .value = "1"}));
    ASSERT_TRUE(log.apply(messages::remove_topic_record{.topic_id = uuid_of(1)}));
    ASSERT_TRUE(log.apply(messages::topic_record{.name = "orders", .topic_id = uuid_of(2)}));
    EXPECT_EQ(log.state.find_topic_config("orders", "retention.ms"), nullptr);
    EXPECT_TRUE(log.changed.configs.contains({resource_type::topic, "orders"}));
}

TEST(metadata_image, takes_a_topics_own_setting_before_that_of_all_brokers) {
    followed_log log = with_topic();
    const auto set = [&](std::int8_t type, std::string name, std::optional<std::string> value) {
        ASSERT_TRUE(log.apply(messages::config_record{.resource_type = type,
                                                      .resource_name = std::move(name),
                                                      .name = "min.insync.replicas",
                                                      .value = std::move(value)}));
    };
    EXPECT_EQ(log.state.find_topic_config("orders", "min.insync.replicas"), nullptr);
    set(4, "", "2");
    EXPECT_EQ(*log.state.find_topic_config("orders", "min.insync.replicas"), "2");
    set(2, "orders", "3");
    EXPECT_EQ(*log.state.find_topic_config("orders", "min.insync.replicas"), "3");
    set(2, "orders", std::nullopt);
    EXPECT_EQ(*log.state.find_topic_config("orders", "min.insync.replicas"), "2");
}

TEST(metadata_image, says_what_changed) {
    followed_log log = with_topic();
    ASSERT_TRUE(log.apply(messages::topic_record{.name = "brief", .topic_id = uuid_of(2)}));
    ASSERT_TRUE(log.apply(new_partition(2, 0)));
    EXPECT_TRUE(log.changed.topics_created.contains(uuid_of(2)));
    EXPECT_TRUE(log.changed.partitions.contains({uuid_of(2), kafka::partition_index(0)}));
    ASSERT_TRUE(log.apply(messages::remove_topic_record{.topic_id = uuid_of(2)}));
    EXPECT_TRUE(log.changed.empty()) << "it came and went";
    ASSERT_TRUE(log.apply(messages::remove_topic_record{.topic_id = uuid_of(1)}));
    EXPECT_EQ(log.changed.topics_removed.at(uuid_of(1)), "orders");
    ASSERT_TRUE(log.apply(broker(5, 5)));
    EXPECT_TRUE(log.changed.brokers.contains(kafka::node_id(5)));
}

TEST(metadata_image, holds_a_replica_electable_only_on_an_active_broker_and_a_working_disk) {
    followed_log log = with_topic();
    const partition& where = log.partition_of(1, 0);
    EXPECT_FALSE(log.state.is_electable(where, kafka::node_id(1))) << "not registered";
    auto first = broker(1, 2);
    first.fenced = false;
    first.log_dirs = {uuid_of(9)};
    ASSERT_TRUE(log.apply(first));
    EXPECT_TRUE(log.state.is_electable(where, kafka::node_id(1)));
    partition on_lost_disk = where;
    on_lost_disk.directories[0] = uuid_of(8);
    EXPECT_FALSE(log.state.is_electable(on_lost_disk, kafka::node_id(1)));
    ASSERT_TRUE(log.apply(messages::broker_registration_change_record{
        .broker_id = 1, .broker_epoch = 2, .in_controlled_shutdown = 1}));
    EXPECT_FALSE(log.state.is_electable(where, kafka::node_id(1)));
}

TEST(effective_min_isr, is_never_more_than_the_replicas_nor_less_than_one) {
    const partition two{.replicas = from_wire({1, 2})};
    EXPECT_EQ(effective_min_isr(3, two), 2U);
    EXPECT_EQ(effective_min_isr(2, two), 2U);
    EXPECT_EQ(effective_min_isr(1, two), 1U);
    EXPECT_EQ(effective_min_isr(0, two), 1U);
}

}  // namespace
}  // namespace verdikt::broker::metadata
