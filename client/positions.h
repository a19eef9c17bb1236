/// Where a consumer stands in each partition that it reads.
///
/// Pure. A partition begins without a position, gets one (committed, reset by policy, or sought),
/// and loses trust in it when its leader changes until the new leader confirms the history
/// (KIP-320). Answers that were asked for earlier are dropped if the program moved meanwhile: each
/// change that the program makes gives the partition a new `turn`, which the answer must name.
///
/// Invariants: a position exists exactly in the states `validating` and `fetching`.
#pragma once

#include "client/record.h"
#include "kafka/types.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>

namespace verdikt::client {

enum class position_state {
    uncommitted,  ///< The group's committed offset must be asked for.
    resetting,    ///< An offset must be looked up by `reset_timestamp`.
    validating,   ///< The position is known, but not whether the leader's log still agrees.
    fetching,
    stuck,  ///< No position, and the policy gives none.
};

struct fetch_position {
    kafka::offset offset;
    kafka::leader_epoch epoch = kafka::no_leader_epoch;  ///< Of the record before `offset`.
};

struct partition_position {
    position_state state = position_state::uncommitted;
    std::uint64_t turn = 0;
    std::int64_t reset_timestamp = 0;
    fetch_position at{.offset = kafka::no_offset};
    kafka::leader_epoch leader = kafka::no_leader_epoch;  ///< Under which `at` was last validated.
    bool paused = false;
};

class positions {
  public:
    /// `reset_timestamp`: of auto.offset.reset, nothing for "none".
    positions(bool has_group, std::optional<std::int64_t> reset_timestamp)
        : has_group_(has_group), reset_timestamp_(reset_timestamp) {}

    /// Partitions that stay keep their positions.
    void assign(const std::set<topic_partition>& partitions);

    [[nodiscard]] const std::map<topic_partition, partition_position>& all() const { return all_; }
    [[nodiscard]] bool contains(const topic_partition& which) const { return all_.contains(which); }
    [[nodiscard]] std::set<topic_partition> assigned() const;
    [[nodiscard]] std::set<topic_partition> in_state(position_state state) const;
    [[nodiscard]] const partition_position* find(const topic_partition& which) const;

    // What the program does. Requires of each: contains(which).
    void seek(const topic_partition& which, fetch_position to);
    void seek_by_time(const topic_partition& which, std::int64_t reset_timestamp);
    void set_paused(const topic_partition& which, bool paused);
    /// Records up to here were handed out.
    void advance(const topic_partition& which, fetch_position to);

    // Answers. Each is dropped if the partition is gone or its turn is another by now.
    void committed(const topic_partition& which,
                   std::uint64_t turn,
                   const std::optional<committed_offset>& offset);
    void reset(const topic_partition& which, std::uint64_t turn, fetch_position to);
    void out_of_range(const topic_partition& which, std::uint64_t turn);
    /// The end of the largest epoch not above the position's, as the leader has it; -1 if unknown.
    /// False if the log was truncated below the position and no policy says where to go on.
    bool validated(const topic_partition& which,
                   std::uint64_t turn,
                   kafka::leader_epoch leader,
                   fetch_position end);

    /// The leader of a partition is now this one; a new one must confirm the position.
    /// `can_validate`: the question exists in the broker's protocol.
    void led_by(const topic_partition& which, kafka::leader_epoch leader, bool can_validate);

    /// What a commit of everything would commit.
    [[nodiscard]] std::map<topic_partition, committed_offset> to_commit() const;

    void check_invariants() const;

  private:
    [[nodiscard]] partition_position* current(const topic_partition& which, std::uint64_t turn);
    void reset_by_policy(partition_position& which) const;

    bool has_group_;
    std::optional<std::int64_t> reset_timestamp_;
    std::uint64_t next_turn_ = 1;
    std::map<topic_partition, partition_position> all_;
};

}  // namespace verdikt::client
