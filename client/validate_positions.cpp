#include "client/validate_positions.h"

#include "kafka/messages/offset_for_leader_epoch.h"

namespace verdikt::client {

namespace {

using kafka::messages::offset_for_leader_epoch_request;
using kafka::messages::offset_for_leader_epoch_response;

struct positions_query {
    std::map<topic_partition, partition_position> positions;
    runtime::instant deadline;
};

runtime::awaitable<partition_outcomes<fetch_position>> ask_leader(
    cluster& within,
    kafka::node_id node,
    std::vector<led_partition> partitions,
    const positions_query& asked) {
    offset_for_leader_epoch_request request;
    request.replica_id = -1;
    for (const led_partition& each : partitions) {
        if (request.topics.empty() || request.topics.back().topic != each.where.topic) {
            request.topics.emplace_back().topic = each.where.topic;
        }
        request.topics.back().partitions.push_back(
            {.partition = each.where.partition.value(),
             .current_leader_epoch = each.epoch.value(),
             .leader_epoch = asked.positions.at(each.where).at.epoch.value()});
    }
    auto answer = co_await within.call<offset_for_leader_epoch_response>(
        node, std::move(request), asked.deadline);
    if (!answer) co_return same_for_all<fetch_position>(partitions, answer.error().why);
    auto outcomes = same_for_all<fetch_position>(
        partitions, {.reason = errc::malformed_answer, .detail = "a partition is missing"});
    for (const auto& topic : answer->message.topics) {
        for (const auto& each : topic.partitions) {
            const auto found = outcomes.find(
                {.topic = topic.topic, .partition = kafka::partition_index(each.partition)});
            if (found == outcomes.end()) continue;
            const auto code = kafka::to_error_code(each.error_code);
            if (code != kafka::error_code::none) {
                found->second = failure(code);
            } else {
                found->second = fetch_position{.offset = kafka::offset(each.end_offset),
                                               .epoch = kafka::leader_epoch(each.leader_epoch)};
            }
        }
    }
    co_return outcomes;
}

}  // namespace

runtime::awaitable<partition_outcomes<fetch_position>> find_epoch_ends(
    cluster& within,
    std::map<topic_partition, partition_position> positions,
    runtime::instant deadline) {
    std::set<topic_partition> partitions;
    for (const auto& [which, position] : positions) partitions.insert(which);
    const positions_query asked{.positions = std::move(positions), .deadline = deadline};
    co_return co_await ask_leaders<fetch_position>(
        within,
        std::move(partitions),
        deadline,
        [&within, &asked](kafka::node_id node, const std::vector<led_partition>& led) {
            return ask_leader(within, node, led, asked);
        });
}

}  // namespace verdikt::client
