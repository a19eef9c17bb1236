#include "broker/controller/host/controller_host.h"

#include "broker/metadata/record.h"
#include "tests/unit/controller_host/one_node.h"

#include <algorithm>

namespace verdikt::broker::controller::host {
namespace {

using kafka::error_code;

class controller_host_test : public one_node {};

class listening final : public metadata_subscriber {
  public:
    void image_changed(const metadata::image& now, const metadata::changes& changed) override {
        for (const kafka::uuid& id : changed.topics_created) {
            EXPECT_NE(now.find_topic(id), nullptr);
            topics.push_back(now.find_topic(id)->name);
        }
        offsets.push_back(now.position().offset);
    }
    void controller_changed(std::optional<kafka::node_id> leader) override {
        leaders.push_back(leader);
    }
    void metadata_failed(std::string_view why) override { failures.emplace_back(why); }

    std::vector<std::string> topics;
    std::vector<kafka::offset> offsets;
    std::vector<std::optional<kafka::node_id>> leaders;
    std::vector<std::string> failures;
};

TEST_F(controller_host_test, answers_only_what_is_committed_and_applied) {
    run([this](runtime::environment& env) -> runtime::awaitable<void> {
        co_await start_cluster();
        log->commit_delay = 100ms;
        std::vector<messages::create_topics_response> answers;
        runtime::scope asking(env.get_executor());
        asking.spawn(create_into(*host, "orders", answers));
        co_await env.sleep_for(99ms);
        EXPECT_TRUE(answers.empty());
        EXPECT_EQ(host->image().find_topic("orders"), nullptr);
        co_await env.sleep_for(2ms);
        EXPECT_EQ(answers.size(), 1U);
        EXPECT_EQ(error_of(answers.at(0)), error_code::none);
        EXPECT_NE(host->image().find_topic("orders"), nullptr);
        co_await asking.join();
    });
}

TEST_F(controller_host_test, a_refusal_waits_for_the_record_that_it_rests_on) {
    run([this](runtime::environment& env) -> runtime::awaitable<void> {
        co_await start_cluster();
        log->commit_delay = 100ms;
        std::vector<messages::create_topics_response> answers;
        runtime::scope asking(env.get_executor());
        asking.spawn(create_into(*host, "orders", answers));
        asking.spawn(create_into(*host, "orders", answers));
        co_await env.sleep_for(99ms);
        EXPECT_TRUE(answers.empty());
        co_await asking.join();
        EXPECT_EQ(error_of(answers.at(0)), error_code::none);
        EXPECT_EQ(error_of(answers.at(1)), error_code::topic_already_exists);
    });
}

TEST_F(controller_host_test, what_was_not_committed_when_leadership_was_lost_leaves_no_trace) {
    run([this](runtime::environment& env) -> runtime::awaitable<void> {
        co_await start_cluster();
        log->commit_delay = 100ms;
        std::vector<messages::create_topics_response> answers;
        runtime::scope asking(env.get_executor());
        asking.spawn(create_into(*host, "orders", answers));
        asking.spawn(create_into(*host, "orders", answers));
        co_await env.sleep_for(50ms);
        log->lose_leadership();
        co_await asking.join();
        EXPECT_EQ(error_of(answers.at(0)), error_code::not_controller);
        EXPECT_EQ(error_of(answers.at(1)), error_code::not_controller);
        EXPECT_FALSE(host->is_active());
        EXPECT_EQ(host->leader(), std::nullopt);
        log->lead();
        co_await log->settle();
        co_await create_into(*host, "orders", answers);
        EXPECT_EQ(error_of(answers.at(2)), error_code::none);
    });
}

/// Whether the host refuses it for not being the controller.
template <typename Request>
runtime::awaitable<void> expect_refused(controller_host& host, Request request) {
    const auto answer = co_await host.handle(std::move(request));
    EXPECT_TRUE(is_not_controller(answer)) << Request::schema.name();
}

TEST_F(controller_host_test, refuses_every_request_where_it_does_not_lead) {
    run([this](runtime::environment&) -> runtime::awaitable<void> {
        co_await expect_refused(*host, registration_of(1));
        co_await expect_refused(*host, messages::unregister_broker_request{});
        co_await expect_refused(*host, messages::broker_heartbeat_request{});
        co_await expect_refused(*host, messages::alter_partition_request{});
        co_await expect_refused(*host, messages::assign_replicas_to_dirs_request{});
        co_await expect_refused(*host, messages::allocate_producer_ids_request{});
        co_await expect_refused(*host, creation_of("orders"));
        co_await expect_refused(*host, messages::elect_leaders_request{});
        co_await expect_refused(*host, messages::alter_partition_reassignments_request{});
        co_await expect_refused(*host, messages::list_partition_reassignments_request{});
        co_await expect_refused(*host, messages::update_features_request{});
        messages::create_partitions_request widening;
        widening.topics.push_back({.name = "orders", .count = 2});
        co_await expect_refused(*host, widening);
        messages::delete_topics_request by_name;
        by_name.topic_names = {"orders"};
        co_await expect_refused(*host, by_name);
        messages::delete_topics_request by_id;
        by_id.topics.push_back({.name = std::nullopt, .topic_id = uuid_of(1)});
        co_await expect_refused(*host, by_id);
        messages::incremental_alter_configs_request edit;
        edit.resources.push_back({.resource_type = 2, .resource_name = "orders", .configs = {}});
        co_await expect_refused(*host, edit);
        messages::alter_configs_request replacement;
        replacement.resources.push_back(
            {.resource_type = 2, .resource_name = "orders", .configs = {}});
        co_await expect_refused(*host, replacement);
    });
}

TEST_F(controller_host_test, steps_down_and_lets_others_lead_when_an_append_is_refused) {
    run([this](runtime::environment& env) -> runtime::awaitable<void> {
        co_await start_cluster();
        log->refuses_appends = true;
        std::vector<messages::create_topics_response> answers;
        co_await create_into(*host, "orders", answers);
        EXPECT_EQ(error_of(answers.at(0)), error_code::not_controller);
        EXPECT_FALSE(host->is_active());
        co_await env.sleep_for(1ms);
        EXPECT_EQ(log->resignations, 1);
    });
}

TEST_F(controller_host_test, goes_on_behind_records_of_the_quorums_own) {
    run([this](runtime::environment&) -> runtime::awaitable<void> {
        co_await start_cluster();
        log->append_control();
        const auto registered = co_await host->handle(registration_of(2));
        EXPECT_EQ(registered.broker_epoch, log->end().value() - 1);
        EXPECT_NE(host->image().find_broker(kafka::node_id(2)), nullptr);
    });
}

TEST_F(controller_host_test, fences_a_broker_that_falls_silent_after_its_session_and_not_before) {
    run([this](runtime::environment& env) -> runtime::awaitable<void> {
        co_await start_cluster();
        const auto begun = env.now();
        co_await env.sleep_until(begun + 8900ms);
        EXPECT_FALSE(host->image().find_broker(kafka::node_id(1))->fenced);
        co_await env.sleep_until(begun + 9100ms);
        EXPECT_TRUE(host->image().find_broker(kafka::node_id(1))->fenced);
    });
}

TEST_F(controller_host_test, fences_a_broker_soon_after_its_connection_broke) {
    run([this](runtime::environment& env) -> runtime::awaitable<void> {
        co_await start_cluster();
        co_await env.sleep_for(1s);
        (void)co_await beat(1);
        host->connection_lost(kafka::node_id(1), kafka::broker_epoch(epochs[1] - 1));
        co_await env.sleep_for(600ms);
        EXPECT_FALSE(host->image().find_broker(kafka::node_id(1))->fenced)
            << "the connection of an earlier process says nothing";
        host->connection_lost(kafka::node_id(1), kafka::broker_epoch(epochs[1]));
        co_await env.sleep_for(490ms);
        EXPECT_FALSE(host->image().find_broker(kafka::node_id(1))->fenced);
        co_await env.sleep_for(30ms);
        EXPECT_TRUE(host->image().find_broker(kafka::node_id(1))->fenced);
    });
}

TEST_F(controller_host_test, a_controller_that_takes_over_gives_everybody_a_whole_session) {
    run([this](runtime::environment& env) -> runtime::awaitable<void> {
        co_await start_cluster();
        co_await env.sleep_for(8s);
        log->lose_leadership();
        log->lead();
        co_await env.sleep_for(8900ms);
        EXPECT_FALSE(host->image().find_broker(kafka::node_id(1))->fenced);
        co_await env.sleep_for(200ms);
        EXPECT_TRUE(host->image().find_broker(kafka::node_id(1))->fenced);
    });
}

TEST_F(controller_host_test, tells_subscribers_of_every_change_before_whoever_asked_for_it) {
    listening ears;
    run([this, &ears](runtime::environment&) -> runtime::awaitable<void> {
        host->subscribe(ears);
        co_await start_cluster();
        (void)co_await host->handle(creation_of("orders"));
        EXPECT_EQ(ears.topics, (std::vector<std::string>{"orders"}));
        host->unsubscribe(ears);
        (void)co_await host->handle(creation_of("payments"));
        EXPECT_EQ(ears.topics.size(), 1U);
    });
    EXPECT_TRUE(std::ranges::is_sorted(ears.offsets));
    EXPECT_EQ(ears.leaders, (std::vector<std::optional<kafka::node_id>>{kafka::node_id(1)}));
    EXPECT_TRUE(ears.failures.empty());
}

TEST_F(controller_host_test, writes_a_snapshot_when_the_log_has_grown_from_which_another_starts) {
    settings.snapshot_bytes = 2'000;
    run([this](runtime::environment& env) -> runtime::awaitable<void> {
        co_await start_cluster();
        for (int number = 0; number < 100; ++number)
            (void)co_await host->handle(creation_of("topic-" + std::to_string(number)));
        co_await env.sleep_for(100ms);
        EXPECT_GE(log->snapshots.size(), 3U);
        EXPECT_LE(log->snapshots.size(), 20U);

        metadata_follower follower;
        const quorum::loaded_snapshot& last = log->snapshots.back();
        const auto loaded = follower.load(last);
        EXPECT_TRUE(loaded.has_value());
        std::vector<quorum::committed_batch> rest;
        std::ranges::copy_if(log->committed, std::back_inserter(rest), [&](const auto& each) {
            return each.base >= last.id.end;
        });
        EXPECT_FALSE(rest.empty());
        const auto applied = follower.apply(rest);
        EXPECT_TRUE(applied.has_value());
        EXPECT_EQ(follower.image(), host->image());
    });
}

TEST_F(controller_host_test, a_loaded_snapshot_is_announced_as_what_differs) {
    listening ears;
    quorum::loaded_snapshot first;
    run([&](runtime::environment&) -> runtime::awaitable<void> {
        co_await start_cluster();
        (void)co_await host->handle(creation_of("orders"));
        metadata_follower follower;
        (void)follower.apply(log->committed);
        first = {.id = follower.position(), .frames = follower.begin_snapshot()};
    });
    run([&](runtime::environment&) -> runtime::awaitable<void> {
        host->subscribe(ears);
        co_await host->load(first);
        EXPECT_NE(host->image().find_topic("orders"), nullptr);
        EXPECT_EQ(host->image().position().offset, first.id.end.previous());
        host->unsubscribe(ears);
    });
    EXPECT_EQ(ears.topics, (std::vector<std::string>{"orders"}));
}

TEST_F(controller_host_test, gives_up_over_a_record_that_cannot_be_true) {
    listening ears;
    run([this, &ears](runtime::environment&) -> runtime::awaitable<void> {
        co_await start_cluster();
        host->subscribe(ears);
        const metadata::record stray = messages::partition_change_record{.topic_id = uuid_of(9)};
        log->append_frames({metadata::encode_record(stray)});
        co_await log->settle();
        EXPECT_FALSE(host->is_active());
        EXPECT_EQ(ears.failures.size(), 1U);
        const auto seen = ears.offsets.size();
        log->append_control();
        co_await log->settle();
        EXPECT_EQ(ears.offsets.size(), seen);
        host->unsubscribe(ears);
    });
}

TEST_F(controller_host_test, gives_up_over_bytes_that_are_no_record) {
    listening ears;
    run([this, &ears](runtime::environment&) -> runtime::awaitable<void> {
        co_await start_cluster();
        host->subscribe(ears);
        log->append_frames({quorum::frame(3)});
        co_await log->settle();
        EXPECT_EQ(ears.failures.size(), 1U);
        host->unsubscribe(ears);
    });
}

TEST_F(controller_host_test, stopping_answers_whoever_waits) {
    run([this](runtime::environment& env) -> runtime::awaitable<void> {
        co_await start_cluster();
        log->commit_delay = 1h;
        std::vector<messages::create_topics_response> answers;
        runtime::scope asking(env.get_executor());
        asking.spawn(create_into(*host, "orders", answers));
        co_await env.sleep_for(1ms);
        co_await host->stop();
        co_await asking.join();
        EXPECT_EQ(error_of(answers.at(0)), error_code::not_controller);
    });
}

/// The host looks for the processes of brokers, all of which live on the machine `broker`.
class process_watch_test : public one_node {
  protected:
    process_watch_test() { settings.looks_for_processes = true; }

