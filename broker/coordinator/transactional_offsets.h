/// Offsets that a group committed in transactions which are not decided yet (KIP-98, KIP-447).
///
/// Pure. Whatever stands later in the log wins, as it will once the log is compacted: a plain
/// commit over what a transaction wrote before it, and of two transactions the one that wrote last,
/// in whatever order they are committed.
///
/// Invariants (`check_invariants`): no transaction without partitions; orders are given out once.
#pragma once

#include "broker/coordinator/committed_offset.h"
#include "kafka/types.h"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace verdikt::broker::coordinator {

class transactional_offsets {
  public:
    /// A commit is on its way to the log.
    void begin(const kafka::topic_partition& where) { ++under_way_[where]; }
    /// It arrived (`value`), or failed (nothing). Requires: begun. Commits finish in their order.
    void finish(const kafka::topic_partition& where,
                kafka::producer_id producer,
                std::optional<committed_offset> value);
    /// From the log, at start.
    void restore(const kafka::topic_partition& where,
                 kafka::producer_id producer,
                 committed_offset value);
    /// A later record of the partition is of no transaction.
    void supersede(const kafka::topic_partition& where);
    /// Forgets the producer's transaction. Returns what it committed.
    [[nodiscard]] std::map<kafka::topic_partition, committed_offset> end(
        kafka::producer_id producer, bool committed);

    /// Whether how far the group has come there depends on a transaction.
    [[nodiscard]] bool is_unstable(const kafka::topic_partition& where) const;
    [[nodiscard]] std::vector<kafka::topic_partition> partitions() const;
    [[nodiscard]] bool empty() const { return open_.empty() && under_way_.empty(); }

    void check_invariants() const;

  private:
    struct written_offset {
        std::optional<committed_offset> value;  ///< Nothing once superseded.
        std::uint64_t order = 0;
    };
    using transaction = std::map<kafka::topic_partition, written_offset>;

    void supersede_before(const kafka::topic_partition& where, std::uint64_t order);

    std::map<kafka::producer_id, transaction> open_;
    std::map<kafka::topic_partition, std::int32_t> under_way_;  ///< How many commits each.
    std::uint64_t last_order_ = 0;
};

}  // namespace verdikt::broker::coordinator
