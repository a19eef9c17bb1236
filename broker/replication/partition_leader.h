/// The leader of a partition for one leader epoch: what is committed, who is in sync, what may be
/// appended and read.
///
/// Pure: no clock, no chance, no I/O; the moment and the log are arguments. Lives from a leader
/// change to the next; `partition_replica` owns it. It serves nothing until the log knows its
/// epoch.
///
/// The high watermark (KIP-101, KIP-497, KIP-966) is the least offset up to which everybody in the
/// maximal in-sync set holds the log, and those who are about to join it. It never moves back, and
/// it stands still while fewer than the effective min.insync.replicas are in sync, whatever acks
/// the records were sent with: so each committed record is held by that many.
///
/// Invariants: the high watermark is at most the log end; waits are for offsets above it; followers
/// are replicas other than this one.
#pragma once

#include "broker/replication/effects.h"
#include "broker/replication/in_sync_set.h"
#include "broker/replication/log_view.h"
#include "broker/replication/partition_state.h"
#include "broker/replication/settings.h"
#include "kafka/error_codes.h"
#include "kafka/types.h"
#include "runtime/clock.h"

#include <expected>
#include <map>
#include <optional>

namespace verdikt::broker::replication {

/// A Fetch by a follower.
struct replica_fetch {
    kafka::node_id replica;
    broker_epoch epoch = no_broker_epoch;  ///< Of the follower's incarnation (KIP-903).
    kafka::leader_epoch current_leader_epoch = kafka::no_leader_epoch;
    kafka::offset from;
    kafka::leader_epoch last_fetched_epoch = kafka::no_leader_epoch;
    kafka::offset log_start = kafka::no_offset;  ///< Of the follower's log, durably.
};

struct fetch_verdict {
    kafka::error_code error = kafka::error_code::none;
    /// The follower's log is not a prefix of ours: this is what we have instead (KIP-595).
    std::optional<storage::epoch_end> diverging = {};
    /// Records up to here may be read.
    kafka::offset bound = kafka::no_offset;
    kafka::offset high_watermark = kafka::no_offset;
    kafka::offset log_start = kafka::no_offset;
    /// The follower has yet to hear of this log start: its Fetch should not wait for records.
    bool log_start_is_news = false;
};

enum class required_acks : std::int8_t { all = -1, none = 0, leader = 1 };

class partition_leader {
  public:
    /// Requires: `state.leader == self`.
    partition_leader(kafka::node_id self,
                     const replica_settings& settings,
                     const partition_state& state,
                     broker_standings brokers,
                     kafka::offset high_watermark,
                     proposal_number last_number,
                     runtime::instant now);

    // ---- Events.

    void epoch_assigned(const log_view& log, runtime::instant now, effects& out);
    /// Metadata of the same leader epoch, or brokers that changed.
    void apply(const partition_state& state,
               const broker_standings& brokers,
               const log_view& log,
               runtime::instant now,
               effects& out);
    void configure(const replica_settings& settings) { settings_ = settings; }
    /// An append was written, or became durable.
    void log_moved(const log_view& log, runtime::instant now, effects& out);
    /// Time went by. To be called at least every replica.lag.time.max.ms / 2.
    void tick(const log_view& log, runtime::instant now, effects& out);
    void alter_partition_answered(proposal_number number,
                                  const alter_outcome& outcome,
                                  const log_view& log,
                                  runtime::instant now,
                                  effects& out);
    /// Whether the controller answered our last heartbeats.
    void controller_reachable(bool reachable) { controller_reachable_ = reachable; }
    /// Another leads, or nobody: fails all waits with NOT_LEADER_OR_FOLLOWER. What they wait for
    /// may survive.
    void resign(effects& out);

    // ---- Requests.

    [[nodiscard]] fetch_verdict fetch(const replica_fetch& request,
                                      const log_view& log,
                                      runtime::instant now,
                                      effects& out);
    /// Whether records may be appended; the append carries `epoch()`, and its wait too.
    [[nodiscard]] kafka::error_code admit_produce(required_acks acks, runtime::instant now) const;
    /// Answers `from` once everything below `end` is committed, perhaps at once.
    void await_commit(ticket from, kafka::offset end, effects& out);
    /// Answers `from` once nobody who may lead next has records below `below` any more, perhaps at
    /// once. Requires: our own log starts there, durably.
    void await_deletion(
        ticket from, kafka::offset below, const log_view& log, runtime::instant now, effects& out);
    /// The request has timed out; its outcome stays unknown.
    void forget(ticket from);

