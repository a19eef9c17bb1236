/// Consistency models of transactions, and which anomalies each of them rules out.
///
/// Names and their order are Elle's, and so is what follows from what: a model rules out what the
/// weaker ones rule out, and an anomaly rules out every model that forbids something it is a case
/// of. Sources: Adya, "Weak Consistency" (1999); Bailis et al., "Highly Available Transactions"
/// (2013); Cerone et al., "A Framework for Transactional Consistency Models with Atomic Visibility"
/// (2015); Daudjee and Salem, "Lazy Database Replication with Snapshot Isolation" (2006).
///
/// One model is ours: `kafka-log`, what a Kafka-protocol log promises to those who produce into
/// several partitions and fetch them. Its transactions may interleave and its reads may be old, so
/// it forbids no cycle, but it says which were seen, real time included. What was acknowledged or
/// read is there in the end, and of each transaction all or nothing.
#pragma once

#include "checker/graph/digraph.h"

#include <expected>
#include <initializer_list>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::checker::transactions {

inline constexpr std::string_view strictest_model = "strict-serializable";

class consistency_model {
  public:
    /// `names`: one model, or several parted by commas that must all hold. The error is the name
    /// that is unknown.
    [[nodiscard]] static std::expected<consistency_model, std::string> named(
        std::string_view names);

    [[nodiscard]] const std::string& name() const { return name_; }
    /// Requires: the anomaly is one that the checkers of transactions report.
    [[nodiscard]] bool forbids(std::string_view anomaly) const;
    [[nodiscard]] bool forbids_cycles() const;
    /// The same, but that these may happen.
    [[nodiscard]] consistency_model allowing(
        std::initializer_list<std::string_view> anomalies) const;
    /// What besides data orders transactions: `graph::realtime`, `graph::process` or nothing. What
    /// one process did is part of real time, so never both.
    [[nodiscard]] graph::reasons order() const { return order_; }

  private:
    std::string name_;
    std::set<std::string_view> forbidden_;
    graph::reasons order_ = 0;
};

/// From the weakest to the strictest; of names for one model the usual one.
[[nodiscard]] std::vector<std::string_view> all_models();

}  // namespace verdikt::checker::transactions
