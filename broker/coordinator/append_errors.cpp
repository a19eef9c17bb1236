#include "broker/coordinator/append_errors.h"

namespace verdikt::broker::coordinator {

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

error_code commit_error(error_code append_outcome) {
    switch (append_outcome) {
        case error_code::message_too_large:
        case error_code::record_list_too_large:
            return error_code::invalid_commit_offset_size;
        // Of a transaction: for its producer to know.
        case error_code::invalid_producer_epoch:
        case error_code::transaction_abortable:
            return append_outcome;
        default:
            return coordinator_error(append_outcome);
    }
}

}  // namespace verdikt::broker::coordinator
