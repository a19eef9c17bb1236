/// A replica of the metadata log: the controller quorum's Raft as Kafka plays it (KIP-595, with
/// snapshots of KIP-630, changing voters of KIP-853 and the pre-vote of KIP-996).
///
/// Pure: no clock, no chance, no I/O. Each event adds effects in the order in which they must
/// happen (effects.h); answers, timers and completed writes come back as events.
///
///     unattached ──time──▶ prospective ──majority would──▶ candidate ──majority did──▶ leader
///         ▲  ▲                  ▲  │ refused                    │ time, refused           │
///         │  └──────────────────│──┘◀───────────────────────────┘       gives up, or hears │
///         │                  leader silent                               of no majority    ▼
///         └── higher epoch ─ follower ◀── a leader is known ── any      prospective ◀─ resigned
///
/// A replica that is no voter is an observer: it is only ever unattached or a follower.
///
/// What it keeps to, and where:
/// - Nothing that depends on an epoch or a vote leaves before that is durable: `post` holds every
///   message back while such a write is under way (replica.cpp).
/// - A vote goes to one candidate an epoch, to none once the epoch has a leader, and only to one
///   whose log is not behind ours. A follower that has heard its leader refuses pre-votes, so a
///   node that was cut off cannot topple a leader (replica_voting.cpp).
/// - A voter fetches again only when all it has is durable: the offset it asks for acknowledges
///   what lies before it (replica_following.cpp).
/// - A leader begins with a record of its own. The high watermark is the offset that a majority of
///   voters has safe, the leader's own unsynced tail not counted, and moves only once that record
///   is below it; only then is the leader ready, and only then may voters change
///   (replica_leading.cpp, replica_voters.cpp).
/// - A fetch whose last epoch and offset are not in the leader's log is told where they diverge and
///   acknowledges nothing; the follower cuts its log there (replica_serving.cpp).
/// - A leader that a majority has not fetched from for 1.5 fetch timeouts resigns
///   (replica_leading.cpp).
/// - A follower waits a fetch timeout for a leader that is silent, and hardly at all for one whose
///   process has ended. Whoever takes that for true by mistake stands alone: the others hear their
///   leader, and refuse the pre-vote (replica_following.cpp).
///
/// Invariants (`check_invariants`): epoch, high watermark and what is synced never go back (synced
/// and log end do in a truncation, never below the high watermark); start <= high watermark <= end;
/// a leader's log holds its own record; each role has its own state and no other's.
#pragma once

#include "broker/raft/effects.h"
#include "broker/raft/election_round.h"
#include "broker/raft/log_picture.h"
#include "broker/raft/replica_progress.h"
#include "broker/raft/types.h"
#include "kafka/error_codes.h"

#include <array>
#include <cstdint>
#include <deque>
#include <expected>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace verdikt::broker::raft {

/// What a restart finds on the disk, all of it durable.
struct stored_replica {
    quorum_state state = {};
    /// Requires: starts at the oldest of the snapshots, or at offset 0 without voters' records of
    /// its own; a log that does not reach or contradicts the newest snapshot has been emptied and
    /// starts at that one's end.
    log_picture log;
    std::vector<stored_snapshot> snapshots = {};  ///< Oldest first.
};

/// The answer to DescribeQuorum. Times are the leader's monotonic clock.
struct quorum_description {
    struct replica_state {
        replica_key replica;
        std::optional<offset> end = {};
        std::optional<instant> last_fetch = {};
        std::optional<instant> last_caught_up = {};
    };

    node_id leader;
    leader_epoch epoch;
    offset high_watermark;
    std::vector<replica_state> voters = {};
    std::vector<replica_state> observers = {};
};

class replica {
  public:
    replica(settings configured, stored_replica found, const moment& at, effects& out);

    // ---- Events from other replicas.

    /// A request; `from` is answered exactly once, now or later.
    void receive(ticket from, const request& what, const moment& at, effects& out);
    /// The answer to a request that was sent. Late, repeated and unknown ones do no harm.
    void answered(request_id id, const answer& what, const moment& at, effects& out);
    /// The request certainly will not be answered.
    void unanswered(request_id id, const moment& at, effects& out);
    /// Nobody listens where that node should be. A hint: it may be back already.
    void process_ended(node_id which, const moment& at, effects& out);

    // ---- Events from the disk and the clock.

    void state_persisted(write_id id, const moment& at, effects& out);
    void log_synced(sync_id id, const moment& at, effects& out);
    /// The effect install_snapshot has completed. `voters` are those that the snapshot names.
    void snapshot_installed(snapshot_id snapshot,
                            const voter_set& voters,
                            const moment& at,
                            effects& out);
    /// Early and cancelled ones do no harm.
    void timer_fired(timer which, const moment& at, effects& out);

    // ---- Events from the state machine above, and from administrators.