    static runtime::awaitable<void> listen(runtime::environment& env) {
        const auto door = co_await env.net().listen({.host = {}, .port = 9092});
        EXPECT_TRUE(door.has_value());
        co_await env.sleep_for(1h);
    }

    [[nodiscard]] bool is_fenced(std::int32_t id) const {
        return host->image().find_broker(kafka::node_id(id))->fenced;
    }

    runtime::sim::node& broker = universe.add_node("broker");
};

TEST_F(process_watch_test, a_broker_whose_process_has_ended_does_not_keep_its_session) {
    run([this](runtime::environment& env) -> runtime::awaitable<void> {
        co_await start_cluster();
        co_await enroll(2);
        host->connection_lost(kafka::node_id(2), kafka::broker_epoch(epochs[2]));
        co_await env.sleep_for(50ms);
        EXPECT_TRUE(is_fenced(2));
        EXPECT_FALSE(is_fenced(1));
    });
}

TEST_F(process_watch_test, a_broker_that_still_listens_has_the_time_to_come_back) {
    broker.start(listen);
    universe.settle();
    run([this](runtime::environment& env) -> runtime::awaitable<void> {
        co_await start_cluster();
        host->connection_lost(kafka::node_id(1), kafka::broker_epoch(epochs[1]));
        co_await env.sleep_for(400ms);
        EXPECT_FALSE(is_fenced(1));
        (void)co_await beat(1);
        co_await env.sleep_for(1s);
        EXPECT_FALSE(is_fenced(1));
    });
}

TEST_F(process_watch_test, an_earlier_process_of_a_broker_is_not_held_against_it) {
    run([this](runtime::environment& env) -> runtime::awaitable<void> {
        co_await start_cluster();
        host->connection_lost(kafka::node_id(1), kafka::broker_epoch(epochs[1] - 1));
        co_await env.sleep_for(50ms);
        EXPECT_FALSE(is_fenced(1));
    });
}

TEST_F(process_watch_test, whoever_died_with_the_controller_before_is_found_by_the_next) {
    run([this](runtime::environment& env) -> runtime::awaitable<void> {
        co_await start_cluster();
        log->lose_leadership();
        co_await env.sleep_for(1ms);
        EXPECT_FALSE(is_fenced(1));
        log->lead();
        co_await log->settle();
        co_await env.sleep_for(50ms);
        EXPECT_TRUE(is_fenced(1));
    });
}

}  // namespace
}  // namespace verdikt::broker::controller::host
