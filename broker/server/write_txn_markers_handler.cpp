/// WriteTxnMarkers: how transactions ended, from their coordinator or an administrator (KIP-664).
#include "broker/server/handlers.h"
#include "broker/server/node_transactions.h"

namespace verdikt::broker::server {

namespace {

using asked_marker = messages::write_txn_markers_request::writable_txn_marker;
using answered_marker = messages::write_txn_markers_response::writable_txn_marker_result;

/// From here on each transaction has an epoch of its own (KIP-1228).
constexpr std::int8_t first_with_own_epochs = 2;

std::vector<kafka::topic_partition> partitions_of(const asked_marker& marker) {
    std::vector<kafka::topic_partition> all;
    for (const auto& topic : marker.topics) {
        for (const std::int32_t index : topic.partition_indexes) {
            all.push_back({topic.name, kafka::partition_index(index)});
        }
    }
    return all;
}

transactional::transaction_marker to_marker(const asked_marker& asked, kafka::timestamp now) {
    using kafka::records::control_type;
    return {
        .what = {.producer_id = kafka::producer_id(asked.producer_id),
                 .producer_epoch = kafka::producer_epoch(asked.producer_epoch),
                 .outcome = asked.transaction_result ? control_type::commit : control_type::abort,
                 .coordinator_epoch = asked.coordinator_epoch,
                 .time = now},
        .epoch_of_its_own = asked.transaction_version >= first_with_own_epochs};
}

answered_marker to_answer(const asked_marker& asked,
                          const transactional::marker_outcomes& outcomes) {
    answered_marker answer{.producer_id = asked.producer_id, .topics = {}};
    for (const auto& topic : asked.topics) {
        auto& answered = answer.topics.emplace_back();
        answered.name = topic.name;
        for (const std::int32_t index : topic.partition_indexes) {
            const auto outcome = outcomes.at({topic.name, kafka::partition_index(index)});
            answered.partitions.push_back({index, kafka::to_wire(outcome)});
        }
    }
    return answer;
}

}  // namespace

runtime::awaitable<messages::write_txn_markers_response> handle_write_txn_markers(
    node_services& here,
    const request_context& /*asked*/,
    messages::write_txn_markers_request request) {
    messages::write_txn_markers_response response;
    const kafka::timestamp now(here.world.wall_time().time_since_epoch().count());
    for (const asked_marker& marker : request.markers) {
        const auto outcomes = co_await transactional::write_markers(
            here.world, here.transactions, to_marker(marker, now), partitions_of(marker));
        response.markers.push_back(to_answer(marker, outcomes));
    }
    co_return response;
}

}  // namespace verdikt::broker::server
