/// What a storm has reached: without it, a storm without violations says little.
///
/// Each mark is a state that matters because something could go wrong in it. `cluster_watch` sees
/// most of them from outside, between two of its looks; clients and faults count the others.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace verdikt::tests {

enum class mark : std::uint8_t {
    // Elections and in-sync sets, as metadata has them.
    leader_moved,
    leaderless,
    leader_moved_twice_in_a_second,
    elected_from_the_eligible,
    last_known_elected,
    unclean_election,
    preferred_leader_restored,
    isr_shrank,
    isr_grew,
    below_min_isr,
    isr_of_one,
    eligible_out_of_sync,
    eligible_lost_its_memory,
    // Brokers and controllers.
    fenced,
    clean_leave,
    left_while_leading,
    returned_after_leaving,
    unclean_registration,
    killed_while_starting,
    killed_while_stopping,
    all_down,
    healed_without_one,
    controller_moved,
    no_controller,
    two_controllers,
    controller_moved_while_leaderless,
    controller_moved_while_reassigning,
    metadata_log_truncated,
    metadata_snapshot_taken,
    metadata_snapshot_fetched,
    voter_removed,
    voter_added,
    producer_ids_given_out,
    // Replicas.
    two_served_as_leader,
    truncated,
    truncated_across_two_epochs,
    log_started_anew,
    high_watermark_behind_after_election,
    under_min_in_sync,
    leader_isolated,
    change_pending_while_leader_moved,
    change_in_doubt,
    waits_for_a_joiner,
    follower_fenced,
    fetch_of_an_older_epoch,
    fetch_of_a_newer_epoch,
    not_enough_replicas,
    commit_timed_out,
    duplicate_answered,
    duplicate_after_failover,
    out_of_order_refused,
    // Disks.
    broker_ended_by_its_disk,
    directory_failed_beside_others,
    elected_after_a_directory_failed,
    disk_full,
    disk_full_and_back,
    disk_hung,
    disk_hung_under_a_leader,
    sectors_lost,
    // Administration.
    reassignment_begun,
    reassignment_completed,
    reassignment_completed_while_one_was_down,
    reassignment_cancelled,
    partitions_added,
    topic_deleted,
    topic_deleted_while_one_was_down,
    topic_created_anew,
    setting_changed,
    records_deleted,
    records_deleted_across_a_leader_change,
    log_start_behind_after_election,
    compacted,
    rolling_restart,
    // Groups.
    offsets_committed,
    group_coordinator_moved,
    static_member_across_a_coordinator_move,
    member_lost_its_partitions,
    // Transactions.
    transaction_committed,
    transaction_aborted,
    transaction_unknown,
    transaction_timed_out,
    producer_fenced,
    coordinator_moved_while_ongoing,
    coordinator_moved_while_preparing_commit,
    coordinator_moved_while_preparing_abort,
    stable_end_held_back,
    // What senders were told.
    delivered,
    failed,
    unknown,
};
inline constexpr std::size_t marks = static_cast<std::size_t>(mark::unknown) + 1;

[[nodiscard]] std::string_view name(mark which);
/// Whether a few seeds already reach it. The others take more than a test can run.
[[nodiscard]] bool is_common(mark which);

class cluster_marks {
  public:
    void count(mark which, std::uint64_t times = 1) {
        counts_[static_cast<std::size_t>(which)] += times;
    }
    [[nodiscard]] std::uint64_t counted(mark which) const {
        return counts_[static_cast<std::size_t>(which)];
    }
    [[nodiscard]] std::size_t reached() const;
    /// Common ones that were not reached, as a list for a message.
    [[nodiscard]] std::string missing() const;
    /// Adds the counts of one more seed.
    void add(const cluster_marks& of_a_seed);
    /// One line a mark: how often, in how many of the seeds added.
    [[nodiscard]] std::string text() const;

  private:
    std::array<std::uint64_t, marks> counts_{};
    std::array<std::uint64_t, marks> seeds_{};
};

}  // namespace verdikt::tests
