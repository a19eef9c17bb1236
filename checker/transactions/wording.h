/// How what was found in transactions is worded, and the evidence that goes with it.
#pragma once

#include "checker/transactions/anomaly_cycles.h"
#include "checker/transactions/consistency_model.h"
#include "checker/transactions/recording.h"
#include "checker/verdict/findings.h"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

namespace verdikt::checker::transactions {

class wording {
  public:
    /// The history must outlive this object.
    explicit wording(const recording& history) : history_(history) {}

    /// "operation 12".
    [[nodiscard]] std::string operation(std::uint32_t row) const;
    /// "key x".
    [[nodiscard]] std::string key(std::uint32_t number) const;
    /// "7 of key x".
    [[nodiscard]] std::string value(std::uint32_t number) const;
    /// The `index` of each row, in order, each once; `none` is left out.
    [[nodiscard]] std::vector<std::int64_t> operations(
        const std::vector<std::uint32_t>& rows) const;

  private:
    const recording& history_;
};

/// Why data make one row come before another, as a sentence; the reason is ww, wr or rw.
using data_sentence =
    std::function<std::string(std::uint32_t from, std::uint32_t to, graph::reasons why)>;

/// Adds cycles as anomalies: each of their arcs with its reason and a sentence on it.
void add_cycles(const recording& history,
                const consistency_model& model,
                const cycle_findings& found,
                const data_sentence& explain,
                findings& into);

/// A count that is there only where a history tells offsets.
inline constexpr std::string_view offsets_counted = "offsets told";

/// What every checker of transactions counts, and what makes it doubt.
void add_totals(const recording& history, findings& into);
void doubt_ambiguous_values(std::uint64_t how_many, findings& into);
/// Requires: of the graph of dependencies.
void doubt_empty_graph(const graph::digraph& graph, findings& into);

}  // namespace verdikt::checker::transactions
