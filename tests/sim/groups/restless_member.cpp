#include "tests/sim/groups/restless_member.h"

#include "kafka/messages/consumer_protocol.h"
#include "kafka/messages/versioned.h"

#include <utility>

namespace verdikt::tests {

namespace messages = kafka::messages;
using runtime::awaitable;
using std::chrono::milliseconds;

namespace {

constexpr std::int32_t session_timeout_ms = 6'000;
constexpr std::int32_t rebalance_timeout_ms = 10'000;

std::vector<std::byte> subscription() {
    messages::consumer_protocol_subscription wanted;
    wanted.topics = {topic_name};
    return messages::encode_versioned(wanted, 1).value();
}

/// Deals the partitions out in turn, from a member that chance chooses.
std::vector<messages::sync_group_request::sync_group_request_assignment> deal_out(
    const messages::join_group_response& joined, std::uint64_t first) {
    std::vector<messages::sync_group_request::sync_group_request_assignment> dealt;
    for (const auto& member : joined.members) dealt.push_back({member.member_id, {}});
    for (std::int32_t partition = 0; partition < topic_partitions; ++partition) {
        auto& owner = dealt[(first + static_cast<std::uint64_t>(partition)) % dealt.size()];
        owner.assignment.push_back(static_cast<std::byte>(partition));
    }
    return dealt;
}

}  // namespace

broker::coordinator::request_origin restless_member::origin(std::int16_t version) const {
    return {.version = version, .client_id = "restless", .client_host = "/127.0.0.1"};
}

void restless_member::forget_membership_on(error_code error) {
    if (error == error_code::unknown_member_id || error == error_code::fenced_instance_id) {
        member_id_.clear();
    }
}

awaitable<void> restless_member::run(runtime::environment& world,
                                     broker::coordinator::group_coordinator& groups,
                                     bool calm) {
    life here{world, groups, calm};
    // A process that was restarted has lost its id, unless chance makes a zombie of it.
    if (world.random().chance(0.5)) member_id_.clear();
    for (;;) {
        const bool assigned = co_await join(here);
        if (assigned) co_await stay(here);
        co_await world.sleep_for(milliseconds(world.random().between(1, 200)));
    }
}

awaitable<bool> restless_member::join(life& in) {
    messages::join_group_request request{.group_id = group_name,
                                         .session_timeout_ms = session_timeout_ms,
                                         .rebalance_timeout_ms = rebalance_timeout_ms,
                                         .member_id = member_id_,
                                         .group_instance_id = instance_id_,
                                         .protocol_type = "consumer"};
    request.protocols.push_back({"range", subscription()});
    auto joining = in.groups.join_group(std::move(request), origin(9));
    const auto joined = co_await std::move(joining);
    const auto error = kafka::to_error_code(joined.error_code);
    forget_membership_on(error);
    if (error == error_code::member_id_required) member_id_ = joined.member_id;
    if (error != error_code::none) co_return false;
    member_id_ = joined.member_id;
    generation_ = joined.generation_id;
    co_return co_await sync(in, joined);
}

awaitable<bool> restless_member::sync(life& in, const messages::join_group_response& joined) {
    messages::sync_group_request request{.group_id = group_name,
                                         .generation_id = generation_,
                                         .member_id = member_id_,
                                         .group_instance_id = instance_id_};
    const bool leads = joined.leader == member_id_ && !joined.skip_assignment;
    if (leads) request.assignments = deal_out(joined, in.world.random().below(topic_partitions));
    auto syncing = in.groups.sync_group(std::move(request), origin(5));
    const auto synced = co_await std::move(syncing);
    const auto error = kafka::to_error_code(synced.error_code);
    forget_membership_on(error);
    if (error != error_code::none) co_return false;
    owned_.clear();
    for (const std::byte partition : synced.assignment) {
        owned_.push_back(static_cast<std::int32_t>(partition));
    }
    history_.assigned(generation_, instance_id_.value_or(member_id_), owned_);
    co_return true;
}

awaitable<void> restless_member::stay(life& in) {
    for (;;) {
        for (const std::int32_t partition : owned_) {
            const bool committed = co_await commit_further(in, partition);
            if (!committed) co_return;
        }
        co_await in.world.sleep_for(milliseconds(in.world.random().between(10, 1'000)));
        const auto beat = co_await heartbeat(in);
        forget_membership_on(beat);
        if (beat != error_code::none) co_return;
        if (!in.calm && in.world.random().chance(0.05)) {
            co_await fall_silent_or_leave(in);
            co_return;
        }
    }
}

awaitable<kafka::error_code> restless_member::heartbeat(life& in) {
    auto beating = in.groups.heartbeat({.group_id = group_name,
                                        .generation_id = generation_,
                                        .member_id = member_id_,
                                        .group_instance_id = instance_id_},
                                       origin(4));
    const auto response = co_await std::move(beating);
    co_return kafka::to_error_code(response.error_code);
}

awaitable<bool> restless_member::commit_further(life& in, std::int32_t partition) {
    messages::offset_fetch_request asking{.group_id = group_name};
    asking.topics->push_back({topic_name, {partition}});
    auto fetching = in.groups.offset_fetch(std::move(asking), origin(7));
    const auto fetched = co_await std::move(fetching);
    if (fetched.error_code != 0) co_return false;
    const std::int64_t position = fetched.topics[0].partitions[0].committed_offset;
    history_.fetched(partition, position);

    const std::int64_t next = position + 1 + static_cast<std::int64_t>(in.world.random().below(5));
    messages::offset_commit_request request{.group_id = group_name,
                                            .generation_id_or_member_epoch = generation_,
                                            .member_id = member_id_,
                                            .group_instance_id = instance_id_};
    auto& topic = request.topics.emplace_back();
    topic.name = topic_name;
    topic.partitions.push_back({.partition_index = partition, .committed_offset = next});
    auto committing = in.groups.offset_commit(std::move(request), origin(8));
    const auto response = co_await std::move(committing);
    const auto error = kafka::to_error_code(response.topics[0].partitions[0].error_code);
    forget_membership_on(error);
    if (error == error_code::none) history_.acknowledged(partition, next);
    co_return error == error_code::none;
}

awaitable<void> restless_member::fall_silent_or_leave(life& in) {
    auto& random = in.world.random();
    if (random.chance(0.5)) {
        co_await in.world.sleep_for(milliseconds(random.between(0, 3 * session_timeout_ms)));
        if (random.chance(0.5)) member_id_.clear();
        co_return;
    }
    messages::leave_group_request request{.group_id = group_name};
    request.members.push_back({member_id_, instance_id_, std::nullopt});
    auto leaving = in.groups.leave_group(std::move(request), origin(5));
    const auto left = co_await std::move(leaving);
    if (left.error_code == 0) member_id_.clear();
}

}  // namespace verdikt::tests
