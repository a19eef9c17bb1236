/// What a transactional producer asks the coordinators of its transactions (KIP-98, KIP-890), and
/// what their answers come to.
#pragma once

#include "client/producer_identity.h"
#include "client/transaction_session.h"
#include "kafka/messages/add_offsets_to_txn.h"
#include "kafka/messages/add_partitions_to_txn.h"
#include "kafka/messages/end_txn.h"
#include "kafka/messages/init_producer_id.h"

#include <chrono>
#include <string>

namespace verdikt::client {

[[nodiscard]] kafka::messages::init_producer_id_request make_init_producer_id(
    const std::string& transactional_id,
    const producer_identity& producer,
    std::chrono::milliseconds transaction_timeout);
[[nodiscard]] kafka::messages::add_partitions_to_txn_request make_add_partitions(
    const std::string& transactional_id,
    const producer_identity& producer,
    const transaction_session::partitions& which);
[[nodiscard]] kafka::messages::add_offsets_to_txn_request make_add_offsets(
    const std::string& transactional_id,
    const producer_identity& producer,
    const std::string& group);
[[nodiscard]] kafka::messages::end_txn_request make_end(const std::string& transactional_id,
                                                        const producer_identity& producer,
                                                        transaction_session::outcome how);

[[nodiscard]] kafka::error_code code_of(const kafka::messages::init_producer_id_response& answer);
/// Of the partition that was to blame.
[[nodiscard]] kafka::error_code code_of(
    const kafka::messages::add_partitions_to_txn_response& answer);
[[nodiscard]] kafka::error_code code_of(const kafka::messages::add_offsets_to_txn_response& answer);
[[nodiscard]] kafka::error_code code_of(const kafka::messages::end_txn_response& answer);

/// In the answers to InitProducerId and EndTxn.
template <typename Response>
[[nodiscard]] producer_identity identity_in(const Response& answer) {
    return {.id = kafka::producer_id(answer.producer_id),
            .epoch = kafka::producer_epoch(answer.producer_epoch)};
}

}  // namespace verdikt::client
