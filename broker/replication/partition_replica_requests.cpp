// What the replica answers, whatever its role.
#include "broker/replication/epoch_check.h"
#include "broker/replication/partition_replica.h"

namespace verdikt::broker::replication {

using kafka::error_code;

error_code partition_replica::check_leads(kafka::leader_epoch current_leader_epoch) const {
    if (failed_) return error_code::kafka_storage_error;
    // First, so that a sender with older metadata than ours learns that it is behind.
    const error_code fenced = check_leader_epoch(current_leader_epoch, state_.leader_epoch);
    if (fenced != error_code::none) return fenced;
    return leader_ && leader_->is_serving() ? error_code::none : error_code::not_leader_or_follower;
}

std::expected<kafka::leader_epoch, error_code> partition_replica::admit_produce(
    required_acks acks, runtime::instant now) const {
    error_code refusal = check_leads(kafka::no_leader_epoch);
    const partition_leader* leader = leading();
    if (refusal == error_code::none) refusal = leader->admit_produce(acks, now);
    if (refusal != error_code::none) return std::unexpected(refusal);
    return leader->epoch();
}

void partition_replica::await_commit(ticket from,
                                     kafka::offset end,
                                     kafka::leader_epoch epoch,
                                     effects& out) {
    // The offset may hold another leader's record by now.
    if (!leader_ || leader_->epoch() != epoch) {
        out.push_back(answer_produce{from, error_code::not_leader_or_follower});
        return;
    }
    leader_->await_commit(from, end, out);
}

void partition_replica::await_deletion(ticket from,
                                       kafka::offset below,
                                       kafka::leader_epoch epoch,
                                       const log_view& log,
                                       runtime::instant now,
                                       effects& out) {
    if (!leader_ || leader_->epoch() != epoch) {
        out.push_back(answer_deletion{from, error_code::not_leader_or_follower});
        return;
    }
    leader_->await_deletion(from, below, log, now, out);
}

void partition_replica::forget(ticket from) {
    if (leader_) leader_->forget(from);
}

fetch_verdict partition_replica::fetch(const replica_fetch& request,
                                       const log_view& log,
                                       runtime::instant now,
                                       effects& out) {
    const error_code refusal = check_leads(request.current_leader_epoch);
    if (refusal != error_code::none || !leader_) return {.error = refusal};
    return leader_->fetch(request, log, now, out);
}

fetch_verdict partition_replica::consumer_fetch(kafka::leader_epoch current_leader_epoch,
                                                kafka::offset from,
                                                const log_view& log) const {
    const error_code refusal = check_leads(current_leader_epoch);
    if (refusal != error_code::none) return {.error = refusal};
    if (from < log.start() || from > log.end()) return {.error = error_code::offset_out_of_range};
    const kafka::offset committed = leading()->high_watermark();
    return {.bound = committed, .high_watermark = committed, .log_start = log.start()};
}

std::expected<kafka::offset, error_code> partition_replica::visible_end(
    kafka::leader_epoch current_leader_epoch) const {
    const error_code refusal = check_leads(current_leader_epoch);
    if (refusal != error_code::none) return std::unexpected(refusal);
    const partition_leader& leader = *leading();
    if (leader.high_watermark() < leader.epoch_start()) {
        return std::unexpected(error_code::offset_not_available);
    }
    return leader.high_watermark();
}

std::expected<std::optional<storage::epoch_end>, error_code> partition_replica::end_offset_for(
    kafka::leader_epoch current_leader_epoch,
    kafka::leader_epoch asked,
    const log_view& log) const {
    const error_code refusal = check_leads(current_leader_epoch);
    if (refusal != error_code::none) return std::unexpected(refusal);
    return log.end_offset_for(asked);
}

}  // namespace verdikt::broker::replication
