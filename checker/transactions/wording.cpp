#include "checker/transactions/wording.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::checker::transactions {

namespace {

std::string_view name_of(graph::reasons why) {
    switch (why) {
        case graph::ww:
            return "ww";
        case graph::wr:
            return "wr";
        case graph::rw:
            return "rw";
        case graph::process:
            return "process";
        default:
            return "realtime";
    }
}

std::string explain_order(const wording& words, const cycle_step& one) {
    if (one.why == graph::process) {
        return fmt::format(
            "one process did {} before {}", words.operation(one.from), words.operation(one.to));
    }
    return fmt::format(
        "{} ended before {} began", words.operation(one.from), words.operation(one.to));
}

anomaly describe(const recording& history,
                 const anomaly_cycle& found,
                 const data_sentence& explain) {
    const wording words(history);
    anomaly told;
    std::vector<std::uint32_t> rows;
    for (const cycle_step& one : found.steps) {
        const bool by_data = (one.why & (graph::ww | graph::wr | graph::rw)) != 0;
        const std::string why =
            by_data ? explain(one.from, one.to, one.why) : explain_order(words, one);
        told.what += told.what.empty() ? "" : "; ";
        told.what += why;
        told.cycle.push_back({.from = history.index_of(history.rows()[one.from]),
                              .to = history.index_of(history.rows()[one.to]),
                              .why = std::string(name_of(one.why))});
        rows.push_back(one.from);
    }
    told.operations = words.operations(std::move(rows));
    return told;
}

}  // namespace

std::string wording::operation(std::uint32_t row) const {
    return fmt::format("operation {}", history_.index_of(history_.rows()[row]));
}

std::string wording::key(std::uint32_t number) const {
    return fmt::format("key {}", history_.keys().text_of(number));
}

std::string wording::value(std::uint32_t number) const {
    const auto& values = history_.values();
    return fmt::format("{} of {}", values.text_of(number), key(values.partition_of(number)));
}

std::vector<std::int64_t> wording::operations(const std::vector<std::uint32_t>& rows) const {
    std::vector<std::int64_t> indexes;
    for (const std::uint32_t row : rows) {
        if (row != none) indexes.push_back(history_.index_of(history_.rows()[row]));
    }
    std::ranges::sort(indexes);
    indexes.erase(std::ranges::unique(indexes).begin(), indexes.end());
    return indexes;
}

void add_cycles(const recording& history,
                const consistency_model& model,
                const cycle_findings& found,
                const data_sentence& explain,
                findings& into) {
    for (const anomaly_cycle& one : found.cycles) {
        into.add(
            one.name, model.forbids(one.name), [&] { return describe(history, one, explain); });
    }
    // Where no cycle is forbidden, nothing worse can be among them.
    if (found.undecided > 0 && model.forbids_cycles()) {
        into.doubt(fmt::format(
            "{} groups of transactions that depend on each other in circles were too large to "
            "search; what was found in them is certain, worse may be there",
            found.undecided));
    }
}

void add_totals(const recording& history, findings& into) {
    std::uint64_t failed = 0;
    std::uint64_t unknown = 0;
    for (const row& one : history.rows()) {
        if (one.type == history::op_type::fail) ++failed;
        if (one.type == history::op_type::info) ++unknown;
    }
    into.count("transactions", history.rows().size());
    into.count("failed", failed);
    into.count("unknown", unknown);
    into.count("micro-operations", history.steps());
    into.count("values", history.values().size());
    into.count("keys", history.keys().size());
    if (history.offsets() > 0) into.count(std::string(offsets_counted), history.offsets());
}

void doubt_ambiguous_values(std::uint64_t how_many, findings& into) {
    if (how_many == 0) return;
    into.doubt(
        fmt::format("{} values were written more than once to their key; who wrote what was read "
                    "of them nobody can tell",
                    how_many));
}

void doubt_empty_graph(const graph::digraph& graph, findings& into) {
    if (graph.arcs() > 0) return;
    into.doubt("no transaction depends on another; so few prove nothing");
}

}  // namespace verdikt::checker::transactions
