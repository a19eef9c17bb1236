#include "broker/replication/epoch_check.h"

namespace verdikt::broker::replication {

using kafka::error_code;

error_code check_leader_epoch(kafka::leader_epoch theirs, kafka::leader_epoch ours) {
    if (theirs == kafka::no_leader_epoch || theirs == ours) return error_code::none;
    return theirs < ours ? error_code::fenced_leader_epoch : error_code::unknown_leader_epoch;
}

std::optional<storage::epoch_end> divergence(kafka::leader_epoch last_epoch,
                                             kafka::offset end,
                                             const log_view& log) {
    if (last_epoch == kafka::no_leader_epoch) return std::nullopt;
    const auto ours = log.end_offset_for(last_epoch);
    // An epoch above all of ours: none of its records is here.
    if (!ours) return storage::epoch_end{.epoch = log.latest_epoch(), .end_offset = log.end()};
    if (ours->epoch < last_epoch || ours->end_offset < end) return ours;
    return std::nullopt;
}

}  // namespace verdikt::broker::replication
