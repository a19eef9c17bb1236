#include "tests/unit/coordinator/coordinator_fixture.h"

#include "tests/unit/coordinator/group_script.h"

namespace verdikt::broker::coordinator {

coordinator_fixture::coordinator_fixture() {
    config_.offsets_partitions = 3;
    config_.groups.initial_delay = milliseconds(0);
}

coordinator_fixture::~coordinator_fixture() = default;

void coordinator_fixture::open() {
    groups_ = std::make_unique<group_coordinator>(world(), config_, log_, topics_);
    groups_->start();
    for (int index = 0; index < config_.offsets_partitions; ++index) {
        groups_->elected(kafka::partition_index(index), kafka::leader_epoch(0));
    }
}

awaitable<void> coordinator_fixture::close() {
    co_await groups_->stop();
    groups_.reset();
}

awaitable<messages::join_group_response> coordinator_fixture::join(std::string member_id,
                                                                   std::int16_t request_version,
                                                                   std::string group) {
    messages::join_group_request request{.group_id = std::move(group),
                                         .session_timeout_ms = 10'000,
                                         .rebalance_timeout_ms = 30'000,
                                         .member_id = std::move(member_id),
                                         .protocol_type = "consumer"};
    request.protocols.push_back({"range", subscription_to("topic")});
    return groups_->join_group(std::move(request), version(request_version));
}

awaitable<messages::sync_group_response> coordinator_fixture::sync(
    std::string member_id, std::int32_t generation, std::vector<std::string> assign_to) {
    messages::sync_group_request request{
        .group_id = "group", .generation_id = generation, .member_id = std::move(member_id)};
    for (std::string& id : assign_to)
        request.assignments.push_back({std::move(id), {std::byte{7}}});
    return groups_->sync_group(std::move(request), version(3));
}

awaitable<error_code> coordinator_fixture::heartbeat(std::string member_id,
                                                     std::int32_t generation) {
    auto beating = groups_->heartbeat(
        {.group_id = "group", .generation_id = generation, .member_id = std::move(member_id)},
        version(3));
    const auto response = co_await std::move(beating);
    co_return kafka::to_error_code(response.error_code);
}

awaitable<error_code> coordinator_fixture::commit(std::int32_t partition,
                                                  std::int64_t offset,
                                                  std::string member_id,
                                                  std::int32_t generation) {
    messages::offset_commit_request request{.group_id = "group",
                                            .generation_id_or_member_epoch = generation,
                                            .member_id = std::move(member_id)};
    auto& topic = request.topics.emplace_back();
    topic.name = "topic";
    topic.partitions.push_back({.partition_index = partition, .committed_offset = offset});
    auto committing = groups_->offset_commit(std::move(request), version(7));
    const auto response = co_await std::move(committing);
    co_return kafka::to_error_code(response.topics.at(0).partitions.at(0).error_code);
}

awaitable<std::int64_t> coordinator_fixture::committed(std::int32_t partition, std::string group) {
    messages::offset_fetch_request request{.group_id = std::move(group)};
    request.topics->push_back({"topic", {partition}});
    auto fetching = groups_->offset_fetch(std::move(request), version(5));
    const auto response = co_await std::move(fetching);
    EXPECT_EQ(response.error_code, 0);
    co_return response.topics.at(0).partitions.at(0).committed_offset;
}

awaitable<messages::join_group_response> coordinator_fixture::become_only_member() {
    const auto joined = co_await join();
    EXPECT_EQ(joined.error_code, 0);
    const auto synced = co_await sync(joined.member_id, joined.generation_id, {joined.member_id});
    EXPECT_EQ(synced.error_code, 0);
    co_return joined;
}

awaitable<std::string> coordinator_fixture::state_of(std::string group) {
    messages::describe_groups_request request;
    request.groups.push_back(std::move(group));
    auto describing = groups_->describe_groups(std::move(request), version(4));
    const auto response = co_await std::move(describing);
    co_return response.groups.at(0).group_state;
}

}  // namespace verdikt::broker::coordinator
