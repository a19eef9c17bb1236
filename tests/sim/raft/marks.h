/// Rare states that the seeds must reach, counted.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace verdikt::broker::raft {

enum class mark {
    leader_elected,
    candidates_split_the_vote,
    pre_vote_refused_for_a_leader,
    pre_vote_round_lost,
    vote_refused_for_a_shorter_log,
    vote_refused_as_given_to_another,
    leader_stepped_down_by_check_quorum,
    leader_deposed_by_a_later_epoch,
    leader_handed_over,
    successor_elected_at_once,
    follower_truncated,
    truncated_across_two_epochs,
    fetch_diverged,
    message_held_back_for_a_vote,
    crash_lost_records,
    crash_lost_a_vote_being_written,
    leader_crashed,
    record_lost_with_its_leader,
    earlier_epoch_committed_by_a_later_one,
    snapshot_taken,
    snapshot_installed,
    snapshot_fetch_abandoned,
    snapshot_gone_while_fetched,
    voter_added,
    voter_removed,
    voter_removed_while_leader,
    voters_reverted_by_truncation,
    voter_change_timed_out,
    removed_voter_asked_in_vain,
    one_way_partition,
    message_duplicated,
    stale_answer_ignored,
    count,  // The last one, not a mark.
};

class mark_counts {
  public:
    void reach(mark which) { ++counts_[static_cast<std::size_t>(which)]; }
    [[nodiscard]] std::uint64_t of(mark which) const {
        return counts_[static_cast<std::size_t>(which)];
    }
    void add(const mark_counts& other);

  private:
    std::array<std::uint64_t, static_cast<std::size_t>(mark::count)> counts_{};
};

[[nodiscard]] std::string_view name(mark which);
/// One line a mark: how often, and what.
[[nodiscard]] std::string report(const mark_counts& counts);

}  // namespace verdikt::broker::raft
