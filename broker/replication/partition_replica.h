/// One partition on one broker: leader, follower, or neither, as metadata says.
///
/// Pure: no clock, no chance, no I/O. The host owns it with the partition's log, feeds it events
/// and carries its effects out in order. It lives as long as the log is hosted by one incarnation
/// of the broker; what outlives it is the log.
///
/// Metadata moves it forward only. A broker leads an epoch only if the epoch began after the
/// broker's own registration: an incarnation that came before may have handed out records of that
/// epoch which a crash took from the log, and to hand out others under the same epoch and offset
/// would be a divergence that nobody can see.
///
/// A change of role waits until the log operations under way have ended, so that a leader never
/// starts on a log that is still being cut, and a follower never fetches past a late append of its
/// own leadership.
///
/// Invariants: at most one role at a time; those of the roles.
#pragma once

#include "broker/replication/effects.h"
#include "broker/replication/log_view.h"
#include "broker/replication/partition_follower.h"
#include "broker/replication/partition_leader.h"
#include "broker/replication/partition_state.h"
#include "broker/replication/settings.h"

#include <expected>
#include <optional>

namespace verdikt::broker::replication {

enum class replica_role {
    none,  ///< No leader is known, or the change to the role that metadata asks for is under way.
    leader,
    follower,
    failed,  ///< The log takes no more writes: its directory is offline.
};

class partition_replica {
  public:
    /// `high_watermark` is the checkpointed one: a hint. Requires: at most the log end.
    partition_replica(kafka::node_id self,
                      broker_epoch incarnation,
                      const replica_settings& settings,
                      kafka::offset high_watermark);

    // ---- Events.

    /// Metadata, of this partition or of its brokers. Older than what is known: ignored.
    void apply(const partition_state& state,
               const broker_standings& brokers,
               const log_view& log,
               runtime::instant now,
               effects& out);
    /// The broker has registered, perhaps anew: it may lead epochs that begin after that.
    void registered(broker_epoch incarnation,
                    const log_view& log,
                    runtime::instant now,
                    effects& out);
    void configure(const replica_settings& settings);
    void epoch_assigned(kafka::leader_epoch epoch,
                        const log_view& log,
                        runtime::instant now,
                        effects& out);
    /// The durable end moved.
    void log_moved(const log_view& log, runtime::instant now, effects& out);
    void log_settled(const log_view& log, runtime::instant now, effects& out);
    /// The log refuses writes: for ever, as far as this incarnation is concerned.
    void log_failed(effects& out);
    void tick(const log_view& log, runtime::instant now, effects& out);
    void controller_reachable(bool reachable);
    void alter_partition_answered(proposal_number number,
                                  const alter_outcome& outcome,
                                  const log_view& log,
                                  runtime::instant now,
                                  effects& out);
    void fetch_answered(const fetch_answer& answer,
                        const log_view& log,
                        runtime::instant now,
                        effects& out);
    void leader_bounds_answered(const leader_bounds& answer,
                                const log_view& log,
                                runtime::instant now,
                                effects& out);

    // ---- Requests.

    [[nodiscard]] std::expected<kafka::leader_epoch, kafka::error_code> admit_produce(
        required_acks acks, runtime::instant now) const;
    /// An append that was admitted is on its way to the log. Each is followed by `append_ended`,
    /// whether it succeeded or not, and whoever leads by then.
    void append_begun();
    void append_ended(const log_view& log, runtime::instant now, effects& out);
    /// Waits for what was appended under `epoch` below `end` to be committed.
    void await_commit(ticket from, kafka::offset end, kafka::leader_epoch epoch, effects& out);
    /// Waits until what was deleted under `epoch` is gone from whoever may lead next.
    void await_deletion(ticket from,
                        kafka::offset below,
                        kafka::leader_epoch epoch,
                        const log_view& log,
                        runtime::instant now,
                        effects& out);
    void forget(ticket from);
    [[nodiscard]] fetch_verdict fetch(const replica_fetch& request,
                                      const log_view& log,
                                      runtime::instant now,
                                      effects& out);
    /// A Fetch by a consumer, which sees nothing above the high watermark. Between that and the log
    /// end is no error: those records are on their way.
    [[nodiscard]] fetch_verdict consumer_fetch(kafka::leader_epoch current_leader_epoch,
                                               kafka::offset from,
                                               const log_view& log) const;
    /// Where a client's view of the log ends. OFFSET_NOT_AVAILABLE while a new leader's high
    /// watermark may lie below its predecessor's: to answer it would take offsets back.
    [[nodiscard]] std::expected<kafka::offset, kafka::error_code> visible_end(
        kafka::leader_epoch current_leader_epoch) const;
    /// OffsetForLeaderEpoch.
    [[nodiscard]] std::expected<std::optional<storage::epoch_end>, kafka::error_code>
    end_offset_for(kafka::leader_epoch current_leader_epoch,
                   kafka::leader_epoch asked,
                   const log_view& log) const;

    // ---- State.

    [[nodiscard]] replica_role role() const;
    [[nodiscard]] const partition_state& state() const { return state_; }
    [[nodiscard]] kafka::offset high_watermark() const;
    [[nodiscard]] const partition_leader* leading() const { return leader_ ? &*leader_ : nullptr; }
    [[nodiscard]] const partition_follower* following() const {
        return follower_ ? &*follower_ : nullptr;
    }

    void check_invariants(const log_view& log) const;

  private:
    [[nodiscard]] bool may_lead(const log_view& log) const;
    void leave_role(effects& out);
    [[nodiscard]] bool log_is_busy() const { return settling_ || appends_ > 0; }
    void enter_role_once_idle(const log_view& log, runtime::instant now, effects& out);
    void enter_role(const log_view& log, runtime::instant now, effects& out);
    /// Whether this replica leads for somebody who knows of that epoch.
    [[nodiscard]] kafka::error_code check_leads(kafka::leader_epoch current_leader_epoch) const;

    kafka::node_id self_;
    broker_epoch incarnation_;
    replica_settings settings_;
    partition_state state_;
    broker_standings brokers_;
    std::optional<partition_leader> leader_;
    std::optional<partition_follower> follower_;
    kafka::offset high_watermark_;  ///< While neither.
    fetch_number last_fetch_{0};
    proposal_number last_proposal_{0};
    bool controller_reachable_ = true;
    bool settling_ = false;  ///< A log operation of a role that ended is under way.
    std::size_t appends_ = 0;
    bool role_is_due_ = false;
    bool failed_ = false;
};

}  // namespace verdikt::broker::replication
