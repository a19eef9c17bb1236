/// A consumer group under the classic protocol: who its members are and what they were assigned.
///
/// Pure: no clock, no chance, no I/O. Each event adds effects in the order in which they must
/// happen; timers fire, and writes complete, as further events. Cooperative rebalancing (KIP-429)
/// is the clients' affair and needs nothing here.
///
///     empty ──join──▶ preparing_rebalance ──all joined, or time over──▶ completing_rebalance
///       ▲                 ▲        ▲                                        │ leader's sync
///       durable └──nobody joined──┘        └────join, leave, expiry──── stable ◀────┘
///
/// `dead` is a group under deletion; it refuses everything.
///
/// Invariants (`check_invariants`): an empty or dead group has no members; a leader is a member;
/// every member either waits for an answer or has its session timer armed; joins wait only while
/// preparing (or, for a replaced static member, while its new id is written down), syncs only while
/// completing; all members share a protocol; instance ids and members match one to one; the
/// generation never goes back.
#pragma once

#include "broker/coordinator/group_member.h"
#include "broker/coordinator/group_types.h"
#include "kafka/error_codes.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::broker::coordinator {

class group {
  public:
    explicit group(group_settings settings) : settings_(settings) {}
    /// As it was when it was last written down; every member's session starts anew.
    [[nodiscard]] static group restore(group_settings settings,
                                       const stored_group& state,
                                       effects& out);

    // ---- Events. A `ticket` is answered exactly once, now or later.

    void join(join_event event, effects& out);
    void sync(sync_event event, effects& out);
    [[nodiscard]] kafka::error_code heartbeat(const member_identity& who, effects& out);
    /// One member of a LeaveGroup. An empty member id leaves by instance id (LeaveGroup 3).
    [[nodiscard]] kafka::error_code leave(const member_identity& who, effects& out);
    /// Whether this member may commit offsets; a commit counts as a sign of life.
    [[nodiscard]] kafka::error_code admit_commit(const member_identity& who, effects& out);
    /// Whether this member may commit offsets within a transaction (KIP-447). Who names no member
    /// may.
    [[nodiscard]] kafka::error_code admit_transactional_commit(const member_identity& who) const;
    void timer_fired(const timer_name& which, effects& out);
    void stored(const stored_reason& why, kafka::error_code outcome, effects& out);

    /// DeleteGroups, or nothing left to remember. Refused with `non_empty_group` while somebody is
    /// a member or waits to become one. The timers of pending members are the caller's to drop.
    [[nodiscard]] kafka::error_code begin_deletion();
    /// The deletion could not be written down.
    void undo_deletion();
    /// Answers everybody who waits with `reason`: this broker no longer coordinates the group. The
    /// group is then dead; its timers are the caller's to drop.
    void abandon(kafka::error_code reason, effects& out);

    // ---- State.

    [[nodiscard]] group_state state() const { return state_; }
    [[nodiscard]] generation in() const { return generation_; }
    /// Empty if no member ever joined.
    [[nodiscard]] const std::string& protocol_type() const { return protocol_type_; }
    [[nodiscard]] const std::optional<std::string>& protocol() const { return protocol_; }
    [[nodiscard]] const std::optional<std::string>& leader() const { return leader_; }
    [[nodiscard]] const std::map<std::string, group_member>& members() const { return members_; }
    [[nodiscard]] const std::set<std::string>& pending_members() const { return pending_; }
    /// Whether a member may be reading the topic: where their metadata cannot tell, it is yes.
    [[nodiscard]] bool subscribes_to(std::string_view topic) const;

    void check_invariants() const;

  private:
    using error = kafka::error_code;

    // group_join.cpp
    [[nodiscard]] bool has_room_for(const join_event& event) const;
    [[nodiscard]] const group_member* claimed_member(const join_event& event) const;
    void turn_away(const join_event& event, effects& out);
    [[nodiscard]] error refuse_join(const join_event& event) const;
    void join_unknown(join_event event, effects& out);
    void join_known(join_event event, effects& out);
    void rejoin(group_member& member, join_event event, effects& out);
    void add_member(std::string member_id, join_event event, effects& out);
    void replace_static(join_event event, effects& out);
    group_member& rename_static(const join_event& event, effects& out);
    void wait_for_join(group_member& member, ticket from, effects& out);
    static void take_over(group_member& member, join_event event);
    [[nodiscard]] join_reply reply_to(const group_member& member) const;
    [[nodiscard]] std::vector<joined_member> members_for_leader() const;

    // group_rebalance.cpp
    void rebalance(effects& out);
    void prepare_rebalance(effects& out);
    void extend_initial_delay_or_complete(effects& out);
    void complete_join_if_all_here(effects& out);
    void complete_join(effects& out);
    void drop_members_not_here(effects& out);
    [[nodiscard]] bool elect_leader_among_joined();
    void start_generation(effects& out);
    void become_empty(effects& out);
    void expire_syncs(effects& out);
    [[nodiscard]] std::vector<std::string> common_protocols() const;
    [[nodiscard]] std::string choose_protocol() const;
    /// Requires: there are members.
    [[nodiscard]] const std::string& chosen_protocol() const;
    [[nodiscard]] milliseconds rebalance_timeout() const;
    void arm_rebalance_timer(milliseconds after, effects& out);
    void disarm_rebalance_timer(effects& out);
    void disarm_sync_timer(effects& out);

    // group_sync.cpp
    [[nodiscard]] error refuse_sync(const sync_event& event) const;
    void sync_completing(group_member& member, sync_event event, effects& out);
    void synced(group_member& member, effects& out);
    void assignment_stored(error outcome, effects& out);
    void static_member_stored(const stored_reason& why, error outcome, effects& out);
    void refuse_waiting_syncs(error why, effects& out);
    [[nodiscard]] sync_reply assignment_of(const group_member& member) const;

    // group_membership.cpp
    [[nodiscard]] error identify(const member_identity& who) const;
    void remove_member(const std::string& member_id, effects& out);
    void forget_member(const std::string& member_id, effects& out);
    void arm_session(group_member& member, milliseconds after, effects& out);
    void disarm_session(group_member& member, effects& out);
    void alive(const member_identity& who, effects& out);
    void answer(group_member& member, join_reply reply, effects& out);
    void answer(group_member& member, sync_reply reply, effects& out);

    [[nodiscard]] stored_group snapshot() const;
    void check_member(const std::string& id, const group_member& member) const;

    group_settings settings_;
    group_state state_ = group_state::empty;
    generation generation_{0};
    std::string protocol_type_;
    std::optional<std::string> protocol_;
    std::optional<std::string> leader_;
    std::map<std::string, group_member> members_;
    std::map<std::string, std::string> static_members_;  ///< Instance id to member id.
    std::set<std::string> pending_;                      ///< Ids given out by MEMBER_ID_REQUIRED.

    /// While the first members of an empty group gather.
    bool initial_delay_running_ = false;
    bool joined_during_delay_ = false;
    milliseconds delay_left_{};
    /// The leader's assignment is being written down.
    bool assignment_staged_ = false;
    bool rebalance_timer_armed_ = false;
    bool sync_timer_armed_ = false;
};

}  // namespace verdikt::broker::coordinator
