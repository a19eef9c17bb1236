// An image as records and back; what lies between two images. Over random histories.
#include "broker/metadata/image.h"
#include "runtime/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace verdikt::broker::metadata {
namespace {

namespace messages = kafka::messages;

/// Writes records that may or may not apply.
class history {
  public:
    explicit history(std::uint64_t seed) : chance_(seed) {}

    void step() {
        const image before = state;
        changes changed;
        const log_position where{state.position().offset.next(), kafka::leader_epoch(1)};
        if (!state.apply(any_record(), where, changed)) {
            EXPECT_EQ(state, before) << "refused, it changes nothing";
            EXPECT_TRUE(changed.empty());
            return;
        }
        state.check_invariants();
        expect_covers(changed, difference(before, state));
    }

    image state;

  private:
    /// All that differs must have been reported.
    static void expect_covers(const changes& reported, const changes& differs) {
        EXPECT_TRUE(std::ranges::includes(reported.brokers, differs.brokers));
        EXPECT_TRUE(std::ranges::includes(reported.partitions, differs.partitions));
        EXPECT_TRUE(std::ranges::includes(reported.configs, differs.configs));
        EXPECT_TRUE(std::ranges::includes(reported.features, differs.features));
        EXPECT_EQ(reported.topics_created, differs.topics_created);
        EXPECT_EQ(reported.topics_removed, differs.topics_removed);
        EXPECT_TRUE(reported.producer_ids || !differs.producer_ids);
    }

    std::int32_t below(std::uint64_t bound) {
        return static_cast<std::int32_t>(chance_.below(bound));
    }
    kafka::uuid any_id() {
        kafka::uuid id;
        id.bytes[0] = static_cast<std::byte>(1 + chance_.below(4));
        return id;
    }
    std::vector<std::int32_t> any_nodes() {
        std::vector<std::int32_t> result;
        for (std::int32_t id = 0; id < 4; ++id) {
            if (chance_.chance(0.6)) result.push_back(id);
        }
        return result;
    }

    record any_record() {
        switch (chance_.below(10)) {
            case 0:
                return messages::register_broker_record{.broker_id = below(4),
                                                        .broker_epoch = below(100),
                                                        .rack = "r",
                                                        .fenced = chance_.chance(0.5),
                                                        .log_dirs = {any_id()}};
            case 1:
                return messages::broker_registration_change_record{
                    .broker_id = below(4),
                    .broker_epoch = epoch_of(below(4)),
                    .fenced = static_cast<std::int8_t>(below(3) - 1)};
            case 2:
                return messages::unregister_broker_record{.broker_id = below(4),
                                                          .broker_epoch = epoch_of(below(4))};
            case 3:
                return messages::topic_record{
                    .name = std::string(1, static_cast<char>('a' + below(4))),
                    .topic_id = any_id()};
            case 4:
            case 5:
                return any_partition();
            case 6:
                return any_change();
            case 7:
                return any_config();
            case 8:
                return messages::feature_level_record{
                    .name = std::string(1, static_cast<char>('f' + below(2))),
                    .feature_level = static_cast<std::int16_t>(below(3))};
            default:
                return rare();
        }
    }
    record rare() {
        if (chance_.chance(0.3)) return messages::remove_topic_record{.topic_id = any_id()};
        if (chance_.chance(0.3)) return messages::no_op_record{};
        return messages::producer_ids_record{.next_producer_id = below(10) * 1'000};
    }
    std::int64_t epoch_of(std::int32_t broker) {
        const auto* found = state.find_broker(kafka::node_id(broker));
        return found == nullptr ? 0 : found->epoch.value();
    }
    record any_partition() {
        const kafka::uuid id = any_id();
        const topic* of = state.find_topic(id);
        messages::partition_record made{
            .partition_id = of == nullptr ? 0 : static_cast<std::int32_t>(of->partitions.size()),
            .topic_id = id,
            .replicas = any_nodes(),
            .leader_epoch = below(5),
            .partition_epoch = below(5)};
        made.isr = made.replicas;
        made.directories.assign(made.replicas.size(), any_id());
        made.leader = made.replicas.empty() ? -1 : made.replicas.front();
        return made;
    }
    record any_change() {
        messages::partition_change_record made{.partition_id = below(3), .topic_id = any_id()};
        if (chance_.chance(0.6)) made.isr = any_nodes();
        if (chance_.chance(0.5)) made.leader = below(5) - 1;
        if (chance_.chance(0.4)) made.eligible_leader_replicas = any_nodes();
        if (chance_.chance(0.2)) made.last_known_elr = any_nodes();
        if (chance_.chance(0.2)) made.adding_replicas = any_nodes();
        if (chance_.chance(0.2)) made.removing_replicas = any_nodes();
        if (chance_.chance(0.2)) made.leader_recovery_state = static_cast<std::int8_t>(below(2));
        return made;
    }
    record any_config() {
        messages::config_record made{
            .resource_type = static_cast<std::int8_t>(chance_.chance(0.5) ? 2 : 4),
            .resource_name = std::string(1, static_cast<char>('a' + below(3))),
            .name = std::string(1, static_cast<char>('k' + below(3)))};
        if (chance_.chance(0.7)) made.value = std::to_string(below(3));
        return made;
    }

    runtime::random_source chance_;
};

TEST(metadata_snapshot, restores_the_image_that_it_was_taken_of) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        SCOPED_TRACE(seed);
        history run(seed);
        for (int steps = 0; steps < 60; ++steps) run.step();
        const auto copy = image::restored(run.state.snapshot(), run.state.position());
        ASSERT_TRUE(copy.has_value());
        EXPECT_EQ(*copy, run.state);
        EXPECT_TRUE(difference(*copy, run.state).empty());
    }
}

TEST(metadata_snapshot, survives_the_way_through_bytes) {
    history run(5);
    for (int steps = 0; steps < 200; ++steps) run.step();
    std::vector<record> read;
    for (const record& each : run.state.snapshot())
        read.push_back(*decode_record(encode_record(each)));
    EXPECT_EQ(*image::restored(read, run.state.position()), run.state);
}

TEST(metadata_snapshot, of_records_that_do_not_fit_is_refused) {
    const std::vector<record> records{messages::unregister_broker_record{.broker_id = 1}};
    EXPECT_EQ(image::restored(records, {}).error(), apply_errc::unknown_broker);
}

}  // namespace
}  // namespace verdikt::broker::metadata
