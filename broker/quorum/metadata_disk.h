/// Carries out what a replica wants of its log and its snapshots: one thing after another, in the
/// order in which the core said so (broker/raft/effects.h).
///
/// Waiting for a sync holds nothing up: what is behind it is written meanwhile, and the next sync
/// covers it. A full disk holds everything up until there is room. Any other error ends the work
/// for good, and is told once.
///
/// Lives in the host. `run` is started once; after `stop` it returns when what is under way is
/// over, and nothing is told any more.
#pragma once

#include "broker/quorum/snapshot_files.h"
#include "broker/raft/effects.h"
#include "broker/storage/partition_log.h"
#include "runtime/environment.h"
#include "runtime/notification.h"
#include "runtime/scope.h"

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace verdikt::broker::quorum {

/// An answer whose records, or piece of a snapshot, are still to be read.
struct unread_answer {
    raft::ticket to;
    raft::answer what;
    std::optional<raft::log_range> records = {};
    std::size_t bytes_max = 0;
};

/// Hears what became of it.
class disk_owner {
  public:
    virtual ~disk_owner() = default;

    virtual void log_synced(raft::sync_id id) = 0;
    virtual void snapshot_installed(raft::snapshot_id snapshot, const raft::voter_set& voters) = 0;
    /// All below is committed, and can be read.
    virtual void committed(raft::offset to) = 0;
    /// Null bytes: they cannot be had.
    virtual void read(unread_answer which, raft::payload bytes) = 0;
    /// For the first time since something could be written.
    virtual void disk_full() = 0;
    virtual void disk_failed(std::string why) = 0;
};

class metadata_disk {
  public:
    /// All of them outlive it.
    metadata_disk(runtime::environment& world,
                  storage::partition_log& log,
                  snapshot_files& snapshots,
                  disk_owner& owner);

    using task = std::variant<raft::append_log,
                              raft::sync_log,
                              raft::truncate_log,
                              raft::trim_log,
                              raft::write_snapshot,
                              raft::install_snapshot,
                              raft::abandon_snapshot,
                              raft::commit_to,
                              unread_answer>;
    void add(task next);

    [[nodiscard]] runtime::awaitable<void> run();
    /// Requires: `run` has returned, or will.
    void stop();
    /// Ends what waits for a sync. After `run` has returned.
    [[nodiscard]] runtime::awaitable<void> join();

    /// Of records that are not written yet.
    [[nodiscard]] std::size_t unwritten_bytes() const { return unwritten_bytes_; }

  private:
    using done = runtime::awaitable<void>;

    [[nodiscard]] done carry_out(raft::append_log what);
    [[nodiscard]] done carry_out(raft::sync_log what);
    [[nodiscard]] done carry_out(raft::truncate_log what);
    [[nodiscard]] done carry_out(raft::trim_log what);
    [[nodiscard]] done carry_out(raft::write_snapshot what);
    [[nodiscard]] done carry_out(raft::install_snapshot what);
    [[nodiscard]] done carry_out(raft::abandon_snapshot what);
    [[nodiscard]] done carry_out(raft::commit_to what);
    [[nodiscard]] done carry_out(unread_answer what);
    [[nodiscard]] done finish_sync(raft::sync_id id, raft::offset end);
    [[nodiscard]] done read_records(unread_answer what, raft::log_range range);
    [[nodiscard]] done read_snapshot(unread_answer what);
    [[nodiscard]] runtime::awaitable<bool> try_again(std::string_view act, storage::errc error);
    [[nodiscard]] runtime::awaitable<bool> try_again(std::string_view act, runtime::errc error);
    [[nodiscard]] runtime::awaitable<bool> wait_for_space();
    void fail(std::string why);
    [[nodiscard]] std::vector<std::byte> encode(const std::vector<raft::batch>& batches) const;

    runtime::environment& world_;
    storage::partition_log& log_;
    snapshot_files& snapshots_;
    disk_owner& owner_;
    std::deque<task> tasks_;
    std::size_t unwritten_bytes_ = 0;
    bool full_ = false;
    bool stopped_ = false;  ///< Or failed.
    runtime::notification changed_;
    runtime::scope syncs_;
};

}  // namespace verdikt::broker::quorum
