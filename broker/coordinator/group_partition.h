/// The groups of one partition of `__consumer_offsets`, while this broker leads it.
///
/// Carries the groups' effects out. Everything that changes a group happens on the executor without
/// waiting; what waits is only the client, for an answer that a write or a timer brings. So no
/// method touches a group after a `co_await`: by then it may be gone.
///
/// loading ─▶ serving ─▶ retired. Lives in the `group_host`, which calls `finish` or `stop` before
/// it destroys it.
#pragma once

#include "broker/coordinator/committed_offsets.h"
#include "broker/coordinator/coordinator_config.h"
#include "broker/coordinator/coordinator_log.h"
#include "broker/coordinator/group.h"
#include "broker/coordinator/partition_writer.h"
#include "broker/coordinator/reply_desk.h"
#include "broker/coordinator/stored_records.h"
#include "broker/coordinator/timer_queue.h"
#include "runtime/environment.h"
#include "runtime/scope.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::broker::coordinator {

/// What all partitions share.
struct group_services {
    runtime::environment& world;
    const coordinator_config& config;
    coordinator_log& log;
    timer_queue timers;
    reply_desk<join_reply> joins;
    reply_desk<sync_reply> syncs;
    ticket last_ticket{0};

    [[nodiscard]] kafka::timestamp now() const;
};

struct hosted_group {
    std::string id;
    group machine;
    committed_offsets offsets;
    kafka::timestamp state_since{};
    /// A record of the group itself, not only of its offsets, may be in the log.
    bool recorded = false;
};

struct offset_to_commit {
    kafka::topic_partition where;
    committed_offset value;
};

using groups_by_producer = std::map<kafka::producer_id, std::set<std::string>>;

class group_partition {
  public:
    enum class phase { loading, serving, retired };

    group_partition(group_services& services,
                    kafka::partition_index index,
                    kafka::leader_epoch epoch);

    void start_loading();
    /// Answers everybody who waits in a group with NOT_COORDINATOR.
    void retire();
    /// Returns once all writes have completed. Requires: retired.
    runtime::awaitable<void> finish();
    /// Gives up what is under way. Requires: retired.
    runtime::awaitable<void> stop();

    [[nodiscard]] phase now() const { return phase_; }
    [[nodiscard]] kafka::leader_epoch epoch() const { return epoch_; }
    [[nodiscard]] const std::map<std::string, hosted_group>& groups() const { return groups_; }
    /// Null if there is no such group.
    [[nodiscard]] hosted_group* find(const std::string& id);
    [[nodiscard]] hosted_group& find_or_create(const std::string& id);

    // Requires (all of these): serving, and a group of this partition.

    runtime::awaitable<join_reply> join(hosted_group& in, join_event event);
    runtime::awaitable<sync_reply> sync(hosted_group& in, sync_event event);
    [[nodiscard]] kafka::error_code heartbeat(hosted_group& in, const member_identity& who);
    [[nodiscard]] kafka::error_code leave(hosted_group& in, const member_identity& who);
    [[nodiscard]] kafka::error_code admit_commit(hosted_group& in, const member_identity& who);
    void timer_fired(const std::string& id, const timer_name& which);

    /// Durable and visible on success.
    runtime::awaitable<kafka::error_code> commit(hosted_group& in,
                                                 std::vector<offset_to_commit> offsets);
    /// Durable on success; visible once the transaction is committed.
    runtime::awaitable<kafka::error_code> commit_in_transaction(
        hosted_group& in, std::vector<offset_to_commit> offsets, log_transaction transaction);
    /// Ends a transaction here: what it committed becomes visible, or is dropped. Requires:
    /// serving.
    runtime::awaitable<kafka::error_code> write_marker(transactional::transaction_marker marker);
    runtime::awaitable<kafka::error_code> erase_offsets(hosted_group& in,
                                                        std::vector<kafka::topic_partition> which);
    /// `non_empty_group` unless it has no members.
    runtime::awaitable<kafka::error_code> erase_group(hosted_group& in);

    /// Begins to erase what has expired: offsets, and groups that have none left.
    void expire();
    /// Begins to erase all offsets of a topic that is no more.
    void forget_topic(const std::string& topic);

  private:
    /// What a replay has seen of one group so far.
    struct replayed_group {
        std::optional<stored_group> state;
        kafka::timestamp since;
        committed_offsets offsets;
    };
    class replay;
    using outcome_place = std::shared_ptr<runtime::wait_point<kafka::error_code>>;

    template <typename Event>
    auto apply(hosted_group& to, Event event);
    void settle(hosted_group& changed, group_state before, effects out);
    void carry_out(hosted_group& from, effect&& what);
    void store(hosted_group& from, store_group what);
    void answer(effects out);

    runtime::awaitable<void> load();
    void take_over(replay seen);
    void transaction_ended(kafka::producer_id producer, bool committed);

    outcome_place begin_erase_offsets(hosted_group& in, std::vector<kafka::topic_partition> which);
    outcome_place begin_erase_group(hosted_group& in);
    [[nodiscard]] std::vector<kafka::topic_partition> expired_offsets(const hosted_group& in) const;

    group_services& services_;
    kafka::partition_index index_;
    kafka::leader_epoch epoch_;
    phase phase_ = phase::loading;
    std::map<std::string, hosted_group> groups_;
    /// The groups that an open transaction has committed offsets of.
    groups_by_producer transactions_;
    runtime::scope loading_;
    runtime::scope writing_;
    partition_writer writer_;
};

}  // namespace verdikt::broker::coordinator
