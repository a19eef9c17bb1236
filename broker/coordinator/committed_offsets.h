/// How far one group has come in each partition.
///
/// Pure. A commit is visible once it is durable, and its transaction, if it is of one, is
/// committed: `begin` notes that one is being written, `finish` ends it. A partition under a commit
/// does not expire, and a deletion covers it too.
#pragma once

#include "broker/coordinator/committed_offset.h"
#include "broker/coordinator/transactional_offsets.h"
#include "kafka/types.h"
#include "runtime/clock.h"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace verdikt::broker::coordinator {

class committed_offsets {
  public:
    using map = std::map<kafka::topic_partition, committed_offset>;

    /// A commit is on its way to the log.
    void begin(const kafka::topic_partition& where);
    /// It arrived (`value`), or failed (nothing). Requires: begun. Commits finish in their order.
    void finish(const kafka::topic_partition& where, std::optional<committed_offset> value);
    /// From the log, at start.
    void restore(kafka::topic_partition where, committed_offset value);
    /// A tombstone is durable.
    void erase(const kafka::topic_partition& where);

    // ---- Commits within a transaction. They count once it is committed.

    void begin_in_transaction(const kafka::topic_partition& where) { transactional_.begin(where); }
    void finish_in_transaction(const kafka::topic_partition& where,
                               kafka::producer_id producer,
                               std::optional<committed_offset> value);
    void restore_in_transaction(const kafka::topic_partition& where,
                                kafka::producer_id producer,
                                committed_offset value);
    void end_transaction(kafka::producer_id producer, bool committed);
    /// Whether a transaction is still to decide how far the group has come there (KIP-447).
    [[nodiscard]] bool is_unstable(const kafka::topic_partition& where) const {
        return transactional_.is_unstable(where);
    }

    [[nodiscard]] const map& values() const { return values_; }
    /// Null if nothing was committed.
    [[nodiscard]] const committed_offset* find(const kafka::topic_partition& where) const;
    /// Those with a value, and those that a commit under way may give one.
    [[nodiscard]] std::vector<kafka::topic_partition> partitions() const;
    [[nodiscard]] bool knows(const kafka::topic_partition& where) const {
        return values_.contains(where) || under_way_.contains(where) || is_unstable(where);
    }
    [[nodiscard]] bool empty() const {
        return values_.empty() && under_way_.empty() && transactional_.empty();
    }

    /// What has been kept for `retention` since it was committed, and since the group became empty
    /// (`idle_since`, where it ever had members). Requires: the group is empty.
    [[nodiscard]] std::vector<kafka::topic_partition> expired(
        kafka::timestamp now,
        std::chrono::milliseconds retention,
        std::optional<kafka::timestamp> idle_since) const;

    void check_invariants() const;

  private:
    map values_;
    transactional_offsets transactional_;
    std::map<kafka::topic_partition, std::int32_t> under_way_;  ///< How many commits each.
};

}  // namespace verdikt::broker::coordinator
