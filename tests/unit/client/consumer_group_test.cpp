// A consumer that is a member of a group, against a scripted coordinator.
#include "tests/unit/client/consumer_fixture.h"

#include <fmt/format.h>

namespace verdikt::client {
namespace {

using kafka::api_key;
using kafka::error_code;
using runtime::awaitable;
using runtime::environment;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Writes down what it is told.
class diary final : public rebalance_listener {
  public:
    awaitable<void> on_assigned(partition_set partitions) override {
        told.push_back(fmt::format("assigned {}", partitions.size()));
        co_return;
    }
    awaitable<void> on_revoked(partition_set partitions) override {
        told.push_back(fmt::format("revoked {}", partitions.size()));
        co_return;
    }
    awaitable<void> on_lost(partition_set partitions) override {
        told.push_back(fmt::format("lost {}", partitions.size()));
        co_return;
    }
    std::vector<std::string> told;
};

using entries = std::vector<std::string>;

class client_group : public consumer_test {
  protected:
    client_group() {
        config.group_id = "g";
        config.enable_auto_commit = false;
        config.heartbeat_interval_ms = seconds(1);
        config.session_timeout_ms = seconds(6);
    }

  public:
    /// Refuses the first request of a kind with this.
    void refuse_first(api_key which, error_code code) {
        behave = [which, code](api_key key, int nth) {
            const bool refuse = key == which && nth == 1;
            return manners{.error = refuse ? std::optional(code) : std::nullopt};
        };
    }
    toy_group& group() { return world.log.group; }

    diary listener;
};

client_group& as_group(consumer_test& test) {
    return static_cast<client_group&>(test);
}

/// Polls for some time without expecting anything.
awaitable<void> poll_for(consumer& reading, environment& env, runtime::duration span) {
    const auto until = env.now() + span;
    while (env.now() < until) co_await reading.poll(milliseconds(100));
}

TEST_F(client_group, a_member_is_assigned_reads_commits_and_its_successor_goes_on) {
    play([](consumer_test& base, environment& env) -> awaitable<void> {
        client_group& test = as_group(base);
        co_await test.write_numbers(env, 0, 20);
        test.config.max_poll_records = 8;
        consumer first(env, test.config);
        EXPECT_TRUE(first.subscribe({"t"}, &test.listener));
        EXPECT_EQ(co_await test.read_numbers(first, 8), numbers(0, 7));
        EXPECT_TRUE(co_await first.commit());
        EXPECT_EQ(first.standing().generation, 1);
        co_await first.close();
        consumer second(env, test.config);
        EXPECT_TRUE(second.subscribe({"t"}));
        EXPECT_EQ(co_await test.read_numbers(second, 12), numbers(8, 19));
        co_await second.close();
        EXPECT_EQ(test.group().commits, (std::vector<std::int64_t>{8}));
    });
    EXPECT_EQ(listener.told, (entries{"assigned 1", "revoked 1"}));
    EXPECT_EQ(group().leaves, 2);
}

TEST_F(client_group, automatic_commits_cover_what_earlier_polls_returned_and_no_more) {
    config.enable_auto_commit = true;
    config.auto_commit_interval_ms = milliseconds(10);
    config.max_poll_records = 5;
    play([](consumer_test& base, environment& env) -> awaitable<void> {
        client_group& test = as_group(base);
        co_await test.write_numbers(env, 0, 10);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.subscribe({"t"}));
        EXPECT_EQ(co_await test.read_numbers(reading, 5), numbers(0, 4));
        co_await env.sleep_for(seconds(1));
        EXPECT_TRUE(test.group().commits.empty()) << "nobody has said that these were processed";
        EXPECT_EQ(co_await test.read_numbers(reading, 5), numbers(5, 9));
        co_await env.sleep_for(seconds(1));
        EXPECT_EQ(test.group().commits, (std::vector<std::int64_t>{5}));
        co_await reading.close();
        EXPECT_EQ(test.group().commits.back(), 10);
    });
}

TEST_F(client_group, an_eager_member_gives_up_everything_for_a_rebalance) {
    config.partition_assignment_strategy = {"range"};
    play([](consumer_test& base, environment& env) -> awaitable<void> {
        client_group& test = as_group(base);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.subscribe({"t"}, &test.listener));
        co_await poll_for(reading, env, seconds(2));
        test.group().rebalancing = true;
        co_await poll_for(reading, env, seconds(4));
        EXPECT_EQ(test.listener.told, (entries{"assigned 1", "revoked 1", "assigned 1"}));
        EXPECT_EQ(test.group().generation, 2);
        co_await reading.close();
    });
}

