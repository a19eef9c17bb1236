/// What a storm has reached: without it, a storm without violations says little.
///
/// Watches the brokers from outside, often, and counts what it sees happen between two looks.
#pragma once

#include "broker/metadata/image.h"
#include "tests/sim/cluster/cluster_machine.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace verdikt::tests {

enum class mark : std::uint8_t {
    leader_moved,
    leaderless,
    isr_shrank,
    isr_grew,
    below_min_isr,
    eligible_out_of_sync,
    controller_moved,
    fenced,
    clean_leave,
    returned_after_leaving,
    unclean_registration,
    two_served_as_leader,
    truncated,
    high_watermark_behind_after_election,
    snapshot_of_metadata,
    all_down,
    disk_failed,
    healed_without_one,
    delivered,
    failed,
    unknown,
    offsets_committed,
    transaction_committed,
    transaction_aborted,
    transaction_unknown,
};
inline constexpr std::size_t marks = 25;
[[nodiscard]] std::string_view name(mark which);

class cluster_marks {
  public:
    void count(mark which, std::uint64_t times = 1) {
        counts_[static_cast<std::size_t>(which)] += times;
    }
    [[nodiscard]] std::uint64_t counted(mark which) const {
        return counts_[static_cast<std::size_t>(which)];
    }
    [[nodiscard]] std::size_t reached() const;
    void add(const cluster_marks& other);
    [[nodiscard]] std::string text() const;

  private:
    std::array<std::uint64_t, marks> counts_{};
};

class cluster_watch {
  public:
    /// `machines` and `into` outlive it.
    cluster_watch(const std::deque<cluster_machine>& machines, cluster_marks& into)
        : machines_(machines), marks_(into) {}

    void look();
    /// Who leads the partition, as far as metadata goes; 0 for nobody.
    [[nodiscard]] int leader_of(const std::string& topic, std::size_t partition) const;
    /// Who is active as controller; 0 if nobody is seen to be.
    [[nodiscard]] int controller() const;

  private:
    /// A replica in one life of its broker.
    struct replica_seen {
        std::uint64_t life = 0;
        kafka::offset end{0};
    };

    /// Counts what lasts once, when it begins.
    void count_beginning(mark which, bool lasts);
    void look_at_metadata();
    void compare(const broker::metadata::image& before, const broker::metadata::image& after);
    void compare(const broker::metadata::partition& before,
                 const broker::metadata::partition& after);
    void compare(const broker::metadata::broker_registration& before,
                 const broker::metadata::broker_registration& after);
    void look_at_logs();
    void look_at_quorum();

    const std::deque<cluster_machine>& machines_;
    cluster_marks& marks_;
    std::array<bool, marks> lasting_{};
    broker::metadata::image newest_;
    std::map<std::pair<kafka::node_id, kafka::topic_partition>, replica_seen> replicas_;
    std::map<kafka::node_id, std::int64_t> snapshots_;  ///< Where each one's newest ends.
    int last_controller_ = 0;
};

}  // namespace verdikt::tests
