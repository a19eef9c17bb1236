/// A state machine above the metadata log that adds everything up, and appends while it leads.
#pragma once

#include "broker/quorum/quorum_host.h"
#include "runtime/notification.h"
#include "tests/sim/quorum/judge.h"

#include <cstdint>
#include <vector>

namespace verdikt::tests {

/// What happened to all nodes, over all their lives.
struct quorum_counts {
    std::uint64_t appended = 0;
    std::uint64_t refused = 0;
    std::uint64_t elected = 0;
    std::uint64_t leaderships_lost = 0;
    std::uint64_t snapshots_taken = 0;
    std::uint64_t snapshots_found = 0;    ///< At a start.
    std::uint64_t snapshots_fetched = 0;  ///< From a leader.
    std::uint64_t disk_failures = 0;
    std::uint64_t truncations = 0;
    std::uint64_t voters_changed = 0;
    std::uint64_t voter_changes_refused = 0;
};

class state_machine final : public broker::quorum::quorum_listener {
  public:
    state_machine(int node, judge& judged, quorum_counts& counts)
        : node_(node), judge_(judged), counts_(counts) {}

    runtime::awaitable<void> load(broker::quorum::loaded_snapshot from) override;
    runtime::awaitable<void> apply(std::vector<broker::quorum::committed_batch> batches) override;
    void ready(raft::leader_epoch epoch, raft::offset log_end) override;
    void leadership_lost(raft::leader_epoch epoch) override;
    void leader_changed(raft::leader_epoch epoch, std::optional<raft::node_id> leader) override;
    void failed(std::string_view why) override;

    /// Where it is, and what it would put into a snapshot.
    [[nodiscard]] const raft::snapshot_id& position() const { return position_; }
    [[nodiscard]] std::vector<broker::quorum::frame> snapshot() const;
    /// Of the leadership that is going on.
    [[nodiscard]] std::optional<raft::leader_epoch> leading() const { return leading_; }
    [[nodiscard]] bool has_failed() const { return failed_; }
    [[nodiscard]] runtime::notification& changed() { return changed_; }

  private:
    int node_;
    judge& judge_;
    quorum_counts& counts_;
    raft::snapshot_id position_;
    digest state_ = 0;
    std::optional<raft::leader_epoch> leading_;
    bool failed_ = false;
    runtime::notification changed_;
};

}  // namespace verdikt::tests
