#include "client/transaction_requests.h"

namespace verdikt::client {

namespace messages = kafka::messages;
using kafka::error_code;

messages::init_producer_id_request make_init_producer_id(
    const std::string& transactional_id,
    const producer_identity& producer,
    std::chrono::milliseconds transaction_timeout) {
    return {.transactional_id = transactional_id,
            .transaction_timeout_ms = static_cast<std::int32_t>(transaction_timeout.count()),
            .producer_id = producer.id.value(),
            .producer_epoch = producer.epoch.value()};
}

messages::add_partitions_to_txn_request make_add_partitions(
    const std::string& transactional_id,
    const producer_identity& producer,
    const transaction_session::partitions& which) {
    messages::add_partitions_to_txn_request request;
    request.v3_and_below_transactional_id = transactional_id;
    request.v3_and_below_producer_id = producer.id.value();
    request.v3_and_below_producer_epoch = producer.epoch.value();
    auto& topics = request.v3_and_below_topics;
    for (const auto& each : which) {
        if (topics.empty() || topics.back().name != each.topic) {
            topics.push_back({.name = each.topic, .partitions = {}});
        }
        topics.back().partitions.push_back(each.partition.value());
    }
    return request;
}

messages::add_offsets_to_txn_request make_add_offsets(const std::string& transactional_id,
                                                      const producer_identity& producer,
                                                      const std::string& group) {
    return {.transactional_id = transactional_id,
            .producer_id = producer.id.value(),
            .producer_epoch = producer.epoch.value(),
            .group_id = group};
}

messages::end_txn_request make_end(const std::string& transactional_id,
                                   const producer_identity& producer,
                                   transaction_session::outcome how) {
    return {.transactional_id = transactional_id,
            .producer_id = producer.id.value(),
            .producer_epoch = producer.epoch.value(),
            .committed = how == transaction_session::outcome::commit};
}

error_code code_of(const messages::init_producer_id_response& answer) {
    return kafka::to_error_code(answer.error_code);
}

error_code code_of(const messages::add_partitions_to_txn_response& answer) {
    for (const auto& topic : answer.results_by_topic_v3_and_below) {
        for (const auto& partition : topic.results_by_partition) {
            const auto code = kafka::to_error_code(partition.partition_error_code);
            // It says nothing but that another partition was to blame.
            if (code == error_code::operation_not_attempted) continue;
            if (code != error_code::none) return code;
        }
    }
    return error_code::none;
}

error_code code_of(const messages::add_offsets_to_txn_response& answer) {
    return kafka::to_error_code(answer.error_code);
}

error_code code_of(const messages::end_txn_response& answer) {
    return kafka::to_error_code(answer.error_code);
}

}  // namespace verdikt::client
