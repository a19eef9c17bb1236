/// What a replicated log is made of: who votes, what is stored, where a log ends.
///
/// Plain data. All durations are `runtime::duration` (nanoseconds) on the node's own monotonic
/// clock; nothing here is wall time.
#pragma once

#include "kafka/types.h"
#include "runtime/clock.h"
#include "runtime/named.h"

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace verdikt::broker::raft {

using kafka::leader_epoch;
using kafka::node_id;
using kafka::offset;
using runtime::duration;
using runtime::instant;

/// The epoch of a log without records. The first leader's is 1.
inline constexpr leader_epoch epoch_before_all{0};

/// A replica is a node with its disk: the same node with a fresh disk has forgotten its votes and
/// its log, and is another replica (KIP-853). The directory is zero where it is not known.
struct replica_key {
    node_id id{-1};
    kafka::uuid directory;

    auto operator<=>(const replica_key&) const = default;
};

/// Where a log, or an epoch within it, or a snapshot ends: the epoch of the last record, and the
/// offset after it. Compares as logs do: the later epoch is ahead, then the longer log.
struct log_position {
    leader_epoch epoch = epoch_before_all;
    offset end{0};

    auto operator<=>(const log_position&) const = default;
};

/// A snapshot stands for all records below `end`; `epoch` is that of the last of them.
using snapshot_id = log_position;

struct stored_snapshot {
    snapshot_id id;
    std::int64_t size = 0;  ///< In bytes.

    bool operator==(const stored_snapshot&) const = default;
};

/// How a voter can be reached. The quorum carries it and does not look into it.
struct endpoint {
    std::string name;
    std::string host;
    std::uint16_t port = 0;

    bool operator==(const endpoint&) const = default;
};

struct voter {
    kafka::uuid directory;  ///< Zero: any disk of that node.
    std::vector<endpoint> endpoints = {};

    bool operator==(const voter&) const = default;
};

/// Those whose votes and acknowledgements count.
class voter_set {
  public:
    voter_set() = default;
    explicit voter_set(std::map<node_id, voter> voters) : voters_(std::move(voters)) {}

    [[nodiscard]] bool contains(const replica_key& replica) const;
    [[nodiscard]] bool contains(node_id node) const { return voters_.contains(node); }
    [[nodiscard]] const std::map<node_id, voter>& all() const { return voters_; }
    [[nodiscard]] std::size_t size() const { return voters_.size(); }
    /// How many make a majority.
    [[nodiscard]] std::size_t majority() const { return voters_.size() / 2 + 1; }
    [[nodiscard]] replica_key key_of(node_id node) const;

    [[nodiscard]] voter_set with(node_id node, voter entry) const;
    [[nodiscard]] voter_set without(node_id node) const;

    bool operator==(const voter_set&) const = default;

  private:
    std::map<node_id, voter> voters_;
};

/// What must survive a crash besides the log: Kafka's quorum-state file.
struct quorum_state {
    leader_epoch epoch = epoch_before_all;
    std::optional<node_id> leader = {};     ///< Of this epoch, once known; it never changes then.
    std::optional<replica_key> voted = {};  ///< In this epoch; it never changes then.

    bool operator==(const quorum_state&) const = default;
};

/// Shared, since a batch is stored, sent and applied without being changed.
using payload = std::shared_ptr<const std::vector<std::byte>>;

/// The first record of an epoch: who leads, and by whose votes.
struct leader_change {
    node_id leader;
    voter_set voters;
    std::vector<node_id> granting;

    bool operator==(const leader_change&) const = default;
};

/// Records of the state machine above. The quorum knows their number and nothing else.
struct plain_records {
    bool operator==(const plain_records&) const = default;
};

using batch_content = std::variant<plain_records, leader_change, voter_set>;

/// The unit of append, replication and truncation.
struct batch {
    offset base;
    leader_epoch epoch;
    std::int32_t record_count = 1;
    /// Of a batch that came from elsewhere, leader_change may be reported as plain_records, but
    /// never a voter_set: who stores or receives a batch must recognise that one.
    batch_content content = plain_records{};
    /// Its bytes as they are stored. Null for a leader_change or voter_set that this node's core
    /// has just made: who carries the append out gives those their form.
    payload bytes = nullptr;

    [[nodiscard]] offset end() const { return base + record_count; }
};

struct settings {
    replica_key self;
    /// A controller, which can be or become a voter. Its log is synced before it is acknowledged
    /// even while it is an observer: it cannot know at once that it has been made a voter.
    bool may_vote = true;

    duration election_timeout = std::chrono::seconds(1);  ///< At least; at most twice as long.
    duration fetch_timeout = std::chrono::seconds(2);     ///< Without a leader's answer.
    duration election_backoff_max = std::chrono::seconds(1);
    /// Then it is sent again. Requires: more than fetch_wait_max.
    duration request_timeout = std::chrono::seconds(1);
    duration retry_backoff = std::chrono::milliseconds(20);
    /// How long a leader may keep a fetch that nothing new can be told.
    /// Requires: less than fetch_timeout.
    duration fetch_wait_max = std::chrono::milliseconds(500);
    /// An observer that has not fetched for so long is forgotten.
    duration observer_session = std::chrono::minutes(5);
};

/// When an event happens, and the chance that it may use. `chance` is 64 uniform bits, fresh for
/// every event.
struct moment {
    instant now;
    std::uint64_t chance = 0;
};

enum class role {
    unattached,   ///< Knows the epoch and looks for its leader.
    prospective,  ///< Asks whether it would be elected (KIP-996).
    candidate,    ///< Stands for election in an epoch of its own.
    leader,
    resigned,  ///< Led this epoch and gave it up.
    follower,  ///< Of a leader that it knows.
};

[[nodiscard]] std::string_view name(role which);

}  // namespace verdikt::broker::raft
