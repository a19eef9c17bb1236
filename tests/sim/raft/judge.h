/// What must hold of a quorum whatever happens to it, judged from outside.
///
/// The judge sees every message that leaves a replica, every record that one delivers as committed,
/// and all disks. It remembers what replicas forget in a crash. A breach throws `violation`.
///
/// - One leader an epoch; one vote a replica and epoch, once it has been told to somebody.
/// - No replica speaks of an epoch earlier than one that it spoke of before.
/// - What is committed is the same everywhere and for ever, and is durable on a majority of the
///   leader's voters at the moment at which the leader commits it.
/// - A new leader has everything that is committed.
/// - A replica's high watermark does not go back while it lives.
/// - Snapshots of one id are equal.
#pragma once

#include "broker/raft/replica.h"
#include "tests/sim/raft/toy_disk.h"

#include <map>
#include <stdexcept>
#include <string>
#include <utility>

namespace verdikt::broker::raft {

class violation : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// How a batch is told from another at the same offset.
struct committed_batch {
    leader_epoch epoch;
    std::int32_t record_count = 0;
    std::uint64_t value = 0;

    bool operator==(const committed_batch&) const = default;
};

[[nodiscard]] std::uint64_t value_of(const batch& which);

class judge {
  public:
    void leads(node_id node, leader_epoch epoch, const toy_log& log);
    void votes(node_id node, leader_epoch epoch, const replica_key& candidate);
    void speaks(node_id node, leader_epoch epoch);
    void commits(node_id node, const batch& which);
    /// A leader has moved its high watermark to a position; `disks` are those of all nodes.
    void commits_as_leader(const log_position& position,
                           const voter_set& voters,
                           const std::map<node_id, const toy_log*>& disks) const;
    void moves_high_watermark(node_id node, offset from, offset to) const;
    void snapshots(const toy_snapshot& which);

    /// All that anybody delivered as committed.
    [[nodiscard]] const std::map<offset, committed_batch>& committed() const { return committed_; }
    [[nodiscard]] const toy_snapshot& snapshot(const snapshot_id& id) const {
        return snapshots_.at(id);
    }
    /// How many of its epochs had a leader.
    [[nodiscard]] std::size_t epochs_led() const { return leaders_.size(); }

  private:
    std::map<leader_epoch, node_id> leaders_;
    std::map<std::pair<node_id, leader_epoch>, replica_key> votes_;
    std::map<node_id, leader_epoch> spoken_;
    std::map<offset, committed_batch> committed_;
    std::map<snapshot_id, toy_snapshot> snapshots_;
};

}  // namespace verdikt::broker::raft
