// Every request that a controller's listener lists, in every version of it, is answered by what
// that version can carry, whether its node is the active controller or not.
#include "kafka/error_codes.h"
#include "kafka/messages/elect_leaders.h"
#include "tests/unit/kafka_messages/random_message.h"
#include "tests/unit/server/broker_fixture.h"
#include "tests/unit/server/exchanges.h"
#include "tests/unit/server/sample_request.h"

#include <algorithm>

namespace verdikt::broker::server {
namespace {

namespace messages = kafka::messages;
using runtime::awaitable;
using runtime::environment;

class controller_listener : public broker_fixture {
  protected:
    controller_listener() {
        set("node.id", "1");
        set("process.roles", "broker,controller");
        set("listeners", "PLAINTEXT://broker:9092,CONTROLLER://broker:9093");
        set("controller.listener.names", "CONTROLLER");
        set("cluster.id", "cluster-of-the-test");
        vote({"1@broker:9093"});
    }

    void vote(const std::vector<std::string>& voters) {
        set("controller.quorum.voters", fmt::format("{}", fmt::join(voters, ",")));
    }
    /// The other voters never come up: this node never becomes the active controller.
    void make_one_of_three() {
        vote({"1@broker:9093", "2@nobody:9093", "3@nobody:9094"});
        universe_.add_node("nobody");
    }

    static awaitable<wire_client> call_controller(environment& world) {
        return wire_client::connect(world, {"broker", 9093});
    }

    /// What is asked may end the connection's node, but never its answers.
    void ask_everything(std::function<std::shared_ptr<void>(const exchange&)> request_for) {
        play([&](environment& world) -> awaitable<void> {
            auto client = co_await call_controller(world);
            for (const exchange& each : exchanges_of(controller_apis())) {
                SCOPED_TRACE(each.name());
                const auto request = request_for(each);
                shorten_waits(each.request, each.version, request.get());
                co_await client.ask(request.get(), each.request, each.response, each.version);
            }
        });
    }
    void ask_samples() {
        ask_everything(
            [](const exchange& each) { return sample_request(each.request, each.version); });
    }
    void ask_at_random() {
        runtime::random_source chance(1);
        for (int repetition = 0; repetition < 10; ++repetition) {
            ask_everything([&](const exchange& each) {
                return messages::random_message(each.request, each.version, chance);
            });
        }
    }
};

TEST_F(controller_listener, answers_what_makes_sense_where_it_is_the_controller) {
    ask_samples();
}

TEST_F(controller_listener, answers_what_makes_sense_where_it_is_not) {
    make_one_of_three();
    ask_samples();
}

TEST_F(controller_listener, answers_whatever_decodes_where_it_is_the_controller) {
    ask_at_random();
}

TEST_F(controller_listener, answers_whatever_decodes_where_it_is_not) {
    make_one_of_three();
    ask_at_random();
}

TEST_F(controller_listener, says_of_each_partition_that_it_may_not_elect_in_the_first_version) {
    make_one_of_three();
    play([](environment& world) -> awaitable<void> {
        auto client = co_await call_controller(world);
        messages::elect_leaders_request request{.timeout_ms = 100};
        request.topic_partitions->push_back({.topic = "orders", .partitions = {0, 1}});
        const auto answer = co_await client.ask<messages::elect_leaders_response>(request, 0);
        CHECK(answer.replica_election_results.size() == 1);
        CHECK(answer.replica_election_results[0].partition_result.size() == 2);
        for (const auto& each : answer.replica_election_results[0].partition_result) {
            EXPECT_EQ(kafka::to_error_code(each.error_code), kafka::error_code::not_controller);
        }
    });
}

}  // namespace
}  // namespace verdikt::broker::server
