// What operators ask of a cluster, against a node that answers as the test says: what goes over the
// wire, and what is made of the answer.
#include "client/admin.h"

#include "kafka/messages/alter_partition_reassignments.h"
#include "kafka/messages/api_versions.h"
#include "kafka/messages/describe_quorum.h"
#include "kafka/messages/describe_topic_partitions.h"
#include "kafka/messages/elect_leaders.h"
#include "kafka/messages/list_partition_reassignments.h"
#include "kafka/messages/metadata.h"
#include "kafka/messages/unregister_broker.h"
#include "runtime/sim/world.h"
#include "tests/request_server/request_server.h"

#include <gtest/gtest.h>

namespace verdikt::client {
namespace {

using namespace kafka::messages;
using kafka::api_key;
using kafka::error_code;
using runtime::awaitable;
using runtime::environment;
using std::chrono::seconds;
using tests::asked;
using tests::reaction;

class client_cluster_admin : public testing::Test {
  protected:
    using answer = std::function<std::vector<std::byte>(const asked&)>;
    using story = awaitable<void> (*)(admin&);

    client_cluster_admin() : broker(universe.add_node("broker")), user(universe.add_node("user")) {}

    /// Tells the story to an admin whose broker answers `key` by `how`.
    void play(api_key key, answer how, story what) {
        broker.start([this, key, how](environment& world) -> awaitable<void> {
            return serve(world, key, how);
        });
        user.start([what](environment& world) -> awaitable<void> { return tell(world, what); });
        universe.run(until_told());
        if (user.failure()) std::rethrow_exception(user.failure());
    }

  public:
    int served = 0;

  private:
    awaitable<void> serve(environment& world, api_key key, answer how) {
        tests::request_server serving(world, [&](asked what) -> awaitable<reaction> {
            return react(std::move(what), key, how);
        });
        co_await serving.serve(9092);
    }

    awaitable<reaction> react(asked what, api_key key, answer how) {
        if (what.key == api_key::api_versions) co_return reaction{versions(what, key)};
        if (what.key == api_key::metadata) co_return reaction{metadata(what)};
        EXPECT_EQ(what.key, key);
        ++served;
        co_return reaction{how(what)};
    }

    static std::vector<std::byte> versions(const asked& what, api_key key) {
        api_versions_response told;
        for (const api_key each : {api_key::api_versions, api_key::metadata, key}) {
            told.api_keys.push_back(
                {.api_key = static_cast<std::int16_t>(each), .min_version = 0, .max_version = 20});
        }
        return what.answered_by(told);
    }

    static std::vector<std::byte> metadata(const asked& what) {
        metadata_response told;
        told.controller_id = 1;
        told.brokers.push_back({.node_id = 1, .host = "broker", .port = 9092, .rack = {}});
        return what.answered_by(told);
    }

    static awaitable<void> tell(environment& world, story what) {
        client_config config;
        config.bootstrap_servers = {"broker:9092"};
        config.request_timeout_ms = seconds(2);
        config.default_api_timeout_ms = seconds(10);
        admin asking(world, config);
        co_await what(asking);
        co_await asking.close();
    }

    awaitable<void> until_told() { co_await user.until_stopped(); }

