/// DescribeProducers: the producers that a partition remembers (KIP-664).
#include "broker/server/handlers.h"

namespace verdikt::broker::server {

namespace {

using partition_producers = messages::describe_producers_response::partition_response;

partition_producers describe(const node_services& here, const kafka::topic_partition& which) {
    partition_producers answer;
    answer.partition_index = which.partition.value();
    const auto found = here.partitions.find(which);
    if (found == nullptr) {
        answer.error_code = kafka::to_wire(here.partitions.why_absent(which));
        return answer;
    }
    const auto producers = found->describe_producers();
    if (!producers) {
        answer.error_code = kafka::to_wire(producers.error());
        return answer;
    }
    for (const auto& each : *producers) {
        answer.active_producers.push_back(
            {.producer_id = each.id.value(),
             .producer_epoch = each.epoch.value(),
             .last_sequence = each.last_sequence,
             .last_timestamp = each.last_time.value(),
             .coordinator_epoch = each.coordinator_epoch,
             .current_txn_start_offset = each.transaction_start.value()});
    }
    return answer;
}

}  // namespace

runtime::awaitable<messages::describe_producers_response> handle_describe_producers(
    node_services& here,
    const request_context& /*asked*/,
    messages::describe_producers_request request) {
    messages::describe_producers_response response;
    for (const auto& asked : request.topics) {
        auto& answer = response.topics.emplace_back();
        answer.name = asked.name;
        for (const std::int32_t index : asked.partition_indexes) {
            answer.partitions.push_back(
                describe(here, {asked.name, kafka::partition_index(index)}));
        }
    }
    co_return response;
}

}  // namespace verdikt::broker::server
