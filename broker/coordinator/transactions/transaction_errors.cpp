#include "broker/coordinator/transactions/transaction_errors.h"

namespace verdikt::broker::coordinator::transactions {

using kafka::api_key;
using kafka::error_code;

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
