/// What a replica wants done, in the order in which it must happen.
///
/// The host carries effects out and reports what came of those that say so. It holds no decisions.
#pragma once

#include "broker/replication/partition_state.h"
#include "kafka/error_codes.h"
#include "kafka/types.h"
#include "runtime/named.h"

#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

namespace verdikt::broker::replication {

/// Names a produce request's wait for one partition. Drawn by the host, never reused.
using ticket = runtime::named<struct replication_ticket_tag, std::uint64_t>;
/// Names a proposal to the controller; attempts to deliver the same proposal share it.
using proposal_number = runtime::named<struct proposal_number_tag, std::uint64_t>;
/// Names one Fetch of a follower.
using fetch_number = runtime::named<struct fetch_number_tag, std::uint64_t>;

struct proposed_member {
    kafka::node_id node;
    broker_epoch epoch;  ///< Of the incarnation that is meant (KIP-903).

    bool operator==(const proposed_member&) const = default;
};

// ---- Of a leader.

/// Make the epoch known to the log, durably, then call `partition_replica::epoch_assigned`. The
/// leader serves nothing before.
struct assign_epoch {
    kafka::leader_epoch epoch;
};

/// `partition_log::advance_high_watermark`. Also of a follower.
struct advance_high_watermark {
    kafka::offset to;
};

/// The outcome of a wait that `await_commit` began.
struct answer_produce {
    ticket to;
    kafka::error_code error;
};

/// The outcome of a wait that `await_deletion` began.
struct answer_deletion {
    ticket to;
    kafka::error_code error;
};

/// Send an AlterPartition, then call `partition_replica::alter_partition_answered`, also when it is
/// lost. The host keeps at most one of a partition in flight.
struct send_alter_partition {
    proposal_number number;
    kafka::leader_epoch leader_epoch;
    partition_epoch epoch;
    std::vector<proposed_member> isr;
    recovery_state recovery = recovery_state::recovered;
};

// ---- Of a follower.

/// Fetch from the leader, then call `partition_replica::fetch_answered`, also when it is lost.
struct send_fetch {
    fetch_number number;
    kafka::node_id leader;
    kafka::leader_epoch current_leader_epoch;
    kafka::offset from;
    kafka::leader_epoch last_fetched_epoch;
    kafka::offset log_start;  ///< What lies below is gone here, for good.
};

/// Append the records of that answer, then call `partition_replica::log_settled`.
struct append_fetched {
    fetch_number number;
};

/// Cut the log, durably, then call `partition_replica::log_settled`.
struct truncate_log {
    kafka::offset to;
    /// Takes back what this replica showed as committed: only an unclean election does that.
    bool below_high_watermark = false;
};

/// Drop the whole log, durably, and start an empty one, then call `partition_replica::log_settled`.
struct restart_log {
    kafka::offset at;
    bool below_high_watermark = false;
};

/// Drop what the leader no longer has, durably, then call `partition_replica::log_settled`, also
/// when that failed.
struct raise_log_start {
    kafka::offset to;
};

/// Ask the leader (ListOffsets, with this epoch) where its log starts and ends, then call
/// `partition_replica::leader_bounds_answered`, also when it is lost.
struct ask_leader_bounds {
    fetch_number number;
    kafka::node_id leader;
    kafka::leader_epoch current_leader_epoch;
};

using effect = std::variant<assign_epoch,
                            advance_high_watermark,
                            answer_produce,
                            answer_deletion,
                            send_alter_partition,
                            send_fetch,
                            append_fetched,
                            truncate_log,
                            restart_log,
                            raise_log_start,
                            ask_leader_bounds>;
using effects = std::vector<effect>;

}  // namespace verdikt::broker::replication