TEST_F(client_group, a_cooperative_member_keeps_what_it_has_through_a_rebalance) {
    config.partition_assignment_strategy = {"cooperative-sticky"};
    play([](consumer_test& base, environment& env) -> awaitable<void> {
        client_group& test = as_group(base);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.subscribe({"t"}, &test.listener));
        co_await poll_for(reading, env, seconds(2));
        test.group().rebalancing = true;
        co_await poll_for(reading, env, seconds(4));
        EXPECT_EQ(test.listener.told, (entries{"assigned 1", "assigned 0"}));
        EXPECT_EQ(test.group().generation, 2);
        co_await reading.close();
    });
}

TEST_F(client_group, a_cooperative_member_that_is_to_give_something_up_does_and_joins_once_more) {
    config.partition_assignment_strategy = {"cooperative-sticky"};
    play([](consumer_test& base, environment& env) -> awaitable<void> {
        client_group& test = as_group(base);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.subscribe({"t"}, &test.listener));
        co_await poll_for(reading, env, seconds(2));
        test.group().decree = partition_set();
        test.group().rebalancing = true;
        co_await poll_for(reading, env, seconds(5));
        EXPECT_EQ(test.listener.told,
                  (entries{"assigned 1", "revoked 1", "assigned 0", "assigned 0"}));
        EXPECT_EQ(test.group().generation, 3);
        EXPECT_TRUE(reading.assignment().empty());
        co_await reading.close();
    });
}

TEST_F(client_group, a_revocation_that_outlasts_heartbeats_costs_one_rebalance_only) {
    class slow final : public rebalance_listener {
      public:
        explicit slow(environment& in) : env(in) {}
        awaitable<void> on_assigned(partition_set) override { co_return; }
        awaitable<void> on_revoked(partition_set) override { co_await env.sleep_for(seconds(4)); }
        environment& env;
    };
    config.partition_assignment_strategy = {"range"};
    play([](consumer_test& base, environment& env) -> awaitable<void> {
        client_group& test = as_group(base);
        slow listening(env);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.subscribe({"t"}, &listening));
        co_await poll_for(reading, env, seconds(2));
        test.group().rebalancing = true;
        co_await poll_for(reading, env, seconds(30));
        EXPECT_EQ(test.group().generation, 2);
        co_await reading.close();
    });
}

TEST_F(client_group, a_member_that_was_forgotten_loses_everything_and_joins_anew) {
    play([](consumer_test& base, environment& env) -> awaitable<void> {
        client_group& test = as_group(base);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.subscribe({"t"}, &test.listener));
        co_await poll_for(reading, env, seconds(2));
        const std::string before = reading.standing().member_id;
        test.group().forget_member();
        co_await poll_for(reading, env, seconds(4));
        EXPECT_EQ(test.listener.told, (entries{"assigned 1", "lost 1", "assigned 1"}));
        EXPECT_NE(reading.standing().member_id, before);
        co_await reading.close();
    });
}

TEST_F(client_group, a_member_of_an_older_generation_joins_anew_under_its_name) {
    play([](consumer_test& base, environment& env) -> awaitable<void> {
        client_group& test = as_group(base);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.subscribe({"t"}, &test.listener));
        co_await poll_for(reading, env, seconds(2));
        const std::string before = reading.standing().member_id;
        ++test.group().generation;
        co_await poll_for(reading, env, seconds(4));
        EXPECT_EQ(test.listener.told, (entries{"assigned 1", "lost 1", "assigned 1"}));
        EXPECT_EQ(reading.standing().member_id, before);
        co_await reading.close();
    });
}

