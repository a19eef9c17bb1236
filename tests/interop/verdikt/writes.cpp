/// An idempotent producer, and a group of two that reads what it writes.
#include "client/closing.h"
#include "client/producer.h"
#include "runtime/scope.h"
#include "tests/interop/verdikt/conversation.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <variant>

namespace verdikt::interop {

namespace {

const std::string written_topic = "written";
const std::string writes_group = "failover-group";

/// What the two members have seen, and what they were told is committed.
struct group_record {
    std::set<std::string> received;
    kafka::offset committed = kafka::no_offset;
    bool is_over = false;
};

runtime::awaitable<void> follow(client::consumer& member, group_record& seen) {
    const client::topic_partition where{.topic = written_topic,
                                        .partition = kafka::partition_index(0)};
    require(member.subscribe({written_topic}).has_value(), "subscribing");
    while (!seen.is_over) {
        const auto records = co_await member.poll(std::chrono::milliseconds(100));
        // Of a leader or coordinator that is not there just now; the next poll goes on.
        if (!records || records->empty()) continue;
        for (const auto& each : *records) {
            seen.received.emplace(client::as_text(*each.value));
        }
        const kafka::offset next = (*records)[records->size() - 1].offset + 1;
        client::offset_map position{{where, {.offset = next}}};
        const auto committed = co_await member.commit(std::move(position));
        if (committed) seen.committed = std::max(seen.committed, next);
    }
}

runtime::awaitable<void> be_member(runtime::environment& world, plan of, group_record& seen) {
    client::client_config config = of.config();
    config.group_id = writes_group;
    config.auto_offset_reset = "earliest";
    config.enable_auto_commit = false;
    config.session_timeout_ms = std::chrono::seconds(6);
    config.heartbeat_interval_ms = std::chrono::milliseconds(500);
    client::consumer member(world, config);
    co_await client::use_and_close(member, follow(member, seen));
}

/// Values by their offsets, as acknowledged. None may be refused or left in doubt.
using written_values = std::map<kafka::offset, std::string>;

runtime::awaitable<void> write(runtime::environment& world,
                               client::producer& through,
                               std::chrono::milliseconds time,
                               written_values& acknowledged) {
    std::vector<client::pending_delivery> sent;
    const runtime::instant end = world.now() + time;
    while (world.now() < end) {
        const std::string value = std::to_string(sent.size());
        const auto placed = co_await through.append({.topic = written_topic,
                                                     .partition = kafka::partition_index(0),
                                                     .value = client::as_bytes(value)});
        require(placed.has_value(), placed ? "" : "appending: " + placed.error().message());
        sent.push_back(*placed);
        co_await world.sleep_for(pace);
    }
    co_await through.flush();
    for (std::size_t number = 0; number < sent.size(); ++number) {
        const client::delivery outcome = sent[number].outcome();
        const auto* delivered = std::get_if<client::delivered>(&outcome);
        require(delivered != nullptr, fmt::format("record {} was not delivered", number));
        acknowledged.emplace(delivered->offset, std::to_string(number));
    }
    require(acknowledged.size() == sent.size(), "two records were given one offset");
}

runtime::awaitable<void> until_received(runtime::environment& world,
                                        const std::vector<std::string>& values,
                                        group_record& seen) {
    const runtime::instant deadline = world.now() + patience;
    const auto is_received = [&seen](const std::string& each) {
        return seen.received.contains(each);
    };
    while (!std::ranges::all_of(values, is_received)) {
        require(world.now() < deadline, "the group did not receive what was acknowledged");
        co_await world.sleep_for(pace);
    }
    seen.is_over = true;
}

}  // namespace

runtime::awaitable<void> try_writes_and_group(runtime::environment& world, plan of) {
    say("use {}", written_topic);
    group_record seen;
    runtime::scope members(world.get_executor());
    for (int member = 0; member < 2; ++member) members.spawn(be_member(world, of, seen));
    written_values acknowledged;
    client::producer through(world, of.config());
    co_await client::use_and_close(through, write(world, through, of.time, acknowledged));
    std::vector<std::string> values;
    for (const auto& [offset, value] : acknowledged) values.push_back(value);
    co_await until_received(world, values, seen);
    co_await members.join();
    for (std::size_t number = 0; number < values.size(); ++number) {
        require(values[number] == std::to_string(number), "the order of offsets is another");
    }
    const std::vector<std::string> found = co_await read_all(world, of, written_topic);
    require(found == values, fmt::format("{} values, {} read", values.size(), found.size()));
    say("ok write: {} of an idempotent producer, all acknowledged", values.size());
    say("ok write-again: more than that: see above");
    const kafka::offset kept = co_await committed_offset(world, of, writes_group, written_topic);
    require(kept >= seen.committed, fmt::format("{} was committed, {} is", seen.committed, kept));
    say("ok group: all of them were received; the group's offset is what was committed last");
}

}  // namespace verdikt::interop
