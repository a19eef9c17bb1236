/// A replica's disk in memory: what is written, what of it is durable, and what a crash leaves.
///
/// Log operations become durable in the order in which they were made. A crash keeps everything
/// that was synced and, of what was not, a part that chance draws, from the front.
#pragma once

#include "broker/raft/effects.h"
#include "broker/raft/replica.h"
#include "runtime/random.h"

#include <deque>
#include <optional>
#include <variant>
#include <vector>

namespace verdikt::broker::raft {

/// A snapshot with what stands in it: a digest of all that was applied, and the voters.
struct toy_snapshot {
    snapshot_id id;
    std::uint64_t digest = 0;
    voter_set voters;

    /// As it travels; every snapshot has several chunks' worth.
    [[nodiscard]] std::vector<std::byte> bytes() const;
};

struct toy_log {
    log_position start;
    std::vector<batch> batches;
    std::vector<toy_snapshot> snapshots;

    [[nodiscard]] offset end() const { return batches.empty() ? start.end : batches.back().end(); }
    /// The batch that ends there; nullptr if none does.
    [[nodiscard]] const batch* ending_at(offset end) const;
    /// Whether it holds, as a record or within a snapshot, what lies before `position`.
    [[nodiscard]] bool holds(const log_position& position) const;
};

/// What deceives a replica about its disk: to show that the judge would notice.
enum class deceit { none, forgets_votes, forgets_synced_records };

class toy_disk {
  public:
    toy_disk(voter_set configured, deceit how) : configured_(std::move(configured)), deceit_(how) {}

    // ---- Effects.
    void append(const std::vector<batch>& batches);
    void truncate(offset to);
    void trim(const snapshot_id& to);
    /// How many operations a sync that begins now makes durable.
    [[nodiscard]] std::size_t begin_sync() const { return pending_.size(); }
    void end_sync(std::size_t operations);
    void begin_persist(const quorum_state& state) { states_.push_back(state); }
    void end_persist();
    void save(const toy_snapshot& taken);
    void install(const toy_snapshot& fetched);

    // ---- A crash and what is found after it.
    struct losses {
        bool records = false;
        bool state = false;
    };
    losses crash(runtime::random_source& chance);
    [[nodiscard]] stored_replica recover();

    [[nodiscard]] const toy_log& written() const { return written_; }
    [[nodiscard]] const toy_log& durable() const { return durable_; }

  private:
    struct cut {
        offset to;
    };
    struct trimming {
        snapshot_id to;
    };
    using operation = std::variant<batch, cut, trimming>;

    static void apply(const operation& what, toy_log& log);
    void make(operation what);

    voter_set configured_;
    deceit deceit_;
    toy_log written_;
    toy_log durable_;
    std::deque<operation> pending_;
    quorum_state state_;
    std::deque<quorum_state> states_;
};

}  // namespace verdikt::broker::raft