TEST_F(client_group, a_member_that_does_not_poll_leaves_and_comes_back_when_it_does) {
    config.max_poll_interval_ms = seconds(8);
    play([](consumer_test& base, environment& env) -> awaitable<void> {
        client_group& test = as_group(base);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.subscribe({"t"}, &test.listener));
        co_await poll_for(reading, env, seconds(2));
        co_await env.sleep_for(seconds(12));
        EXPECT_EQ(test.group().leaves, 1);
        co_await poll_for(reading, env, seconds(2));
        EXPECT_EQ(test.listener.told, (entries{"assigned 1", "lost 1", "assigned 1"}));
        co_await reading.close();
    });
}

TEST_F(client_group, a_static_member_does_not_leave_when_it_closes) {
    config.group_instance_id = "instance";
    play([](consumer_test& base, environment& env) -> awaitable<void> {
        client_group& test = as_group(base);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.subscribe({"t"}, &test.listener));
        co_await poll_for(reading, env, seconds(2));
        co_await reading.close();
        EXPECT_EQ(test.listener.told, (entries{"assigned 1", "revoked 1"}));
        EXPECT_EQ(test.group().leaves, 0);
        EXPECT_EQ(test.group().joins, 1) << "no member id has to be asked for first";
    });
}

TEST_F(client_group, a_static_member_that_another_has_replaced_tells_its_program) {
    config.group_instance_id = "instance";
    refuse_first(api_key::heartbeat, error_code::fenced_instance_id);
    play([](consumer_test& base, environment& env) -> awaitable<void> {
        client_group& test = as_group(base);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.subscribe({"t"}, &test.listener));
        const error told = co_await test.poll_for_error(reading);
        EXPECT_EQ(told.code, error_code::fenced_instance_id);
        EXPECT_TRUE(told.fatal()) << "to join again would throw the other one out";
        EXPECT_EQ(test.listener.told, (entries{"assigned 1", "lost 1"}));
        co_await reading.close();
    });
}

TEST_F(client_group, whatever_passes_is_asked_again_until_the_member_is_in) {
    for (const api_key which :
         {api_key::find_coordinator, api_key::join_group, api_key::sync_group}) {
        for (const error_code code : {error_code::coordinator_not_available,
                                      error_code::coordinator_load_in_progress,
                                      error_code::not_coordinator}) {
            SCOPED_TRACE(fmt::format("{} {}", kafka::name(which), kafka::name(code)));
            refuse_first(which, code);
            group() = {};
            play([](consumer_test& base, environment& env) -> awaitable<void> {
                client_group& test = as_group(base);
                consumer reading(env, test.config);
                EXPECT_TRUE(reading.subscribe({"t"}));
                co_await poll_for(reading, env, seconds(10));
                EXPECT_EQ(reading.assignment(), partition_set{only_partition});
                co_await reading.close();
            });
            world.broker.crash();
            world.broker.restart();
        }
    }
}

TEST_F(client_group, lost_answers_are_asked_again_until_the_member_is_in) {
    behave = [](api_key key, int nth) {
        const bool group_request = key == api_key::find_coordinator || key == api_key::join_group ||
                                   key == api_key::sync_group || key == api_key::offset_fetch;
        return manners{.swallow = group_request && nth == 1, .silent = group_request && nth == 2};
    };
    play([](consumer_test& base, environment& env) -> awaitable<void> {
        client_group& test = as_group(base);
        test.config.max_poll_interval_ms = seconds(10);
        co_await test.write_numbers(env, 0, 3);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.subscribe({"t"}));
        EXPECT_EQ(co_await test.read_numbers(reading, 3), numbers(0, 2));
        co_await reading.close();
    });
}

TEST_F(client_group, a_refusal_for_good_is_told_to_the_program) {
    refuse_first(api_key::join_group, error_code::group_authorization_failed);
    play([](consumer_test& base, environment& env) -> awaitable<void> {
        client_group& test = as_group(base);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.subscribe({"t"}));
        EXPECT_EQ((co_await test.poll_for_error(reading)).code,
                  error_code::group_authorization_failed);
        co_await reading.close();
    });
}

