/// How far one group has come in each partition.
///
/// Pure. A commit is visible once it is durable: `begin` notes that one is being written,
/// `finish` ends it. A partition under a commit does not expire, and a deletion covers it too.
#pragma once

#include "kafka/types.h"
#include "runtime/clock.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::broker::coordinator {

struct committed_offset {
    kafka::offset at;
    kafka::leader_epoch epoch = kafka::no_leader_epoch;
    std::string metadata = {};
    kafka::timestamp committed{0};
    /// Set by clients that ask for a retention of their own (OffsetCommit 2 to 4).
    std::optional<kafka::timestamp> expires = {};

    bool operator==(const committed_offset&) const = default;
};

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
    void erase(const kafka::topic_partition& where) { values_.erase(where); }

    [[nodiscard]] const map& values() const { return values_; }
    /// Null if nothing was committed.
    [[nodiscard]] const committed_offset* find(const kafka::topic_partition& where) const;
    /// Those with a value, and those that a commit under way may give one.
    [[nodiscard]] std::vector<kafka::topic_partition> partitions() const;
    [[nodiscard]] bool knows(const kafka::topic_partition& where) const {
        return values_.contains(where) || under_way_.contains(where);
    }
    [[nodiscard]] bool empty() const { return values_.empty() && under_way_.empty(); }

    /// What has been kept for `retention` since it was committed, and since the group became empty
    /// (`idle_since`, where it ever had members). Requires: the group is empty.
    [[nodiscard]] std::vector<kafka::topic_partition> expired(
        kafka::timestamp now,
        std::chrono::milliseconds retention,
        std::optional<kafka::timestamp> idle_since) const;

    void check_invariants() const;

  private:
    map values_;
    std::map<kafka::topic_partition, std::int32_t> under_way_;  ///< How many commits each.
};

}  // namespace verdikt::broker::coordinator