    // ---- State.

    [[nodiscard]] kafka::leader_epoch epoch() const { return state_.leader_epoch; }
    [[nodiscard]] bool is_serving() const { return epoch_start_.has_value(); }
    [[nodiscard]] kafka::offset high_watermark() const { return high_watermark_; }
    /// Where this leader's own records begin. Requires: is_serving().
    [[nodiscard]] kafka::offset epoch_start() const {
        return epoch_start_.value_or(kafka::no_offset);
    }
    [[nodiscard]] const in_sync_set& in_sync() const { return in_sync_; }
    [[nodiscard]] const replica_settings& settings() const { return settings_; }
    /// min.insync.replicas, but never more than there are replicas.
    [[nodiscard]] std::size_t min_in_sync() const;
    [[nodiscard]] bool is_under_min_in_sync() const;
    /// The controller is out of reach and somebody in sync does not follow: another leader may
    /// have been elected, and nothing more can be committed here.
    [[nodiscard]] bool is_isolated(runtime::instant now) const;
    [[nodiscard]] std::size_t waiting() const { return waits_.size() + deletions_.size(); }

    void check_invariants(const log_view& log) const;

  private:
    struct follower {
        kafka::offset end = kafka::no_offset;         ///< -1 until it fetched with a matching log.
        kafka::offset start = kafka::no_offset;       ///< Likewise.
        kafka::offset told_start = kafka::no_offset;  ///< Our log start in our last answer.
        broker_epoch epoch = no_broker_epoch;
        runtime::instant last_caught_up = runtime::instant::min();
        runtime::instant last_fetch = runtime::instant::min();
        kafka::offset leader_end_at_last_fetch = kafka::no_offset;
    };

    // partition_leader.cpp
    void meet_followers(runtime::instant now);
    void after_change(const log_view& log, runtime::instant now, effects& out);

    // partition_leader_commit.cpp
    [[nodiscard]] std::optional<kafka::offset> held_by_all(const log_view& log,
                                                           runtime::instant now) const;
    [[nodiscard]] bool is_waited_for(kafka::node_id node, runtime::instant now) const;
    void advance(const log_view& log, runtime::instant now, effects& out);
    void answer_committed(effects& out);

    // partition_leader_deletion.cpp
    [[nodiscard]] std::optional<kafka::offset> low_watermark(const log_view& log,
                                                             runtime::instant now) const;
    void answer_deleted(const log_view& log, runtime::instant now, effects& out);

    // partition_leader_fetch.cpp
    [[nodiscard]] kafka::error_code refuse_fetch(const replica_fetch& request) const;
    [[nodiscard]] bool counts(const replica_fetch& request) const;
    void note_progress(follower& who,
                       const replica_fetch& request,
                       const log_view& log,
                       runtime::instant now) const;

    // partition_leader_isr.cpp
    [[nodiscard]] bool is_eligible(kafka::node_id node) const;
    [[nodiscard]] bool may_join(kafka::node_id node,
                                const log_view& log,
                                runtime::instant now) const;
    [[nodiscard]] bool lags(kafka::node_id node, runtime::instant now) const;
    [[nodiscard]] std::vector<proposed_member> members(const std::set<kafka::node_id>& isr) const;
    void propose_change(const log_view& log, runtime::instant now);
    void send_due(runtime::instant now, effects& out);

    kafka::node_id self_;
    replica_settings settings_;
    partition_state state_;  ///< As metadata has it; `in_sync_` may be ahead.
    broker_standings brokers_;
    in_sync_set in_sync_;
    kafka::offset high_watermark_;
    std::optional<kafka::offset> epoch_start_;
    std::map<kafka::node_id, follower> followers_;
    std::map<ticket, kafka::offset> waits_;
    std::multimap<kafka::offset, ticket> waits_by_end_;
    std::map<ticket, kafka::offset> deletions_;
    bool controller_reachable_ = true;
};

}  // namespace verdikt::broker::replication