TEST_F(client_group, a_commit_is_repeated_while_the_coordinator_is_loading_or_its_answer_is_lost) {
    behave = [](api_key key, int nth) {
        manners how;
        if (key != api_key::offset_commit) return how;
        if (nth == 1) how.error = error_code::coordinator_load_in_progress;
        if (nth == 2) how.error = error_code::not_coordinator;
        how.swallow = nth == 3;
        return how;
    };
    play([](consumer_test& base, environment& env) -> awaitable<void> {
        client_group& test = as_group(base);
        co_await test.write_numbers(env, 0, 3);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.subscribe({"t"}));
        EXPECT_EQ(co_await test.read_numbers(reading, 3), numbers(0, 2));
        EXPECT_TRUE(co_await reading.commit());
        EXPECT_EQ(test.group().commits, (std::vector<std::int64_t>{3, 3}));
        co_await reading.close();
    });
}

TEST_F(client_group, a_commit_that_a_rebalance_overtook_is_an_error_at_once) {
    refuse_first(api_key::offset_commit, error_code::rebalance_in_progress);
    play([](consumer_test& base, environment& env) -> awaitable<void> {
        client_group& test = as_group(base);
        co_await test.write_numbers(env, 0, 3);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.subscribe({"t"}));
        EXPECT_EQ(co_await test.read_numbers(reading, 3), numbers(0, 2));
        const auto done = co_await reading.commit();
        EXPECT_EQ(done.error().code, error_code::rebalance_in_progress);
        EXPECT_TRUE(test.group().commits.empty());
        co_await poll_for(reading, env, seconds(3));
        EXPECT_EQ(reading.standing().generation, 2) << "it has joined the rebalance";
        co_await reading.close();
    });
}

TEST_F(client_group, a_commit_of_a_member_that_was_fenced_is_not_repeated) {
    play([](consumer_test& base, environment& env) -> awaitable<void> {
        client_group& test = as_group(base);
        co_await test.write_numbers(env, 0, 3);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.subscribe({"t"}));
        EXPECT_EQ(co_await test.read_numbers(reading, 3), numbers(0, 2));
        test.group().forget_member();
        const auto done = co_await reading.commit();
        EXPECT_EQ(done.error().code, error_code::unknown_member_id);
        EXPECT_TRUE(done.error().fenced());
        EXPECT_TRUE(test.group().commits.empty());
        co_await reading.close();
    });
}

TEST_F(client_group, a_coordinator_that_never_answers_a_commit_leaves_it_open) {
    behave = [](api_key key, int) { return manners{.silent = key == api_key::offset_commit}; };
    play([](consumer_test& base, environment& env) -> awaitable<void> {
        client_group& test = as_group(base);
        co_await test.write_numbers(env, 0, 3);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.subscribe({"t"}));
        EXPECT_EQ(co_await test.read_numbers(reading, 3), numbers(0, 2));
        const auto done = co_await reading.commit();
        EXPECT_EQ(done.error().reason, errc::timed_out);
        EXPECT_FALSE(test.group().commits.empty()) << "it was right not to call it failed";
        co_await reading.close();
    });
}

TEST_F(client_group, a_broker_of_kafka_2_1_has_all_that_is_needed) {
    // The versions that Apache Kafka 2.1.0 offers.
    versions = {{0, {0, 7}},
                {1, {0, 10}},
                {2, {0, 4}},
                {3, {0, 7}},
                {8, {0, 6}},
                {9, {0, 5}},
                {10, {0, 2}},
                {11, {0, 3}},
                {12, {0, 2}},
                {13, {0, 2}},
                {14, {0, 2}},
                {18, {0, 2}},
                {22, {0, 1}},
                {23, {0, 2}}};
    play([](consumer_test& base, environment& env) -> awaitable<void> {
        client_group& test = as_group(base);
        test.world.running->old_api_versions = true;
        co_await test.write_numbers(env, 0, 10);
        consumer reading(env, test.config);
        EXPECT_TRUE(reading.subscribe({"t"}, &test.listener));
        EXPECT_EQ(co_await test.read_numbers(reading, 10), numbers(0, 9));
        EXPECT_TRUE(co_await reading.commit());
        test.group().rebalancing = true;
        co_await poll_for(reading, env, seconds(4));
        EXPECT_EQ(test.group().generation, 2);
        co_await reading.close();
        EXPECT_EQ(test.group().committed.at(0), 10);
        EXPECT_EQ(test.group().leaves, 1);
    });
}

}  // namespace
}  // namespace verdikt::client
