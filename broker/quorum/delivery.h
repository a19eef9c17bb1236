/// Tells the listener what happens, each kind of news in the way that quorum_listener.h promises.
///
/// What is committed is read back from the log when the listener is ready for it, so nothing piles
/// up here but where it stands: up to where the log is committed, a snapshot that stands in for
/// what lay before it, a leadership that waits until all before it has been applied.
///
/// Invariants: applied <= committed, but while a snapshot waits; at most one leadership waits.
#pragma once

#include "broker/quorum/quorum_listener.h"
#include "broker/quorum/snapshot_files.h"
#include "broker/raft/effects.h"
#include "broker/storage/partition_log.h"
#include "runtime/notification.h"

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <variant>

namespace verdikt::broker::quorum {

class delivery {
  public:
    /// `failed` is told if what is committed cannot be read.
    delivery(storage::partition_log& log,
             snapshot_files& snapshots,
             quorum_listener& listener,
             std::function<void(std::string)> failed);

    void committed(raft::offset to);
    void load(raft::snapshot_id snapshot);
    void ready(raft::leader_epoch epoch, raft::offset log_end);
    void leadership_lost(raft::leader_epoch epoch);
    void leader_changed(raft::leader_changed what);
    /// Nothing else is told from now on, but that a leadership was lost.
    void failed(std::string why);

    /// Both are started once, and end by being cancelled.
    [[nodiscard]] runtime::awaitable<void> run_in_order();
    [[nodiscard]] runtime::awaitable<void> run_at_once();

    [[nodiscard]] raft::offset applied() const { return applied_; }

  private:
    struct waiting_leadership {
        raft::leader_epoch epoch;
        raft::offset log_end;
    };
    struct failure {
        std::string why;
    };
    using news = std::variant<raft::leadership_lost, raft::leader_changed, failure>;

    [[nodiscard]] runtime::awaitable<void> load_snapshot(raft::snapshot_id id);
    [[nodiscard]] runtime::awaitable<bool> apply_next();
    void tell(const news& what);

    storage::partition_log& log_;
    snapshot_files& snapshots_;
    quorum_listener& listener_;
    std::function<void(std::string)> failed_;
    raft::offset applied_{0};
    raft::offset committed_{0};
    std::optional<raft::snapshot_id> snapshot_;
    std::optional<waiting_leadership> ready_;
    std::deque<news> news_;
    bool broken_ = false;
    runtime::notification changed_;
    runtime::notification happened_;
};

}  // namespace verdikt::broker::quorum
