#include "client/produce_verdict.h"

namespace verdikt::client {

namespace {

using kafka::error_code;

attempt_fate fate_of(error_code code, bool acks_all) {
    switch (code) {
        case error_code::none:
        case error_code::duplicate_sequence_number:
            return attempt_fate::written;

        // Found out before anything is appended.
        case error_code::corrupt_message:
        case error_code::message_too_large:
        case error_code::record_list_too_large:
        case error_code::invalid_topic_exception:
        case error_code::invalid_required_acks:
        case error_code::not_enough_replicas:
        case error_code::topic_authorization_failed:
        case error_code::cluster_authorization_failed:
        case error_code::transactional_id_authorization_failed:
        case error_code::invalid_timestamp:
        case error_code::unsupported_for_message_format:
        case error_code::unsupported_compression_type:
        case error_code::unsupported_version:
        case error_code::invalid_request:
        case error_code::invalid_record:
        case error_code::policy_violation:
        case error_code::out_of_order_sequence_number:
        case error_code::unknown_producer_id:
        case error_code::invalid_producer_epoch:
        case error_code::producer_fenced:
        case error_code::invalid_txn_state:
        case error_code::invalid_producer_id_mapping:
        case error_code::transaction_abortable:
        case error_code::throttling_quota_exceeded:
            return attempt_fate::not_written;

        // Before the append with acks=1; with acks=all also while followers are waited for.
        case error_code::unknown_topic_or_partition:
        case error_code::unknown_topic_id:
        case error_code::leader_not_available:
        case error_code::not_leader_or_follower:
            return acks_all ? attempt_fate::in_doubt : attempt_fate::not_written;

        default:
            return attempt_fate::in_doubt;
    }
}

next_step step_after(error_code code) {
    switch (code) {
        case error_code::none:
        case error_code::duplicate_sequence_number:
            return next_step::done;
        case error_code::out_of_order_sequence_number:
        case error_code::unknown_producer_id:
        case error_code::invalid_producer_epoch:
            return next_step::start_over;
        default:
            return kafka::retriable(code) ? next_step::resend : next_step::give_up;
    }
}

}  // namespace

produce_verdict judge(error_code code, bool acks_all) {
    return {.fate = fate_of(code, acks_all),
            .next = step_after(code),
            .refresh_metadata = kafka::invalidates_metadata(code)};
}

}  // namespace verdikt::client
