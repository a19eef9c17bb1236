/// What a replica wants done, to be carried out in this order.
///
/// Three kinds: work on the disk, messages, and news for the state machine above.
///
/// The disk. Log effects (append_log, truncate_log, trim_log, *_snapshot, and the reading that
/// `reply` asks for) act on the log in the order given. `sync_log` completes when all log effects
/// before it are durable, and is reported by `replica::log_synced`; `persist_state` likewise by
/// `replica::state_persisted`. They may complete in any order between them, each kind in its own.
/// A write that fails is never reported: whoever carries the effects out stops the replica for
/// good.
///
/// Messages. A `send` may be lost, delayed, answered twice or never. A `reply` answers one request.
#pragma once

#include "broker/raft/messages.h"
#include "broker/raft/types.h"
#include "runtime/named.h"

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace verdikt::broker::raft {

/// Names a request of another replica, or of an administrator, that waits for its answer.
using ticket = runtime::named<struct raft_ticket_tag, std::uint64_t>;
/// Names a request that this replica sent.
using request_id = runtime::named<struct raft_request_tag, std::uint64_t>;
using write_id = runtime::named<struct raft_write_tag, std::uint64_t>;
using sync_id = runtime::named<struct raft_sync_tag, std::uint64_t>;

// ---- The disk.

/// Replaces the quorum-state file, durably. A later one stands for all before it.
struct persist_state {
    write_id id;
    quorum_state state;
};

struct append_log {
    std::vector<batch> batches;
};

struct sync_log {
    sync_id id;
    /// False where nobody counts on this replica's disk: it is then enough that all is written.
    bool durable = true;
};

/// Removes all records from `to` on.
struct truncate_log {
    offset to;
};

/// Records below this snapshot's end are not needed any more, nor are snapshots older than it.
struct trim_log {
    snapshot_id to;
};

/// Some bytes of a snapshot that is being fetched. At position 0 they begin it anew.
struct write_snapshot {
    snapshot_id snapshot;
    std::int64_t position = 0;
    payload bytes;
};

/// The fetched snapshot is whole: makes it durable, then empties the log, which starts at its end;
/// then `replica::snapshot_installed`. A crash in between must leave a state from which a restart
/// finds either the old log or the snapshot.
struct install_snapshot {
    stored_snapshot snapshot;
};

/// Forgets a snapshot that was being fetched.
struct abandon_snapshot {
    snapshot_id snapshot;
};

// ---- Messages and timers.

struct send {
    node_id to;
    request_id id;
    request what;
};

/// `records` of the log, at least one whole batch and at most up to the given end, are to be read
/// into a fetch_answer.
struct log_range {
    offset from;
    offset to;

    bool operator==(const log_range&) const = default;
};

/// Bytes of a fetch_snapshot_answer are to be read where its `error` is none.
struct reply {
    ticket to;
    answer what;
    std::optional<log_range> records = {};
};

enum class timer {
    election,      ///< Nobody has led for too long.
    fetch,         ///< The leader has not answered for too long.
    request,       ///< Requests without an answer are to be sent again.
    check_quorum,  ///< The leader asks itself whether it still has a majority.
    parked_fetch,  ///< A fetch has waited long enough.
    voter_change,  ///< A change of voters has taken too long.
};
inline constexpr std::size_t timer_count = 6;

/// Replaces a timer of the same name.
struct arm_timer {
    timer which{};
    duration after{};
};

struct cancel_timer {
    timer which{};
};

// ---- News for the state machine above.

/// All records below `to` are committed: they will never change.
struct commit_to {
    offset to;
};

/// The state machine starts again from this snapshot; what is committed follows from its end on.
struct load_snapshot {
    snapshot_id snapshot;
};

struct leader_changed {
    leader_epoch epoch;
    std::optional<node_id> leader = {};
};

/// This replica leads, and all that earlier leaders committed has been delivered. From here on it
/// may append.
struct leader_ready {
    leader_epoch epoch;
};

/// Follows a leader_ready. What was appended and is not committed may or may not survive.
struct leadership_lost {
    leader_epoch epoch;
};

struct voter_change_done {
    ticket to;
    kafka::error_code error = kafka::error_code::none;
};

using effect = std::variant<persist_state,
                            append_log,
                            sync_log,
                            truncate_log,
                            trim_log,
                            write_snapshot,
                            install_snapshot,
                            abandon_snapshot,
                            send,
                            reply,
                            arm_timer,
                            cancel_timer,
                            commit_to,
                            load_snapshot,
                            leader_changed,
                            leader_ready,
                            leadership_lost,
                            voter_change_done>;
using effects = std::vector<effect>;

}  // namespace verdikt::broker::raft
