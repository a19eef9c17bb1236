/// OffsetForLeaderEpoch: where an epoch of a partition ended, for clients that check whether the
/// log they read was cut (KIP-320).
#include "broker/server/handlers.h"

namespace verdikt::broker::server {

namespace {

using offset_for_leader_partition =
    messages::offset_for_leader_epoch_request::offset_for_leader_partition;
using epoch_end_offset = messages::offset_for_leader_epoch_response::epoch_end_offset;

epoch_end_offset answer_for(const node_services& here,
                            const kafka::topic_partition& which,
                            const offset_for_leader_partition& asked) {
    epoch_end_offset answer;
    answer.partition = asked.partition;
    const auto found = here.partitions.find(which);
    if (found == nullptr) {
        answer.error_code = kafka::to_wire(here.partitions.why_absent(which));
        return answer;
    }
    const auto end = found->end_offset_for(kafka::leader_epoch(asked.current_leader_epoch),
                                           kafka::leader_epoch(asked.leader_epoch));
    if (!end) {
        answer.error_code = kafka::to_wire(end.error());
    } else if (end->has_value()) {
        answer.leader_epoch = (*end)->epoch.value();
        answer.end_offset = (*end)->end_offset.value();
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
        for (const offset_for_leader_partition& partition : asked_topic.partitions) {
            topic_answer.partitions.push_back(answer_for(
                here, {asked_topic.topic, kafka::partition_index(partition.partition)}, partition));
        }
    }
    co_return answer;
}

}  // namespace verdikt::broker::server
