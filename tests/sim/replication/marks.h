/// Rare states that a storm has to reach: one that no seed ever reached is a rule untested.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace verdikt::broker::replication {

enum class mark : std::uint8_t {
    truncated,
    truncated_across_two_epochs,
    truncated_what_was_acknowledged_by_its_leader_alone,
    truncated_below_the_high_watermark,
    log_restarted_at_the_leaders_start,
    leaders_bounds_asked,
    role_change_waited_for_the_log,
    late_append_after_demotion,
    epoch_without_records,
    spent_epoch_not_led,
    epoch_skipped_by_a_replica,
    high_watermark_held_by_strict_min_isr,
    high_watermark_below_the_epochs_start,
    pending_shrink_outlived_leader,
    pending_expansion_outlived_leader,
    proposal_sent_again,
    proposal_ineligible,
    proposal_settled_by_metadata,
    doubt_left_by_a_lost_attempt,
    doubt_lifted_by_an_empty_change,
    fetch_of_a_dead_incarnation,
    fetch_fenced,
    fetch_from_a_leader_that_is_behind,
    refused_for_too_few_in_sync,
    committed_but_too_few_left_in_sync,
    isolated_leader_refused,
    waits_failed_by_demotion,
    unsynced_tail_lost,
    everybody_lost_power,
    elected_from_eligible_leader_replicas,
    elected_uncleanly,
    recovered_after_an_unclean_election,
    dropped_from_isr_for_an_unclean_restart,
    paused_leader_came_back,
    count,
};

inline constexpr std::array<std::string_view, static_cast<std::size_t>(mark::count)> mark_names{
    "truncated",
    "truncated across two epochs",
    "truncated what was acknowledged by its leader alone",
    "truncated below the high watermark",
    "log restarted at the leader's start",
    "leader's bounds asked",
    "role change waited for the log",
    "late append after demotion",
    "epoch without records",
    "spent epoch not led",
    "epoch skipped by a replica",
    "high watermark held by strict min ISR",
    "high watermark below the epoch's start",
    "pending shrink outlived leader",
    "pending expansion outlived leader",
    "proposal sent again",
    "proposal ineligible",
    "proposal settled by metadata",
    "doubt left by a lost attempt",
    "doubt lifted by an empty change",
    "fetch of a dead incarnation",
    "fetch fenced",
    "fetch from a leader that is behind",
    "refused for too few in sync",
    "committed but too few left in sync",
    "isolated leader refused",
    "waits failed by demotion",
    "unsynced tail lost",
    "everybody lost power",
    "elected from eligible leader replicas",
    "elected uncleanly",
    "recovered after an unclean election",
    "dropped from ISR for an unclean restart",
    "paused leader came back",
};

class mark_table {
  public:
    void reach(mark which) { ++counts_[static_cast<std::size_t>(which)]; }
    [[nodiscard]] std::uint64_t count(mark which) const {
        return counts_[static_cast<std::size_t>(which)];
    }

  private:
    std::array<std::uint64_t, static_cast<std::size_t>(mark::count)> counts_{};
};

}  // namespace verdikt::broker::replication
