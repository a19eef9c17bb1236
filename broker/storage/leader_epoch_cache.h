/// Which leader wrote what: for each leader epoch the offset at which it starts.
///
/// Followers and consumers resolve divergence by it (KIP-101, KIP-279, KIP-320), so it is cut with
/// the log at both ends. An epoch that wrote nothing leaves no trace once a later one starts at the
/// same offset.
///
/// Pure. Invariants: epochs and start offsets rise strictly.
#pragma once

#include "kafka/types.h"

#include <optional>
#include <vector>

namespace verdikt::broker::storage {

struct epoch_start {
    kafka::leader_epoch epoch;
    kafka::offset start;

    bool operator==(const epoch_start&) const = default;
};

struct epoch_end {
    kafka::leader_epoch epoch;  ///< The epoch asked for, or the largest known one below it.
    kafka::offset end_offset;   ///< Where the next epoch starts, or the log end.

    bool operator==(const epoch_end&) const = default;
};

class leader_epoch_cache {
  public:
    leader_epoch_cache() = default;
    /// What a checkpoint says. Entries out of order are dropped, as is what they would shadow.
    explicit leader_epoch_cache(const std::vector<epoch_start>& entries);

    /// Does nothing for epochs up to the latest, and for -1. True if the cache changed.
    bool assign(kafka::leader_epoch epoch, kafka::offset start);
    /// The log now ends at `end`. True if the cache changed.
    bool truncate_from_end(kafka::offset end);
    /// The log now starts at `start`. True if the cache changed.
    bool truncate_from_start(kafka::offset start);

    /// -1 if there is none.
    [[nodiscard]] kafka::leader_epoch latest() const;
    [[nodiscard]] kafka::leader_epoch epoch_of(kafka::offset offset) const;
    /// Nothing for an epoch above the latest, and if no epoch is known.
    [[nodiscard]] std::optional<epoch_end> end_offset_for(kafka::leader_epoch epoch,
                                                          kafka::offset log_end) const;

    [[nodiscard]] const std::vector<epoch_start>& entries() const { return entries_; }
    void check_invariants() const;

    bool operator==(const leader_epoch_cache&) const = default;

  private:
    std::vector<epoch_start> entries_;
};

}  // namespace verdikt::broker::storage
