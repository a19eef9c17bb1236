/// What a replica must know of its log to take part in a quorum: where it starts and ends, which
/// epoch starts where, and who voted from which record on. The records themselves lie elsewhere.
///
/// Invariants: epochs and their start offsets rise strictly, all within [start, end); the voters'
/// records rise, and the first stands for all that lies below the log's start.
#pragma once

#include "broker/raft/types.h"

#include <optional>
#include <utility>
#include <vector>

namespace verdikt::broker::raft {

class log_picture {
  public:
    /// An empty log that starts at `start`, the end of a snapshot or the very beginning. `voters`
    /// are those that the snapshot names, or the configured ones.
    explicit log_picture(voter_set voters, log_position start = {});

    [[nodiscard]] const log_position& start() const { return start_; }
    [[nodiscard]] offset end() const { return end_; }
    [[nodiscard]] log_position last() const { return {last_epoch(), end_}; }
    [[nodiscard]] leader_epoch last_epoch() const;

    /// The largest epoch of the log that is not after `epoch`, and where it ends. Below all of them
    /// it is the log's start.
    [[nodiscard]] log_position end_of(leader_epoch epoch) const;
    /// The epoch of the record before `end`. Requires: start().end <= end <= this->end().
    [[nodiscard]] leader_epoch epoch_before(offset end) const;

    /// Those of the last record that names them, committed or not (KIP-853).
    [[nodiscard]] const voter_set& voters() const { return voters_.back().second; }
    /// Where that record is; nothing while they are the configured ones.
    [[nodiscard]] std::optional<offset> voters_at() const { return voters_.back().first; }
    /// Those in force for a log that ends there, for a snapshot to name.
    [[nodiscard]] const voter_set& voters_before(offset end) const;

    /// Requires: it continues the log, and its epoch is not before the last one.
    void append(const batch& next);
    /// Requires: start().end <= to <= end().
    void truncate(offset to);
    /// Requires: a position within the log.
    void trim(const log_position& to);
    /// Whether a batch may follow here.
    [[nodiscard]] bool continues(const batch& next) const;

    void check_invariants() const;

  private:
    struct epoch_start {
        leader_epoch epoch;
        offset at;
    };

    log_position start_;
    offset end_;
    std::vector<epoch_start> epochs_;
    std::vector<std::pair<std::optional<offset>, voter_set>> voters_;
};

}  // namespace verdikt::broker::raft
