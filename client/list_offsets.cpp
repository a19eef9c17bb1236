#include "client/list_offsets.h"

#include "kafka/messages/list_offsets.h"

namespace verdikt::client {

namespace {

using kafka::messages::list_offsets_request;
using kafka::messages::list_offsets_response;

struct offsets_query {
    std::map<topic_partition, std::int64_t> timestamps;
    bool read_committed;
    runtime::instant deadline;
};

list_offsets_request make_request(const std::vector<led_partition>& partitions,
                                  const offsets_query& asked) {
    list_offsets_request request;
    request.replica_id = -1;
    request.isolation_level = asked.read_committed ? 1 : 0;
    for (const led_partition& each : partitions) {
        if (request.topics.empty() || request.topics.back().name != each.where.topic) {
            request.topics.push_back({.name = each.where.topic, .partitions = {}});
        }
        request.topics.back().partitions.push_back({.partition_index = each.where.partition.value(),
                                                    .current_leader_epoch = each.epoch.value(),
                                                    .timestamp = asked.timestamps.at(each.where)});
    }
    return request;
}

runtime::awaitable<partition_outcomes<found_offset>> ask_leader(
    cluster& within,
    kafka::node_id node,
    std::vector<led_partition> partitions,
    const offsets_query& asked) {
    auto answer = co_await within.call<list_offsets_response>(
        node, make_request(partitions, asked), asked.deadline);
    if (!answer) co_return same_for_all<found_offset>(partitions, answer.error().why);
    auto outcomes = same_for_all<found_offset>(
        partitions, {.reason = errc::malformed_answer, .detail = "a partition is missing"});
    for (const auto& topic : answer->message.topics) {
        for (const auto& each : topic.partitions) {
            const topic_partition where{.topic = topic.name,
                                        .partition = kafka::partition_index(each.partition_index)};
            const auto found = outcomes.find(where);
            if (found == outcomes.end()) continue;
            const auto code = kafka::to_error_code(each.error_code);
            if (code != kafka::error_code::none) {
                found->second = failure(code);
            } else {
                found->second = found_offset{.offset = kafka::offset(each.offset),
                                             .time = kafka::timestamp(each.timestamp),
                                             .epoch = kafka::leader_epoch(each.leader_epoch)};
            }
        }
    }
    co_return outcomes;
}

}  // namespace

runtime::awaitable<partition_outcomes<found_offset>> list_offsets(
    cluster& within,
    std::map<topic_partition, std::int64_t> timestamps,
    bool read_committed,
    runtime::instant deadline) {
    std::set<topic_partition> partitions;
    for (const auto& [where, time] : timestamps) partitions.insert(where);
    const offsets_query asked{.timestamps = std::move(timestamps),
                              .read_committed = read_committed,
                              .deadline = deadline};
    co_return co_await ask_leaders<found_offset>(
        within,
        std::move(partitions),
        deadline,
        [&within, &asked](kafka::node_id node, const std::vector<led_partition>& led) {
            return ask_leader(within, node, led, asked);
        });
}

}  // namespace verdikt::client
