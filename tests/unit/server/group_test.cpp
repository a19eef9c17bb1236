// Consumer groups as their members see them: over the wire, in every version.
#include "kafka/error_codes.h"
#include "kafka/messages/delete_topics.h"
#include "kafka/messages/find_coordinator.h"
#include "kafka/messages/heartbeat.h"
#include "kafka/messages/join_group.h"
#include "kafka/messages/leave_group.h"
#include "kafka/messages/offset_commit.h"
#include "kafka/messages/offset_fetch.h"
#include "kafka/messages/sync_group.h"
#include "tests/unit/server/broker_fixture.h"
#include "tests/unit/server/requests.h"

namespace verdikt::broker::server {
namespace {

using kafka::error_code;
using runtime::awaitable;
using runtime::environment;
using std::chrono::seconds;

awaitable<void> find_coordinator(environment& world, wire_client& client) {
    const messages::find_coordinator_request find{.key = "group"};
    const auto found = co_await client.ask<messages::find_coordinator_response>(find, 2);
    EXPECT_EQ(found.error_code, 0);
    EXPECT_EQ(found.host, "broker");
    // The coordinator loads what it has of the group.
    co_await world.sleep_for(seconds(1));
}

std::vector<std::byte> bytes_of(std::string_view text) {
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

messages::join_group_request join_as(std::string member_id) {
    messages::join_group_request request{.group_id = "group",
                                         .session_timeout_ms = 10'000,
                                         .rebalance_timeout_ms = 20'000,
                                         .member_id = std::move(member_id),
                                         .protocol_type = "consumer"};
    request.protocols.push_back({"range", bytes_of("subscription")});
    return request;
}

/// Comes back with the id that it is given where the version asks for that (KIP-394).
awaitable<messages::join_group_response> join(wire_client& client, std::int16_t version) {
    auto joined = co_await client.ask<messages::join_group_response>(join_as(""), version);
    if (error_code(joined.error_code) == error_code::member_id_required) {
        joined =
            co_await client.ask<messages::join_group_response>(join_as(joined.member_id), version);
    }
    co_return joined;
}

awaitable<messages::sync_group_response> sync(wire_client& client,
                                              messages::join_group_response as,
                                              std::int16_t version) {
    messages::sync_group_request request{
        .group_id = "group", .generation_id = as.generation_id, .member_id = as.member_id};
    if (version >= 5) {
        request.protocol_type = "consumer";
        request.protocol_name = "range";
    }
    for (const auto& member : as.members) {
        request.assignments.push_back({member.member_id, bytes_of("for " + member.member_id)});
    }
    co_return co_await client.ask<messages::sync_group_response>(request, version);
}

awaitable<error_code> heartbeat(wire_client& client, messages::join_group_response as) {
    const messages::heartbeat_request request{
        .group_id = "group", .generation_id = as.generation_id, .member_id = as.member_id};
    const auto answer = co_await client.ask<messages::heartbeat_response>(request, 4);
    co_return error_code(answer.error_code);
}

awaitable<error_code> commit(wire_client& client,
                             messages::join_group_response as,
                             std::int64_t offset,
                             std::int16_t version) {
    messages::offset_commit_request request{.group_id = "group",
                                            .generation_id_or_member_epoch = as.generation_id,
                                            .member_id = as.member_id};
    request.topics.push_back({.name = "orders", .partitions = {{.committed_offset = offset}}});
    const auto answer = co_await client.ask<messages::offset_commit_response>(request, version);
    co_return error_code(answer.topics.at(0).partitions.at(0).error_code);
}

awaitable<std::int64_t> committed(wire_client& client) {
    messages::offset_fetch_request request{.group_id = "group"};
    request.topics->push_back({.name = "orders", .partition_indexes = {0}});
    const auto answer = co_await client.ask<messages::offset_fetch_response>(request, 5);
    EXPECT_EQ(answer.error_code, 0);
    co_return answer.topics.at(0).partitions.at(0).committed_offset;
}

awaitable<void> leave(wire_client& client, messages::join_group_response as, std::int16_t version) {
    messages::leave_group_request request{.group_id = "group"};
    if (version < 3) request.member_id = as.member_id;
    if (version >= 3) request.members.push_back({.member_id = as.member_id});
    const auto left = co_await client.ask<messages::leave_group_response>(request, version);
    EXPECT_EQ(left.error_code, 0);
}

using group = broker_fixture;

TEST_F(group, one_member_lives_its_life_in_every_version) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "orders");
        co_await find_coordinator(world, client);
        const std::int16_t newest = messages::join_group_request::schema.versions.last;
        for (std::int16_t version = 0; version <= std::min<std::int16_t>(newest, 9); ++version) {
            SCOPED_TRACE(version);
            const auto me = co_await join(client, version);
            EXPECT_EQ(me.error_code, 0);
            EXPECT_EQ(me.leader, me.member_id);
            EXPECT_EQ(me.members.size(), 1U);
            const auto synced = co_await sync(client, me, std::min<std::int16_t>(version, 5));
            EXPECT_EQ(synced.error_code, 0);
            EXPECT_EQ(synced.assignment, bytes_of("for " + me.member_id));
            EXPECT_EQ(co_await heartbeat(client, me), error_code::none);
            const auto commit_version = std::clamp<std::int16_t>(version, 1, 8);
            EXPECT_EQ(co_await commit(client, me, 100 + version, commit_version), error_code::none);
            EXPECT_EQ(co_await committed(client), 100 + version);
            co_await leave(client, me, std::min<std::int16_t>(version, 5));
            EXPECT_EQ(co_await heartbeat(client, me), error_code::unknown_member_id);
        }
    });
}