    struct new_records {
        payload bytes;
        std::int32_t count = 1;
    };

    /// Appends if this replica leads `epoch` and is ready; the offset of the first record.
    /// Errors: not_leader_or_follower, fenced_leader_epoch.
    std::expected<offset, kafka::error_code> append(leader_epoch epoch,
                                                    const std::vector<new_records>& records,
                                                    const moment& at,
                                                    effects& out);
    /// The state machine has written a snapshot of all below `id.end`, durably.
    /// Requires: may_snapshot(id).
    void snapshot_taken(const stored_snapshot& taken, effects& out);
    /// Gives the leadership up, for a shutdown. Does nothing if there is none.
    void resign(const moment& at, effects& out);

    /// A change of voters may take this long.
    struct change_time {
        moment at;
        duration timeout;
    };

    /// The answer follows as voter_change_done: once the new voters are committed, or when they are
    /// refused, or when the time is over, after which they may still become committed. An added
    /// voter first has to follow as an observer, and to have caught up.
    void add_voter(ticket from,
                   const replica_key& added,
                   std::vector<endpoint> endpoints,
                   const change_time& time,
                   effects& out);
    /// A leader that removes itself leads until that is committed, and then resigns.
    void remove_voter(ticket from,
                      const replica_key& removed,
                      const change_time& time,
                      effects& out);
    /// A voter can be reached elsewhere now.
    void update_voter(ticket from,
                      const replica_key& updated,
                      std::vector<endpoint> endpoints,
                      const change_time& time,
                      effects& out);

    // ---- State.

    [[nodiscard]] raft::role role() const { return role_; }
    [[nodiscard]] leader_epoch epoch() const { return state_.epoch; }
    /// Whom this replica follows, or itself if it leads.
    [[nodiscard]] std::optional<node_id> leader() const;
    [[nodiscard]] const quorum_state& state() const { return state_; }
    [[nodiscard]] const log_picture& log() const { return log_; }
    [[nodiscard]] offset high_watermark() const { return high_watermark_; }
    /// All below is durable, or written where that is enough.
    [[nodiscard]] offset synced() const { return synced_; }
    [[nodiscard]] bool is_voter() const { return log_.voters().contains(settings_.self); }
    /// Whether it leads and may append.
    [[nodiscard]] bool is_ready() const;
    [[nodiscard]] const std::vector<stored_snapshot>& snapshots() const { return snapshots_; }
    /// Whether a snapshot may be taken there: it is committed, within the log and beyond the last.
    [[nodiscard]] bool may_snapshot(const snapshot_id& id) const;
    /// Nothing if this replica does not lead.
    [[nodiscard]] std::optional<quorum_description> describe(instant now) const;

    void check_invariants() const;

  private:
    using error = kafka::error_code;

    struct following {
        node_id leader;
        /// Since it has followed, and since its process was last thought to have ended: a leader
        /// that never answered is not worth protecting.
        bool has_heard = false;
        bool has_ended = false;
    };

    /// The one fetch that may be under way, of records or of a snapshot.
    struct outstanding_fetch {
        request_id id;
        node_id to;
    };

    struct download {
        snapshot_id snapshot;
        std::int64_t position = 0;
        bool installing = false;  ///< All is here and the disk is at work.
    };

    struct voter_change {
        ticket from;
        voter_set target;
        std::optional<replica_key> added = {};
        std::optional<offset> at = {};  ///< Of the record, once it is written.
    };

    struct leadership {
        offset began_at;  ///< The offset of its own first record.
        progress_table progress;
        bool ready = false;
        std::optional<voter_change> change = {};
    };

    struct outstanding_sync {
        sync_id id;
        offset end;
    };

    /// A message that waits for a write of the quorum state.
    struct held_back {
        write_id until;
        effect what;
    };

    // replica.cpp
    void finish(effects& out);
    void post(effect what, effects& out);
    request_id ask(node_id to, request what, effects& out);
    void change_state(quorum_state next);
    void sync_log_if_needed(effects& out);
    void arm(timer which, duration after, const moment& at, effects& out);
    void disarm(timer which, effects& out);
    [[nodiscard]] bool is_armed(timer which) const;
    [[nodiscard]] duration random_election_timeout(const moment& at) const;
    [[nodiscard]] standing stand(error code = error::none) const;
    [[nodiscard]] bool may_campaign() const;
    /// Whether a request for this voter is for this replica: the node's disk may be another now.
    [[nodiscard]] bool is_meant(const replica_key& voter) const;
    void advance_high_watermark(offset to, effects& out);

    // replica_roles.cpp
    void leave_role(effects& out);
    void become_unattached(leader_epoch epoch, const moment& at, effects& out);
    void become_follower(leader_epoch epoch, node_id leader, const moment& at, effects& out);
    void become_prospective(const moment& at, effects& out);
    void become_candidate(const moment& at, effects& out);
    void become_leader(const moment& at, effects& out);
    void become_resigned(const moment& at, effects& out);
    void tell_leader(effects& out);
    bool learn(const standing& told, const moment& at, effects& out);

