// Every request that ApiVersions lists, in every version of it, is answered by what that version
// can carry.
#include "kafka/messages/delete_topics.h"
#include "kafka/messages/find_coordinator.h"
#include "kafka/messages/metadata.h"
#include "kafka/messages/offset_commit.h"
#include "tests/unit/kafka_messages/random_message.h"
#include "tests/unit/server/broker_fixture.h"
#include "tests/unit/server/exchanges.h"
#include "tests/unit/server/sample_request.h"

#include <set>

namespace verdikt::broker::server {
namespace {

namespace messages = kafka::messages;
using kafka::api_key;
using runtime::awaitable;
using runtime::environment;

std::vector<exchange> every_exchange() {
    return exchanges_of(broker_apis());
}

/// What a sample may not succeed in: it names no member of the group, no open transaction, no
/// feature, no broker, and asks for nothing that one broker can do.
bool may_fail(const messages::message_schema& request) {
    const std::set<api_key> unfit{api_key::join_group,
                                  api_key::sync_group,
                                  api_key::heartbeat,
                                  api_key::leave_group,
                                  api_key::add_partitions_to_txn,
                                  api_key::add_offsets_to_txn,
                                  api_key::end_txn,
                                  api_key::txn_offset_commit,
                                  api_key::describe_transactions,
                                  api_key::elect_leaders,
                                  api_key::alter_partition_reassignments,
                                  api_key::update_features,
                                  api_key::unregister_broker};
    return unfit.contains(static_cast<api_key>(request.key));
}

awaitable<void> remove_topic(wire_client& client) {
    messages::delete_topics_request request;
    request.topic_names = {"orders"};
    request.timeout_ms = 1'000;
    co_await client.ask<messages::delete_topics_response>(request, 3);
}

/// Leaves a new topic, and a group without members that has committed an offset in it.
awaitable<void> prepare(environment& world, wire_client& client) {
    co_await world.sleep_for(std::chrono::minutes(1));
    co_await remove_topic(client);
    messages::metadata_request make;
    make.topics->push_back({.topic_id = {}, .name = "orders"});
    const auto made = co_await client.ask<messages::metadata_response>(make, 9);
    CHECK(made.topics.at(0).error_code == 0, "error {}", made.topics.at(0).error_code);
    const messages::find_coordinator_request find{.key = "group"};
    co_await client.ask<messages::find_coordinator_response>(find, 0);
    co_await world.sleep_for(std::chrono::seconds(1));
    messages::offset_commit_request commit{.group_id = "group"};
    commit.topics.push_back({.name = "orders", .partitions = {{.committed_offset = 1}}});
    const auto committed = co_await client.ask<messages::offset_commit_response>(commit, 2);
    const auto code = committed.topics.at(0).partitions.at(0).error_code;
    CHECK(code == 0, "error {}", code);
}

using every_api = broker_fixture;

TEST_F(every_api, answers_a_request_that_makes_sense_without_an_error) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        for (const exchange& each : every_exchange()) {
            SCOPED_TRACE(each.name());
            const bool creates = each.request.key == static_cast<int>(api_key::create_topics);
            co_await prepare(world, client);
            if (creates) co_await remove_topic(client);
            const auto request = sample_request(each.request, each.version);
            const auto response =
                co_await client.ask(request.get(), each.request, each.response, each.version);
            const auto codes = error_codes_in(each.response, each.version, response.get());
            if (!may_fail(each.request)) {
                for (const std::int16_t code : codes) EXPECT_EQ(code, 0);
            }
        }
    });
}

TEST_F(every_api, answers_whatever_decodes) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        runtime::random_source chance(1);
        for (const exchange& each : every_exchange()) {
            SCOPED_TRACE(each.name());
            for (int repetition = 0; repetition < 10; ++repetition) {
                const auto request = messages::random_message(each.request, each.version, chance);
                shorten_waits(each.request, each.version, request.get());
                co_await client.ask(request.get(), each.request, each.response, each.version);
            }
        }
        co_await prepare(world, client);
    });
}

TEST_F(every_api, answers_an_empty_request) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        for (const exchange& each : every_exchange()) {
            SCOPED_TRACE(each.name());
            const auto request = each.request.make();
            shorten_waits(each.request, each.version, request.get());
            co_await client.ask(request.get(), each.request, each.response, each.version);
        }
    });
}

}  // namespace
}  // namespace verdikt::broker::server
