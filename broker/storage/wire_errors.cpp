#include "broker/storage/wire_errors.h"

#include "runtime/check.h"

namespace verdikt::broker::storage {

kafka::error_code to_error_code(errc error) {
    using kafka::error_code;
    switch (error) {
        case errc::offline:
        case errc::no_space:
        case errc::corrupt:
        case errc::locked:
        case errc::wrong_identity:
            return error_code::kafka_storage_error;
        case errc::write_failed:
            return error_code::kafka_storage_error;
        // A stopped log belongs to a deleted topic or a broker that shuts down: ask for metadata
        // anew.
        case errc::stopped:
            return error_code::not_leader_or_follower;
        case errc::offset_out_of_range:
            return error_code::offset_out_of_range;
        case errc::unknown_producer:
            return error_code::unknown_producer_id;
        case errc::producer_fenced:
            return error_code::invalid_producer_epoch;
        case errc::out_of_order_sequence:
            return error_code::out_of_order_sequence_number;
        case errc::coordinator_fenced:
            return error_code::transaction_coordinator_fenced;
        case errc::refused:
        case errc::invalid_transaction:
            return error_code::invalid_txn_state;
        case errc::not_found:
            return error_code::unknown_topic_or_partition;
        case errc::already_exists:
            return error_code::topic_already_exists;
    }
    CHECK(false, "a storage error of value {}", static_cast<int>(error));
    return error_code::unknown_server_error;
}

}  // namespace verdikt::broker::storage
