/// DescribeProducers: the producers that a partition remembers (KIP-664).
#include "broker/server/handlers.h"

namespace verdikt::broker::server {

namespace {

using answered_partition = messages::describe_producers_response::partition_response;

std::int32_t last_sequence(const storage::producer_state& state) {
    return state.recent.empty() ? -1 : state.recent.back().last.value();
}

answered_partition describe(const storage::partition_log* log, std::int32_t index) {
    answered_partition answer;
    answer.partition_index = index;
    if (log == nullptr) {
        answer.error_code = kafka::to_wire(kafka::error_code::unknown_topic_or_partition);
        return answer;
    }
    for (const auto& [id, state] : log->producers().producers()) {
        answer.active_producers.push_back(
            {.producer_id = id.value(),
             .producer_epoch = state.epoch.value(),
             .last_sequence = last_sequence(state),
             .last_timestamp = state.last_time.value(),
             .coordinator_epoch = state.coordinator_epoch,
             .current_txn_start_offset =
                 state.transaction_start.value_or(kafka::no_offset).value()});
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
        const auto which = here.topics.find(asked.name);
        for (const std::int32_t index : asked.partition_indexes) {
            const auto log = which == nullptr ? nullptr : which->log(index);
            answer.partitions.push_back(describe(log.get(), index));
        }
    }
    co_return response;
}

}  // namespace verdikt::broker::server
