// ListTransactions and DescribeTransactions (KIP-664).
#include "broker/coordinator/transactions/host/transaction_host.h"

#include <utility>

namespace verdikt::broker::coordinator::transactions {

using kafka::error_code;

namespace {

using described_transaction = messages::describe_transactions_response::described_transaction;

transaction_filter to_filter(const messages::list_transactions_request& request) {
    transaction_filter filter{.duration_min = milliseconds(request.duration_filter)};
    filter.states.insert(request.state_filters.begin(), request.state_filters.end());
    for (const std::int64_t id : request.producer_id_filters) {
        filter.producers.insert(kafka::producer_id(id));
    }
    return filter;
}

described_transaction describe(std::string id, const stored_transaction& state) {
    described_transaction result;
    result.transactional_id = std::move(id);
    result.transaction_state = std::string(name(state.state));
    result.transaction_timeout_ms = static_cast<std::int32_t>(state.timeout.count());
    result.transaction_start_time_ms = state.started.value();
    result.producer_id = state.producer.id.value();
    result.producer_epoch = state.producer.epoch.value();
    for (const kafka::topic_partition& where : state.partitions) {
        if (result.topics.empty() || result.topics.back().topic != where.topic) {
            result.topics.push_back({.topic = where.topic, .partitions = {}});
        }
        result.topics.back().partitions.push_back(where.partition.value());
    }
    return result;
}

}  // namespace

messages::list_transactions_response transaction_host::list_transactions(
    const messages::list_transactions_request& request) const {
    const transaction_filter filter = to_filter(request);
    messages::list_transactions_response response;
    for (const auto& [index, partition] : partitions_) {
        const auto listed = partition->machine().list(filter, services_.now());
        if (!listed) return {.error_code = kafka::to_wire(listed.error())};
        response.unknown_state_filters = listed->unknown_states;
        for (const listed_transaction& each : listed->transactions) {
            response.transaction_states.push_back(
                {.transactional_id = each.transactional_id,
                 .producer_id = each.producer.value(),
                 .transaction_state = std::string(name(each.state))});
        }
    }
    return response;
}

messages::describe_transactions_response transaction_host::describe_transactions(
    const messages::describe_transactions_request& request) const {
    messages::describe_transactions_response response;
    for (const std::string& id : request.transactional_ids) {
        const auto partition = find(id);
        const auto state =
            partition ? (*partition)->machine().describe(id) : std::unexpected(partition.error());
        if (state) {
            response.transaction_states.push_back(describe(id, *state));
        } else {
            response.transaction_states.push_back(
                {.error_code = kafka::to_wire(state.error()), .transactional_id = id});
        }
    }
    return response;
}

}  // namespace verdikt::broker::coordinator::transactions
