/// What replicas of the quorum say to one another, without the wire's form (wire.h has that).
#pragma once

#include "broker/raft/types.h"
#include "kafka/error_codes.h"

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace verdikt::broker::raft {

/// Vote. With `pre_vote` the candidate only asks what the answer would be: `epoch` is then its
/// present one, and nobody's vote is cast.
struct vote_request {
    leader_epoch epoch;
    replica_key candidate;
    replica_key voter;  ///< Whom it is meant for.
    log_position log;   ///< Where the candidate's ends.
    bool pre_vote = false;
};

/// BeginQuorumEpoch: a new leader makes itself known, since followers fetch and it cannot push.
struct begin_epoch_request {
    leader_epoch epoch;
    node_id leader;
    replica_key voter;  ///< Whom it is meant for.
};

/// EndQuorumEpoch: the leader gives the epoch up. The first of the successors stands at once.
struct end_epoch_request {
    leader_epoch epoch;
    node_id leader;
    std::vector<replica_key> successors;
};

/// Fetch: asks for the records from `from` on, and thereby acknowledges all before it.
struct fetch_request {
    replica_key replica;  ///< The id is -1 for somebody who only reads.
    leader_epoch epoch;   ///< The sender's present one.
    offset from;
    leader_epoch last_fetched_epoch = epoch_before_all;  ///< Of the record before `from`.
    duration wait_max{};
};

struct fetch_snapshot_request {
    replica_key replica;
    leader_epoch epoch;
    snapshot_id snapshot;
    std::int64_t position = 0;
};

using request = std::variant<vote_request,
                             begin_epoch_request,
                             end_epoch_request,
                             fetch_request,
                             fetch_snapshot_request>;

/// How things stand with whoever answers; every answer begins with it.
struct standing {
    kafka::error_code error = kafka::error_code::none;
    leader_epoch epoch;
    std::optional<node_id> leader = {};

    bool operator==(const standing&) const = default;
};

struct vote_answer {
    standing at;
    bool granted = false;
};

struct begin_epoch_answer {
    standing at;
};

struct end_epoch_answer {
    standing at;
};

/// At most one of `diverging`, `snapshot` and `batches` is there. After a divergence the sender
/// cuts its log; with a snapshot id it fetches that first.
struct fetch_answer {
    standing at;
    offset high_watermark{0};
    offset log_start{0};
    std::optional<log_position> diverging = {};
    std::optional<snapshot_id> snapshot = {};
    std::vector<batch> batches = {};  ///< Filled in by who carries the answer out.
};

struct fetch_snapshot_answer {
    standing at;
    snapshot_id snapshot;
    std::int64_t size = 0;
    std::int64_t position = 0;
    payload bytes = nullptr;  ///< Filled in by who carries the answer out.
};

using answer = std::
    variant<vote_answer, begin_epoch_answer, end_epoch_answer, fetch_answer, fetch_snapshot_answer>;

}  // namespace verdikt::broker::raft