    runtime::sim::world universe{1};
    runtime::sim::node& broker;
    runtime::sim::node& user;
};

topic_partition partition(std::string topic, std::int32_t index) {
    return {.topic = std::move(topic), .partition = kafka::partition_index(index)};
}

TEST_F(client_cluster_admin, a_quorum_is_described_with_voters_observers_and_endpoints) {
    const auto how = [](const asked& what) {
        const auto request = what.as<describe_quorum_request>();
        EXPECT_EQ(request.topics.at(0).topic_name, "__cluster_metadata");
        describe_quorum_response told;
        told.nodes.push_back(
            {.node_id = 1, .listeners = {{.name = "CONTROLLER", .host = "c", .port = 9093}}});
        told.topics.push_back({.topic_name = "__cluster_metadata", .partitions = {{}}});
        auto& only = told.topics.front().partitions.front();
        only.leader_id = 2;
        only.leader_epoch = 7;
        only.high_watermark = 40;
        only.current_voters = {{.replica_id = 2, .replica_directory_id = {}, .log_end_offset = 42},
                               {.replica_id = 1,
                                .replica_directory_id = {},
                                .log_end_offset = 41,
                                .last_fetch_timestamp = 5}};
        only.observers = {{.replica_id = 3, .replica_directory_id = {}, .log_end_offset = 30}};
        return what.answered_by(told);
    };
    play(api_key::describe_quorum, how, [](admin& asking) -> awaitable<void> {
        const auto quorum = co_await asking.describe_quorum();
        EXPECT_TRUE(quorum.has_value());
        if (!quorum) co_return;
        EXPECT_EQ(quorum->leader, 2);
        EXPECT_EQ(quorum->leader_epoch, 7);
        EXPECT_EQ(quorum->high_watermark, kafka::offset(40));
        EXPECT_EQ(quorum->voters.at(0).node, 1);
        EXPECT_EQ(quorum->voters.at(0).last_fetch, kafka::timestamp(5));
        EXPECT_EQ(quorum->voters.at(0).endpoints, std::vector<std::string>{"CONTROLLER://c:9093"});
        EXPECT_EQ(quorum->voters.at(1).log_end, kafka::offset(42));
        EXPECT_EQ(quorum->observers.at(0).node, 3);
    });
}

TEST_F(client_cluster_admin, a_quorum_without_a_leader_is_asked_again) {
    const auto how = [this](const asked& what) {
        describe_quorum_response told;
        told.topics.push_back({.topic_name = "__cluster_metadata", .partitions = {{}}});
        auto& only = told.topics.front().partitions.front();
        if (served == 1) only.error_code = kafka::to_wire(error_code::not_leader_or_follower);
        only.leader_id = 3;
        return what.answered_by(told);
    };
    play(api_key::describe_quorum, how, [](admin& asking) -> awaitable<void> {
        const auto quorum = co_await asking.describe_quorum();
        EXPECT_TRUE(quorum && quorum->leader == 3);
    });
    EXPECT_EQ(served, 2);
}

TEST_F(client_cluster_admin, each_partition_of_an_election_has_its_outcome) {
    const auto how = [](const asked& what) {
        const auto request = what.as<elect_leaders_request>();
        EXPECT_EQ(request.election_type, 1);
        EXPECT_EQ(request.topic_partitions->size(), 2U) << "partitions are grouped by topic";
        EXPECT_EQ(request.topic_partitions->at(0).partitions, (std::vector<std::int32_t>{0, 1}));
        elect_leaders_response told;
        told.replica_election_results.push_back({.topic = "a", .partition_result = {}});
        auto& results = told.replica_election_results.back().partition_result;
        results.push_back({.partition_id = 0});
        results.push_back({.partition_id = 1,
                           .error_code = kafka::to_wire(error_code::eligible_leaders_not_available),
                           .error_message = "nobody lives"});
        return what.answered_by(told);
    };
    play(api_key::elect_leaders, how, [](admin& asking) -> awaitable<void> {
        const auto elected = co_await asking.elect_leaders(
            election_type::unclean,
            std::set{partition("a", 0), partition("a", 1), partition("b", 0)});
        EXPECT_TRUE(elected && elected->at(partition("a", 0)));
        EXPECT_EQ(elected->at(partition("a", 1)).error().detail, "nobody lives");
    });
}

TEST_F(client_cluster_admin, an_election_everywhere_names_no_partition) {
    const auto how = [](const asked& what) {
        EXPECT_FALSE(what.as<elect_leaders_request>().topic_partitions);
        return what.answered_by(elect_leaders_response());
    };
    play(api_key::elect_leaders, how, [](admin& asking) -> awaitable<void> {
        const auto elected = co_await asking.elect_leaders(election_type::preferred);
        EXPECT_TRUE(elected && elected->empty());
    });
}

TEST_F(client_cluster_admin, a_move_names_its_replicas_and_a_cancellation_none) {
    const auto how = [](const asked& what) {
        const auto request = what.as<alter_partition_reassignments_request>();
        alter_partition_reassignments_response told;
        for (const auto& topic : request.topics) {
            told.responses.push_back({.name = topic.name, .partitions = {}});
            for (const auto& each : topic.partitions) {
                const auto code =
                    each.replicas ? error_code::none : error_code::no_reassignment_in_progress;
                told.responses.back().partitions.push_back(
                    {.partition_index = each.partition_index, .error_code = kafka::to_wire(code)});
                if (each.replicas) {
                    EXPECT_EQ(*each.replicas, (std::vector<std::int32_t>{2, 3}));
                }
            }
        }
        return what.answered_by(told);
    };
    play(api_key::alter_partition_reassignments, how, [](admin& asking) -> awaitable<void> {
        const auto done = co_await asking.alter_partition_reassignments(
            {{partition("a", 0), std::vector<std::int32_t>{2, 3}},
             {partition("a", 1), std::nullopt}});
        EXPECT_TRUE(done && done->at(partition("a", 0)));
        EXPECT_EQ(done->at(partition("a", 1)).error().code,
                  error_code::no_reassignment_in_progress);
    });
}

TEST_F(client_cluster_admin, what_is_moving_is_listed) {
    const auto how = [](const asked& what) {
        EXPECT_FALSE(what.as<list_partition_reassignments_request>().topics);
        list_partition_reassignments_response told;
        told.topics.push_back({.name = "a",
                               .partitions = {{.partition_index = 4,
                                               .replicas = {1, 2},
                                               .adding_replicas = {2},
                                               .removing_replicas = {1}}}});
        return what.answered_by(told);
    };
    play(api_key::list_partition_reassignments, how, [](admin& asking) -> awaitable<void> {
        const auto moving = co_await asking.list_partition_reassignments();
        EXPECT_TRUE(moving && moving->size() == 1);
        EXPECT_EQ(moving->at(partition("a", 4)),
                  (reassignment{.replicas = {1, 2}, .adding = {2}, .removing = {1}}));
    });
}

TEST_F(client_cluster_admin, a_broker_that_is_unknown_cannot_be_forgotten_and_the_reason_is_told) {
    const auto how = [](const asked& what) {
        EXPECT_EQ(what.as<unregister_broker_request>().broker_id, 9);
        return what.answered_by(unregister_broker_response{
            .error_code = kafka::to_wire(error_code::broker_id_not_registered),
            .error_message = "no broker 9"});
    };
    play(api_key::unregister_broker, how, [](admin& asking) -> awaitable<void> {
        const auto gone = co_await asking.unregister_broker(9);
        EXPECT_EQ(gone.error().code, error_code::broker_id_not_registered);
        EXPECT_EQ(gone.error().detail, "no broker 9");
    });
    EXPECT_EQ(served, 1) << "a change is made once";
}

/// Two partitions of "long", a page each, and a topic that does not exist.
std::vector<std::byte> page_of_topics(const asked& what) {
    const auto request = what.as<describe_topic_partitions_request>();
    const std::int32_t from = request.cursor ? request.cursor->partition_index : 0;
    describe_topic_partitions_response told;
    auto& topic = told.topics.emplace_back();
    topic.name = "long";
    topic.partitions.emplace_back().partition_index = from;
    topic.partitions.back().leader_id = -1;
    topic.partitions.back().eligible_leader_replicas = {from + 5};
    if (from == 0) {
        told.next_cursor = {.topic_name = "long", .partition_index = 1};
    } else {
        auto& missing = told.topics.emplace_back();
        missing.name = "nobody";
        missing.error_code = kafka::to_wire(error_code::unknown_topic_or_partition);
    }
    return what.answered_by(told);
}

TEST_F(client_cluster_admin, topics_are_described_page_by_page_with_their_eligible_leaders) {
    play(api_key::describe_topic_partitions, page_of_topics, [](admin& asking) -> awaitable<void> {
        const auto topics = co_await asking.describe_topics({"long", "nobody"});
        EXPECT_TRUE(topics && topics->size() == 2);
        const auto& partitions = topics->at("long")->partitions;
        EXPECT_EQ(partitions.size(), 2U);
        EXPECT_EQ(partitions.at(1).index, 1);
        EXPECT_EQ(partitions.at(1).eligible_leader_replicas, (std::vector<std::int32_t>{6}));
        EXPECT_EQ(topics->at("nobody").error().code, error_code::unknown_topic_or_partition);
    });
    EXPECT_EQ(served, 2);
}

TEST_F(client_cluster_admin, a_page_that_leads_to_itself_is_no_answer) {
    const auto how = [](const asked& what) {
        describe_topic_partitions_response told;
        told.next_cursor = {.topic_name = "long", .partition_index = 1};
        return what.answered_by(told);
    };
    play(api_key::describe_topic_partitions, how, [](admin& asking) -> awaitable<void> {
        const auto topics = co_await asking.describe_topics({"long"});
        EXPECT_EQ(topics.error().reason, errc::malformed_answer);
    });
}

}  // namespace
}  // namespace verdikt::client
