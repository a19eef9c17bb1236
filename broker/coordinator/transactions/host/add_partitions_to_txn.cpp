// AddPartitionsToTxn: from producers up to version 3, from brokers since 4 (KIP-890).
#include "broker/coordinator/transactions/host/transaction_host.h"
#include "broker/coordinator/transactions/transaction_errors.h"

#include <utility>

namespace verdikt::broker::coordinator::transactions {

using kafka::api_key;
using kafka::error_code;

namespace {

using add_request = messages::add_partitions_to_txn_request;
using add_response = messages::add_partitions_to_txn_response;
using asked_topics = std::vector<add_request::add_partitions_to_txn_topic>;
using answered_topics = std::vector<add_response::add_partitions_to_txn_topic_result>;

constexpr std::int16_t first_of_brokers = 4;

partitions to_partitions(const asked_topics& topics) {
    partitions all;
    for (const auto& topic : topics) {
        for (const std::int32_t index : topic.partitions) {
            all.insert({topic.name, kafka::partition_index(index)});
        }
    }
    return all;
}

/// `error_of` is asked for each partition.
template <typename Errors>
answered_topics answer_topics(const asked_topics& topics, std::int16_t version, Errors error_of) {
    answered_topics answered;
    for (const auto& topic : topics) {
        auto& result = answered.emplace_back();
        result.name = topic.name;
        for (const std::int32_t index : topic.partitions) {
            const error_code error = error_of({topic.name, kafka::partition_index(index)});
            result.results_by_partition.push_back(
                {index,
                 kafka::to_wire(spoken_error(api_key::add_partitions_to_txn, version, error))});
        }
    }
    return answered;
}

}  // namespace

runtime::awaitable<add_response> transaction_host::add_partitions_to_txn(add_request request,
                                                                         std::int16_t version) {
    if (version >= first_of_brokers) return add_for_brokers(std::move(request), version);
    return add_for_producer(std::move(request), version);
}

runtime::awaitable<add_response> transaction_host::add_for_producer(add_request request,
                                                                    std::int16_t version) {
    const asked_topics& topics = request.v3_and_below_topics;
    add_response response;
    const partitions asked = to_partitions(topics);
    const partitions unknown = unknown_among(asked);
    if (!unknown.empty()) {
        // All or nothing, and it has to be told which are to blame.
        response.results_by_topic_v3_and_below =
            answer_topics(topics, version, [&](const kafka::topic_partition& where) {
                return unknown.contains(where) ? error_code::unknown_topic_or_partition
                                               : error_code::operation_not_attempted;
            });
        co_return response;
    }
    const error_code outcome = co_await add_patiently(
        request.v3_and_below_transactional_id,
        {.from = {},
         .producer = {kafka::producer_id(request.v3_and_below_producer_id),
                      kafka::producer_epoch(request.v3_and_below_producer_epoch)},
         .partitions = asked,
         .now = services_.now()});
    response.results_by_topic_v3_and_below =
        answer_topics(topics, version, [&](const kafka::topic_partition&) { return outcome; });
    co_return response;
}

runtime::awaitable<add_response> transaction_host::add_for_brokers(add_request request,
                                                                   std::int16_t version) {
    add_response response;
    for (const auto& asked : request.transactions) {
        const producer_identity producer{kafka::producer_id(asked.producer_id),
                                         kafka::producer_epoch(asked.producer_epoch)};
        auto& result = response.results_by_transaction.emplace_back();
        result.transactional_id = asked.transactional_id;
        if (asked.verify_only) {
            const auto partition = find(asked.transactional_id);
            result.topic_results =
                answer_topics(asked.topics, version, [&](const kafka::topic_partition& where) {
                    if (!partition) return partition.error();
                    return (*partition)->machine().verify(asked.transactional_id, producer, where);
                });
            continue;
        }
        const error_code outcome = co_await add(asked.transactional_id,
                                                {.from = {},
                                                 .producer = producer,
                                                 .partitions = to_partitions(asked.topics),
                                                 .spoken = protocol::epoch_bump,
                                                 .now = services_.now()});
        result.topic_results = answer_topics(
            asked.topics, version, [&](const kafka::topic_partition&) { return outcome; });
    }
    co_return response;
}

}  // namespace verdikt::broker::coordinator::transactions
