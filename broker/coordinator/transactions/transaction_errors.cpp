#include "broker/coordinator/transactions/transaction_errors.h"

namespace verdikt::broker::coordinator::transactions {

using kafka::api_key;
using kafka::error_code;

error_code coordinator_error(error_code append_outcome) {
    switch (append_outcome) {
        case error_code::none:
            return error_code::none;
        // Nobody can take the write just now, or it is unknown whether it was taken: ask again.
        case error_code::unknown_topic_or_partition:
        case error_code::not_enough_replicas:
        case error_code::not_enough_replicas_after_append:
        case error_code::request_timed_out:
            return error_code::coordinator_not_available;
        // Another broker may be able to: look for it.
        case error_code::not_leader_or_follower:
        case error_code::fenced_leader_epoch:
        case error_code::kafka_storage_error:
            return error_code::not_coordinator;
        default:
            return error_code::unknown_server_error;
    }
}

namespace {

/// First version whose client knows PRODUCER_FENCED (KIP-588).
std::int16_t fenced_since(api_key key) {
    switch (key) {
        case api_key::init_producer_id:
            return 4;
        case api_key::add_partitions_to_txn:
        case api_key::add_offsets_to_txn:
        case api_key::end_txn:
            return 2;
        default:
            return 0;
    }
}

/// First version whose client knows TRANSACTION_ABORTABLE (KIP-890).
std::int16_t abortable_since(api_key key) {
    switch (key) {
        case api_key::produce:
            return 11;
        case api_key::init_producer_id:
        case api_key::add_partitions_to_txn:
            return 5;
        case api_key::add_offsets_to_txn:
        case api_key::end_txn:
        case api_key::txn_offset_commit:
            return 4;
        default:
            return 0;
    }
}

}  // namespace

error_code spoken_error(api_key key, std::int16_t version, error_code error) {
    if (error == error_code::producer_fenced && version < fenced_since(key)) {
        return error_code::invalid_producer_epoch;
    }
    if (error == error_code::transaction_abortable && version < abortable_since(key)) {
        return error_code::invalid_txn_state;
    }
    return error;
}

}  // namespace verdikt::broker::coordinator::transactions