TEST_F(group, a_second_member_makes_the_first_join_again) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        auto other = co_await connect(world);
        co_await make_topic(client, "orders");
        co_await find_coordinator(world, client);
        const auto alone = co_await join(client, 3);
        co_await sync(client, alone, 3);
        EXPECT_TRUE(co_await other.send(join_as(""), 3));
        co_await world.sleep_for(seconds(1));
        EXPECT_EQ(co_await heartbeat(client, alone), error_code::rebalance_in_progress);
        const auto again =
            co_await client.ask<messages::join_group_response>(join_as(alone.member_id), 3);
        const auto second = co_await other.receive<messages::join_group_response>(3);
        EXPECT_EQ(again.members.size(), 2U);
        EXPECT_EQ(second.generation_id, again.generation_id);
        EXPECT_EQ(second.leader, again.member_id);
        const auto mine = co_await sync(client, again, 3);
        const auto theirs = co_await sync(other, second, 3);
        EXPECT_EQ(mine.assignment, bytes_of("for " + again.member_id));
        EXPECT_EQ(theirs.assignment, bytes_of("for " + second.member_id));
        EXPECT_EQ(co_await commit(other, alone, 1, 2), error_code::illegal_generation);
    });
}

TEST_F(group, members_generations_and_offsets_survive_a_restart) {
    messages::join_group_response me;
    play([&me](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "orders");
        co_await find_coordinator(world, client);
        me = co_await join(client, 4);
        co_await sync(client, me, 3);
        EXPECT_EQ(co_await commit(client, me, 42, 2), error_code::none);
    });
    broker_node_.power_loss();
    universe_.run(broker_node_.until_stopped());
    play([&me](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        EXPECT_EQ(co_await committed(client), 42);
        EXPECT_EQ(co_await heartbeat(client, me), error_code::none);
        EXPECT_EQ(co_await commit(client, me, 43, 2), error_code::none);
        // Its session is over: nobody heard of it for longer than it asked for.
        co_await world.sleep_for(seconds(11));
        EXPECT_EQ(co_await heartbeat(client, me), error_code::unknown_member_id);
        EXPECT_EQ(co_await committed(client), 43);
    });
}

TEST_F(group, offsets_of_a_deleted_topic_go_with_it) {
    play([](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        co_await make_topic(client, "orders");
        co_await find_coordinator(world, client);
        EXPECT_EQ(co_await commit(client, {.generation_id = -1}, 7, 2), error_code::none);
        messages::delete_topics_request request;
        request.topic_names = {"orders"};
        co_await client.ask<messages::delete_topics_response>(request, 3);
        co_await world.sleep_for(seconds(1));
        EXPECT_EQ(co_await committed(client), -1);
    });
}

TEST_F(group, a_member_that_waits_for_others_does_not_hold_a_shutdown_up) {
    play([this](environment& world) -> awaitable<void> {
        auto client = co_await connect(world);
        auto other = co_await connect(world);
        co_await make_topic(client, "orders");
        co_await find_coordinator(world, client);
        const auto alone = co_await join(client, 3);
        co_await sync(client, alone, 3);
        EXPECT_TRUE(co_await other.send(join_as(""), 3));
        co_await world.sleep_for(seconds(1));
        const auto before = world.now();
        stop_requested_.notify_all();
        const auto answer = co_await other.receive<messages::join_group_response>(3);
        EXPECT_EQ(error_code(answer.error_code), error_code::not_coordinator);
        EXPECT_LT(world.now() - before, seconds(1));
    });
    universe_.run(broker_node_.until_stopped());
    EXPECT_TRUE(ended_well_) << end_reason_;
}

}  // namespace
}  // namespace verdikt::broker::server
