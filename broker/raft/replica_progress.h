/// What a leader knows of the other replicas: how far each has its log safe, and when it last
/// asked.
///
/// Pure bookkeeping of one epoch. A fetch that was found to diverge is proof of life but does not
/// move the position. Voters are known from the start; others come with their first fetch.
#pragma once

#include "broker/raft/effects.h"
#include "broker/raft/types.h"

#include <map>
#include <optional>
#include <vector>

namespace verdikt::broker::raft {

/// A fetch that nothing new could be told yet.
struct parked_fetch {
    ticket from;
    offset at;  ///< What it asked for.
    instant until;
};

struct replica_progress {
    std::optional<offset> acknowledged = {};  ///< All below is safe there.
    std::optional<instant> last_fetch = {};
    /// When it last fetched at the end of the log.
    std::optional<instant> last_caught_up = {};
    /// The high watermark that it was last told.
    offset told{0};
    std::optional<parked_fetch> parked = {};
};

class progress_table {
  public:
    explicit progress_table(instant now) : since_(now) {}

    /// The entry of a replica, made if it is new.
    [[nodiscard]] replica_progress& of(const replica_key& replica) { return replicas_[replica]; }
    [[nodiscard]] const replica_progress* find(const replica_key& replica) const;
    [[nodiscard]] std::map<replica_key, replica_progress>& all() { return replicas_; }
    [[nodiscard]] const std::map<replica_key, replica_progress>& all() const { return replicas_; }

    /// How far a majority of the voters has its log safe, `own` standing for the leader itself if
    /// it is one of them. Offset 0 if that is unknown.
    [[nodiscard]] offset majority_end(const voter_set& voters,
                                      const replica_key& self,
                                      offset own) const;
    /// When the last moment was at which a majority of the voters had fetched since; the leader, if
    /// it is one of them, counts as having fetched `now`.
    [[nodiscard]] instant majority_fetched_since(const voter_set& voters,
                                                 const replica_key& self,
                                                 instant now) const;
    /// Voters but for `self`, the one that is farthest first.
    [[nodiscard]] std::vector<replica_key> voters_by_progress(const voter_set& voters,
                                                              const replica_key& self) const;
    void forget_observers_before(const voter_set& voters, instant oldest);
    /// What is known of a voter; nullptr if it never fetched.
    [[nodiscard]] const replica_progress* voter(const voter_set& voters, node_id node) const;

  private:
    instant since_;  ///< When the epoch began; nobody could fetch before.
    std::map<replica_key, replica_progress> replicas_;
};

}  // namespace verdikt::broker::raft
