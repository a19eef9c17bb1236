// One node's partitions, through the interface that request handlers use.
#include "tests/unit/replica_host/lone_node.h"

#include <gmock/gmock.h>

namespace verdikt::broker::replication::host {
namespace {

using runtime::awaitable;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(lone_node, commits_what_is_durable_without_waiting_for_a_tick) {
    create_topic("topic", 7);
    run([this]() -> awaitable<void> {
        EXPECT_THAT(leaderships, ElementsAre("topic-0 0"));
        const runtime::instant before = world->now();
        EXPECT_EQ(co_await produce({.records = 3}), error_code::none);
        EXPECT_LT(world->now() - before, 5ms);
        EXPECT_EQ(partition()->log().high_watermark(), offset(3));
        EXPECT_EQ(partition()->log().durable_end(), offset(3));
    });
    EXPECT_EQ(leaderships.back(), "topic-0 none");
}

TEST_F(lone_node, commits_what_is_written_in_page_cache_mode) {
    settings.log.flush_messages = 1'000;
    create_topic("topic", 7);
    run([this]() -> awaitable<void> {
        EXPECT_EQ(co_await produce(), error_code::none);
        EXPECT_EQ(partition()->log().durable_end(), offset(0));
    });
}

TEST_F(lone_node, ends_a_wait_whose_time_is_over_and_commits_later) {
    create_topic("topic", 7);
    run([this]() -> awaitable<void> {
        node.disk().set_latency(runtime::sim::disk_operation::sync, {.base = 3s});
        const runtime::instant before = world->now();
        EXPECT_EQ(co_await produce({}, 500ms), error_code::request_timed_out);
        EXPECT_LE(world->now() - before, 600ms);
        EXPECT_EQ(partition()->waiting_producers(), 0U);
        // A log's first record waits for the sync of its name as well.
        co_await world->sleep_for(20s);
        EXPECT_EQ(partition()->log().high_watermark(), offset(1));
    });
}

TEST_F(lone_node, serves_nobody_while_a_disk_hangs_and_sends_away_who_waits) {
    create_topic("topic", 7);
    run([this]() -> awaitable<void> {
        EXPECT_EQ(co_await produce(), error_code::none);
        node.disk().set_latency(runtime::sim::disk_operation::sync, {.base = 30s});
        runtime::scope waiting(world->get_executor());
        error_code told = error_code::none;
        const auto wait = [this](error_code& into) -> awaitable<void> {
            into = co_await produce({}, 60s);
        };
        waiting.spawn(wait(told));
        co_await world->sleep_for(1s);
        here->disk_stalled(true);
        co_await waiting.join();
        EXPECT_EQ(told, error_code::kafka_storage_error);
        EXPECT_EQ(partition()->waiting_producers(), 0U);
        EXPECT_EQ(leaderships.back(), "topic-0 none");
        EXPECT_EQ(co_await produce(), error_code::kafka_storage_error);
        const auto read = co_await fetch(consumer_request(0));
        EXPECT_EQ(read.responses.front().partitions.front().error_code,
                  kafka::to_wire(error_code::kafka_storage_error));
        here->check_invariants();
        node.disk().heal();
        co_await world->sleep_for(40s);
        here->disk_stalled(false);
        EXPECT_EQ(leaderships.back(), "topic-0 0");
        EXPECT_EQ(co_await produce(), error_code::none);
        EXPECT_EQ(partition()->log().high_watermark(), offset(3));
    });
}

TEST_F(lone_node, answers_a_repeated_batch_with_its_first_offset) {
    create_topic("topic", 7);
    run([this]() -> awaitable<void> {
        EXPECT_TRUE((co_await append({.producer = 1, .sequence = 0})).has_value());
        const auto again = co_await append({.producer = 1, .sequence = 0});
        EXPECT_TRUE(again->duplicate);
        EXPECT_EQ(again->base_offset, offset(0));
        EXPECT_EQ((co_await append({.producer = 1, .sequence = 5})).error(),
                  error_code::out_of_order_sequence_number);
        EXPECT_EQ(partition()->describe_producers()->size(), 1U);
    });
}

TEST_F(lone_node, commits_a_repeated_batch_no_sooner_than_the_first) {
    create_topic("topic", 7);
    run([this]() -> awaitable<void> {
        node.disk().set_latency(runtime::sim::disk_operation::sync, {.base = 3s});
        const sample_batch batch{.producer = 1, .sequence = 0};
        EXPECT_TRUE((co_await append(batch)).has_value());
        EXPECT_EQ(co_await produce(batch, 500ms), error_code::request_timed_out);
        EXPECT_EQ(co_await produce(batch, 20s), error_code::none);
        EXPECT_EQ(partition()->log().log_end(), offset(1));
    });
}

TEST_F(lone_node, deletes_records_for_good_where_nobody_else_has_them) {
    create_topic("topic", 7);
    run([this]() -> awaitable<void> {
        EXPECT_EQ(co_await produce({.records = 3}), error_code::none);
        const auto done = co_await partition()->delete_records(offset(2));
        EXPECT_EQ(done->log_start, offset(2));
        EXPECT_TRUE(co_await partition()->wait_deleted(*done, world->now() + 1s));
        EXPECT_EQ((co_await partition()->delete_records(offset(4))).error(),
                  error_code::offset_out_of_range);
    });
}

TEST_F(lone_node, does_not_say_that_records_are_gone_which_a_silent_follower_still_has) {
    create_topic("topic", 7, {1, 2});
    run([this]() -> awaitable<void> {
        const auto done = co_await partition()->delete_records(offset(0));
        EXPECT_TRUE(done.has_value());
        const auto gone = co_await partition()->wait_deleted(*done, world->now() + 500ms);
        EXPECT_EQ(gone.error(), error_code::request_timed_out);
        EXPECT_EQ(partition()->waiting_producers(), 0U);
    });
}

TEST_F(lone_node, appends_a_transaction_only_where_it_was_verified) {
    create_topic("topic", 7);
    run([this]() -> awaitable<void> {
        const sample_batch first{.producer = 1, .sequence = 0, .transactional = true};
        EXPECT_EQ((co_await append(first)).error(), error_code::transaction_abortable);
        const auto bytes = make_batch(first);
        const auto held =
            partition()->begin_verification(*kafka::records::parse_batch_header(bytes));
        EXPECT_TRUE(held.has_value());
        // A marker that comes before the coordinator's answer voids it.
        const kafka::records::end_transaction_marker marker{
            .producer_id = kafka::producer_id(1),
            .producer_epoch = kafka::producer_epoch(0),
            .coordinator_epoch = 3,
            .time = kafka::timestamp(1'000)};
        const partition_ptr to = partition();
        EXPECT_TRUE((co_await to->append_marker(marker, false)).has_value());
        EXPECT_EQ((co_await append(first, required_acks::all, held)).error(),
                  error_code::transaction_abortable);
        const auto anew = to->begin_verification(*kafka::records::parse_batch_header(bytes));
        EXPECT_TRUE((co_await append(first, required_acks::all, anew)).has_value());
        co_await world->sleep_for(1s);
        EXPECT_EQ(to->log().last_stable_offset(), offset(1));
        // KIP-1228: of an epoch that its records have, it is late.
        EXPECT_EQ((co_await to->append_marker(marker, true)).error(),
                  error_code::invalid_producer_epoch);
        EXPECT_TRUE((co_await to->append_marker(marker, false)).has_value());
    });
}

TEST_F(lone_node, shows_a_committed_reader_what_was_aborted) {
    create_topic("topic", 7);
    run([this]() -> awaitable<void> {
        const sample_batch wish{.producer = 1, .sequence = 0, .transactional = true};
        const auto bytes = make_batch(wish);
        const partition_ptr to = partition();
        const auto held = to->begin_verification(*kafka::records::parse_batch_header(bytes));
        EXPECT_TRUE((co_await append(wish, required_acks::all, held)).has_value());
        co_await world->sleep_for(50ms);
        auto request = consumer_request(0);
        request.isolation_level = 1;
        const auto open = co_await fetch(request);
        EXPECT_EQ(open.responses.at(0).partitions.at(0).records->size(), 0U);
        const auto marked = co_await to->append_marker({.producer_id = kafka::producer_id(1),
                                                        .producer_epoch = kafka::producer_epoch(0),
                                                        .coordinator_epoch = 3,
                                                        .time = kafka::timestamp(1'000)},
                                                       false);
        EXPECT_TRUE(
            (co_await to->wait_committed(marked->to_commit(), world->now() + 1s)).has_value());
        const auto ended = co_await fetch(request);
        const auto& answer = ended.responses.at(0).partitions.at(0);
        EXPECT_GT(answer.records->size(), 0U);
        EXPECT_EQ(answer.aborted_transactions->size(), 1U);
        EXPECT_EQ(answer.last_stable_offset, 2);
    });
}

TEST_F(lone_node, wakes_a_reader_when_something_is_committed) {
    create_topic("topic", 7);
    run([this]() -> awaitable<void> {
        runtime::scope reading(world->get_executor());
        std::optional<runtime::instant> woken;
        reading.spawn([](lone_node_wakes_a_reader_when_something_is_committed_Test& in,
                         std::optional<runtime::instant>& at) -> awaitable<void> {
            const auto answer = co_await in.fetch(consumer_request(0), 10s);
            EXPECT_GT(answer.responses.at(0).partitions.at(0).records->size(), 0U);
            at = in.world->now();
        }(*this, woken));
        co_await world->sleep_for(1s);
        EXPECT_FALSE(woken.has_value());
        const runtime::instant before = world->now();
        EXPECT_EQ(co_await produce(), error_code::none);
        co_await reading.join();
        EXPECT_LT(*woken - before, 5ms);
    });
}

TEST_F(lone_node, ends_waiting_reads_when_it_stops) {
    create_topic("topic", 7);
    run([this]() -> awaitable<void> {
        runtime::scope reading(world->get_executor());
        reading.spawn([](lone_node_ends_waiting_reads_when_it_stops_Test& in) -> awaitable<void> {
            const runtime::instant before = in.world->now();
            (void)co_await in.fetch(consumer_request(0), 10s);
            EXPECT_LT(in.world->now() - before, 2s);
        }(*this));
        co_await world->sleep_for(1s);
        here->stop_waiting();
        co_await reading.join();
    });
}

TEST_F(lone_node, tells_partitions_apart_that_it_does_not_lead_and_that_do_not_exist) {
    create_topic("topic", 7);
    create_topic("elsewhere", 8, {2});
    run([this]() -> awaitable<void> {
        const auto other = co_await fetch(consumer_request(0, "elsewhere"));
        EXPECT_EQ(other.responses.at(0).partitions.at(0).error_code,
                  kafka::to_wire(error_code::not_leader_or_follower));
        const auto unknown = co_await fetch(consumer_request(0, "unknown"));
        EXPECT_EQ(unknown.responses.at(0).partitions.at(0).error_code,
                  kafka::to_wire(error_code::unknown_topic_or_partition));
        const auto beyond = co_await fetch(consumer_request(5));
        EXPECT_EQ(beyond.responses.at(0).partitions.at(0).error_code,
                  kafka::to_wire(error_code::offset_out_of_range));
    });
}

TEST_F(lone_node, fails_the_waits_of_a_leadership_that_ends) {
    settings.replica.min_insync_replicas = 2;
    create_topic("topic", 7, {1, 2});
    run([this]() -> awaitable<void> {
        runtime::scope producing(world->get_executor());
        producing.spawn(
            [](lone_node_fails_the_waits_of_a_leadership_that_ends_Test& in) -> awaitable<void> {
                EXPECT_EQ(co_await in.produce({}, 60s), error_code::not_leader_or_follower);
            }(*this));
        co_await world->sleep_for(1s);
        EXPECT_EQ(partition()->waiting_producers(), 1U);
        elect(7, 2);
        co_await producing.join();
        EXPECT_EQ((co_await append({})).error(), error_code::not_leader_or_follower);
        EXPECT_THAT(leaderships, ElementsAre("topic-0 0", "topic-0 none"));
    });
}

TEST_F(lone_node, takes_nothing_that_is_written_on_the_strength_of_an_earlier_leadership) {
    create_topic("topic", 7, {1, 2});
    run([this]() -> awaitable<void> {
        const auto write_in = [this](kafka::leader_epoch led) -> awaitable<error_code> {
            std::vector<std::byte> batch = make_batch({});
            const partition_ptr to = partition();
            const auto done = co_await to->append({.batch = batch, .led_in = led});
            co_return done ? error_code::none : done.error();
        };
        const kafka::leader_epoch before = *partition()->serving_epoch();
        EXPECT_EQ(co_await write_in(before), error_code::none);
        elect(7, 2);
        elect(7, 1);
        co_await world->sleep_for(100ms);
        EXPECT_EQ(co_await write_in(before), error_code::not_leader_or_follower);
        EXPECT_EQ(co_await write_in(*partition()->serving_epoch()), error_code::none);
    });
}

TEST_F(lone_node, does_not_tell_where_the_log_ends_while_its_predecessor_may_have_told_more) {
    create_topic("topic", 7, {1, 2});
    run([this]() -> awaitable<void> {
        EXPECT_TRUE((co_await append({}, required_acks::leader)).has_value());
        elect(7, 2);
        elect(7, 1);
        co_await world->sleep_for(100ms);
        const partition_ptr which = partition();
        EXPECT_TRUE(which->serving_epoch().has_value());
        EXPECT_EQ((co_await which->find_offset({})).error(), error_code::offset_not_available);
        EXPECT_EQ((co_await which->find_offset({.by = asker::follower}))->value().offset,
                  offset(1));
        const auto start = co_await which->find_offset({.time = earliest_offset});
        EXPECT_EQ(start->value().offset, offset(0));
    });
}

TEST_F(lone_node, proposes_to_go_on_without_a_follower_that_is_not_heard_of) {
    settings.replica.replica_lag_time_max = 1s;
    create_topic("topic", 7, {1, 2});
    run([this]() -> awaitable<void> {
        co_await world->sleep_for(900ms);
        EXPECT_THAT(alterations, IsEmpty());
        co_await world->sleep_for(900ms);
        EXPECT_FALSE(alterations.empty());
        const auto& asked = alterations.front().topics.at(0);
        EXPECT_EQ(asked.topic_id, uuid_of(7));
        EXPECT_EQ(asked.partitions.at(0).new_isr_with_epochs.size(), 1U);
        // No answer proves anything, so it asks again; not more often than its back-off allows.
        co_await world->sleep_for(1s);
        EXPECT_GT(alterations.size(), 3U);
        EXPECT_LT(alterations.size(), 20U);
    });
}

TEST_F(lone_node, deletes_what_metadata_deletes_and_makes_it_anew_under_the_same_name) {
    create_topic("topic", 7);
    run([this]() -> awaitable<void> {
        EXPECT_EQ(co_await produce(), error_code::none);
        const partition_ptr old = partition();
        delete_topic(7);
        create_topic("topic", 9);
        co_await here->until_settled();
        co_await world->sleep_for(100ms);
        EXPECT_TRUE(old->is_stopped());
        EXPECT_EQ(partition()->topic_id(), uuid_of(9));
        EXPECT_EQ(partition()->log().log_end(), offset(0));
        EXPECT_EQ(co_await produce(), error_code::none);
        delete_topic(9);
        co_await here->until_settled();
        EXPECT_EQ(partition(), nullptr);
        EXPECT_TRUE(directory->partitions().empty());
    });
}

TEST_F(lone_node, sets_aside_what_metadata_never_placed_here) {
    create_topic("topic", 7);
    run([this]() -> awaitable<void> { EXPECT_EQ(co_await produce(), error_code::none); });
    image = {};
    create_topic("topic", 8);
    run([this]() -> awaitable<void> {
        EXPECT_EQ(partition()->log().log_end(), offset(0));
        bool found = false;
        for (const auto& path : node.disk().files_below("/data")) {
            found = found || path.string().find("-stray/") != std::string::npos;
        }
        EXPECT_TRUE(found);
        co_return;
    });
}

TEST_F(lone_node, says_so_when_its_directory_fails_and_gives_its_leaderships_up) {
    create_topic("topic", 7);
    run([this]() -> awaitable<void> {
        const kafka::uuid id = directory->directory_id();
        EXPECT_EQ(here->directory_of({uuid_of(7), kafka::partition_index(0)}), id);
        node.disk().fail_next(runtime::sim::disk_operation::sync, 1);
        EXPECT_EQ(co_await produce(), error_code::kafka_storage_error);
        co_await world->sleep_for(10ms);
        EXPECT_THAT(failed_directories, ElementsAre(id));
        EXPECT_EQ(partition()->role(), replica_role::failed);
        EXPECT_EQ((co_await append({})).error(), error_code::kafka_storage_error);
        EXPECT_EQ(leaderships.back(), "topic-0 none");
    });
}

TEST_F(lone_node, keeps_its_high_watermark_over_a_crash) {
    create_topic("topic", 7, {1});
    run([this]() -> awaitable<void> {
        EXPECT_EQ(co_await produce(), error_code::none);
        co_await world->sleep_for(6s);
        node.crash();
        co_await world->sleep_for(1s);
    });
    const auto saved = node.disk().content("/data/replication-offset-checkpoint");
    ASSERT_TRUE(saved.has_value());
    const std::string text(reinterpret_cast<const char*>(saved->data()), saved->size());
    EXPECT_NE(text.find("topic 0 1"), std::string::npos) << text;
}

}  // namespace
}  // namespace verdikt::broker::replication::host
