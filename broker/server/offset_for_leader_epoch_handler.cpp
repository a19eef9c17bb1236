/// OffsetForLeaderEpoch: where an epoch of a partition ended, for clients that check whether the
/// log they read was cut (KIP-320).
#include "broker/server/handlers.h"

namespace verdikt::broker::server {

namespace {

using kafka::error_code;
using asked_partition = messages::offset_for_leader_epoch_request::offset_for_leader_partition;
using answered_partition = messages::offset_for_leader_epoch_response::epoch_end_offset;

answered_partition answer_for(const storage::partition_log* log, const asked_partition& asked) {
    answered_partition answer;
    answer.partition = asked.partition;
    if (log == nullptr) {
        answer.error_code = kafka::to_wire(error_code::unknown_topic_or_partition);
    } else if (asked.current_leader_epoch > sole_leader_epoch.value()) {
        answer.error_code = kafka::to_wire(error_code::unknown_leader_epoch);
    } else if (const auto end = log->end_offset_for(kafka::leader_epoch(asked.leader_epoch))) {
        answer.leader_epoch = end->epoch.value();
        answer.end_offset = end->end_offset.value();
    }
    return answer;
}

}  // namespace

runtime::awaitable<messages::offset_for_leader_epoch_response> handle_offset_for_leader_epoch(
    node_services& here,
    const request_context& /*asked*/,
    messages::offset_for_leader_epoch_request request) {
    messages::offset_for_leader_epoch_response answer;
    for (const auto& asked_topic : request.topics) {
        auto& topic_answer = answer.topics.emplace_back();
        topic_answer.topic = asked_topic.topic;
        const auto which = here.topics.find(asked_topic.topic);
        for (const asked_partition& partition : asked_topic.partitions) {
            const auto log = which == nullptr ? nullptr : which->log(partition.partition);
            topic_answer.partitions.push_back(answer_for(log.get(), partition));
        }
    }
    co_return answer;
}

}  // namespace verdikt::broker::server
