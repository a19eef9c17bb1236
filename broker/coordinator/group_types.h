/// What a group is made of, what happens to it and what it then wants done.
///
/// Plain data shared by the group's state machine and by whoever carries its effects out.
#pragma once

#include "kafka/error_codes.h"
#include "runtime/named.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace verdikt::broker::coordinator {

using std::chrono::milliseconds;

/// Counts the rebalances of a group that ended. -1 where a client is not a member.
using generation = runtime::named<struct generation_tag, std::int32_t>;
inline constexpr generation no_generation{-1};

/// Names a request that waits for its answer. Drawn by the coordinator, never reused.
using ticket = runtime::named<struct ticket_tag, std::uint64_t>;

enum class group_state { empty, preparing_rebalance, completing_rebalance, stable, dead };

/// As ListGroups and DescribeGroups spell it.
[[nodiscard]] std::string_view name(group_state state);

struct group_settings {
    std::size_t max_size = INT32_MAX;   ///< group.max.size
    milliseconds initial_delay{3'000};  ///< group.initial.rebalance.delay.ms
    /// A new member that waits for its first generation sends no heartbeats; it is given this long.
    milliseconds new_member_timeout{300'000};
};

/// One way to assign partitions that a member knows, with what it tells the leader about itself.
struct member_protocol {
    std::string name = {};
    std::vector<std::byte> metadata = {};

    bool operator==(const member_protocol&) const = default;
};

/// Who claims to be a member.
struct member_identity {
    std::string member_id = {};
    std::optional<std::string> instance_id = {};  ///< Of a static member (KIP-345).
    generation in = no_generation;
};

// ---- Events.

struct join_event {
    ticket from;
    std::string member_id = {};  ///< Empty: not yet a member.
    std::optional<std::string> instance_id = {};
    std::string client_id = {};
    std::string client_host = {};
    milliseconds session_timeout{};
    milliseconds rebalance_timeout{};
    std::string protocol_type = {};
    std::vector<member_protocol> protocols = {};
    /// The id to give if one is needed.
    std::string fresh_member_id = {};
    /// JoinGroup 4 and later: an unknown dynamic member has to come back with its id (KIP-394).
    bool member_id_required = false;
    /// JoinGroup 9 and later: a leader can be told to leave the assignment as it is (KIP-814).
    bool may_skip_assignment = false;
};

struct member_assignment {
    std::string member_id = {};
    std::vector<std::byte> assignment = {};
};

struct sync_event {
    ticket from;
    member_identity who;
    std::optional<std::string> protocol_type = {};  ///< SyncGroup 5 and later (KIP-559).
    std::optional<std::string> protocol_name = {};
    std::vector<member_assignment> assignments = {};  ///< From the leader only.
};

// ---- What waiting members are told.

struct joined_member {
    std::string member_id = {};
    std::optional<std::string> instance_id = {};
    std::vector<std::byte> metadata = {};
};

struct join_reply {
    kafka::error_code error = kafka::error_code::none;
    generation in = no_generation;
    std::optional<std::string> protocol_type = {};
    std::optional<std::string> protocol_name = {};
    std::string leader = {};
    bool skip_assignment = false;
    std::string member_id = {};
    std::vector<joined_member> members = {};  ///< For the leader only.
};

struct sync_reply {
    kafka::error_code error = kafka::error_code::none;
    std::optional<std::string> protocol_type = {};
    std::optional<std::string> protocol_name = {};
    std::vector<std::byte> assignment = {};
};

// ---- What outlives the coordinator.

struct stored_member {
    std::string member_id = {};
    std::optional<std::string> instance_id = {};
    std::string client_id = {};
    std::string client_host = {};
    milliseconds rebalance_timeout{};
    milliseconds session_timeout{};
    std::vector<std::byte> subscription = {};  ///< Its metadata for the chosen protocol.
    std::vector<std::byte> assignment = {};

    bool operator==(const stored_member&) const = default;
};

/// A group at rest: stable, or empty if it has no members.
struct stored_group {
    std::string protocol_type = {};
    generation in{0};
    std::optional<std::string> protocol = {};
    std::optional<std::string> leader = {};
    std::vector<stored_member> members = {};

    bool operator==(const stored_group&) const = default;
};

// ---- Effects, to be carried out in their order.

enum class timer_kind {
    session,         ///< A member was not heard of for its session timeout.
    pending_member,  ///< A member id was given out and nobody came back with it.
    rebalance,       ///< The initial delay is over, or the rebalance timeout.
    sync,            ///< Members that joined have had the rebalance timeout to sync.
};

/// Names one timer of a group. `member_id` is empty for those of the group as a whole.
struct timer_name {
    timer_kind kind{};
    std::string member_id = {};

    auto operator<=>(const timer_name&) const = default;
};

/// Replaces a timer of the same name.
struct arm_timer {
    timer_name which;
    milliseconds after{};
};

struct cancel_timer {
    timer_name which;
};

struct answer_join {
    ticket to;
    join_reply reply;
};

struct answer_sync {
    ticket to;
    sync_reply reply;
};

/// Why the group is written down; handed back to it with the outcome.
struct stored_reason {
    enum class what { assignment, static_member, emptied };

    what kind{};
    generation in{0};
    std::string member_id = {};  ///< Of the static member.
};

/// Write `state`, and call `group::stored(why, outcome)` once it is durable or has failed.
struct store_group {
    stored_group state;
    stored_reason why;
};

using effect = std::variant<arm_timer, cancel_timer, answer_join, answer_sync, store_group>;
using effects = std::vector<effect>;

}  // namespace verdikt::broker::coordinator