    // replica_voting.cpp
    void receive_vote(ticket from, const vote_request& what, const moment& at, effects& out);
    [[nodiscard]] error refuse_vote_request(const vote_request& what) const;
    [[nodiscard]] bool would_grant(const vote_request& what) const;
    void vote_answered(node_id from, const vote_answer& what, const moment& at, effects& out);
    void cast_own_vote(const moment& at, effects& out);
    void ask_for_votes(const moment& at, effects& out);
    void count_votes(const moment& at, effects& out);
    void election_timer_fired(const moment& at, effects& out);

    // replica_leading.cpp
    void receive_begin_epoch(ticket from,
                             const begin_epoch_request& what,
                             const moment& at,
                             effects& out);
    void receive_end_epoch(ticket from,
                           const end_epoch_request& what,
                           const moment& at,
                           effects& out);
    void announce(const moment& at, effects& out);
    void say_farewell(const moment& at, effects& out);
    offset append_batch(batch_content content, std::int32_t count, payload bytes, effects& out);
    void advance_leader(const moment& at, effects& out);
    void check_quorum(const moment& at, effects& out);

    // replica_serving.cpp
    void receive_fetch(ticket from, const fetch_request& what, const moment& at, effects& out);
    [[nodiscard]] error refuse_fetch(leader_epoch epoch) const;
    [[nodiscard]] std::optional<fetch_answer> divergence(const fetch_request& what) const;
    void acknowledge(ticket from, const fetch_request& what, const moment& at, effects& out);
    void answer_fetch(ticket to, offset from, replica_progress* progress, effects& out);
    void answer_parked(const moment& at, effects& out);
    void receive_fetch_snapshot(ticket from,
                                const fetch_snapshot_request& what,
                                const moment& at,
                                effects& out);

    // replica_following.cpp
    void fetch_next(const moment& at, effects& out);
    [[nodiscard]] std::optional<node_id> fetch_target();
    void fetch_answered(node_id from, const fetch_answer& what, const moment& at, effects& out);
    void heard_leader(const moment& at, effects& out);
    void fetch_later(const moment& at, effects& out);
    [[nodiscard]] duration succession_delay(node_id gone) const;
    void cut_log(const log_position& diverging, effects& out);
    void take_batches(const std::vector<batch>& batches, effects& out);
    [[nodiscard]] bool fits(const std::vector<batch>& batches) const;
    void fetch_timer_fired(const moment& at, effects& out);
    void request_timer_fired(const moment& at, effects& out);

    // replica_snapshots.cpp
    void begin_download(snapshot_id snapshot);
    void abandon_download(effects& out);
    void snapshot_answered(node_id from,
                           const fetch_snapshot_answer& what,
                           const moment& at,
                           effects& out);

    // replica_voters.cpp
    void begin_change(voter_change change, const change_time& time, effects& out);
    [[nodiscard]] error refuse_change() const;
    void continue_change(const moment& at, effects& out);
    void end_change(error outcome, effects& out);

    // replica_invariants.cpp
    void check_role() const;

    settings settings_;
    quorum_state state_;
    log_picture log_;
    std::vector<stored_snapshot> snapshots_;
    raft::role role_ = role::unattached;
    offset high_watermark_{0};
    offset synced_{0};
    std::optional<outstanding_sync> sync_;
    std::uint64_t last_sync_ = 0;

    /// The leader of this epoch has given it up: hints that name it are old.
    bool leader_gave_up_ = false;
    std::optional<election_round> round_;     ///< Of a prospective or candidate.
    std::optional<following> following_;      ///< Of a follower.
    std::optional<leadership> leadership_;    ///< Of a leader.
    std::vector<replica_key> successors_;     ///< Of one that resigned, the preferred first.
    std::optional<outstanding_fetch> fetch_;  ///< Of a follower or unattached one.
    std::optional<download> download_;        ///< Of a follower; what is installing outlasts it.
    std::size_t turn_ = 0;                    ///< Which voter an unattached one asks next.
    /// Whom the votes, announcements or farewells under way were sent to.
    std::map<request_id, node_id> asked_;
    std::uint64_t last_request_ = 0;

    std::optional<std::pair<leader_epoch, std::optional<node_id>>> told_;  ///< By leader_changed.

    bool state_changed_ = false;  ///< In this event.
    write_id last_write_{0};      ///< The last that was begun.
    write_id persisted_{0};       ///< The last that is durable.
    write_id needed_{0};          ///< Before anything is said.
    std::deque<held_back> held_back_;
    std::array<std::optional<instant>, timer_count> deadlines_{};
};

}  // namespace verdikt::broker::raft
