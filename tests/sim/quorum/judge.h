/// What must hold of a quorum of real programs, judged from what they tell their state machines.
///
/// - What is committed is the same on every node and for ever, through every restart; each node is
///   told all of it, in order, from offset 0 or from the end of a snapshot.
/// - A snapshot is what all before its end adds up to.
/// - An epoch has one leader, whoever tells of it.
/// - A leader is ready only with everything that was ever told to be committed.
/// - What a leader appended and saw applied is there for ever: it is committed.
#pragma once

#include "broker/quorum/quorum_listener.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace verdikt::tests {

namespace raft = broker::raft;

/// All batches up to an offset, in one number.
using digest = std::uint64_t;

class judge {
  public:
    /// A node's state machine applies a batch and comes to `after`.
    void applies(int node, const broker::quorum::committed_batch& batch, digest after);
    void loads(int node, const raft::snapshot_id& id, digest state);
    void takes_part(int node, raft::leader_epoch epoch, std::optional<raft::node_id> leader);
    void is_ready(int node, raft::leader_epoch epoch, raft::offset log_end);

    /// The end of what anybody was told.
    [[nodiscard]] raft::offset committed() const;
    [[nodiscard]] std::size_t epochs_led() const { return leaders_.size(); }
    /// The first breach.
    [[nodiscard]] const std::optional<std::string>& violation() const { return violation_; }

  private:
    struct entry {
        raft::offset end;
        raft::leader_epoch epoch;
        digest after = 0;

        bool operator==(const entry&) const = default;
    };

    void require(bool holds, std::string breach);

    std::map<raft::offset, entry> committed_;
    std::map<raft::leader_epoch, raft::node_id> leaders_;
    std::optional<std::string> violation_;
};

}  // namespace verdikt::tests
