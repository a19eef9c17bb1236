/// What a checker says of a history: a verdict, and every anomaly with what proves it.
///
/// An anomaly was *seen*; whether it was *promised not to happen* is another question, which the
/// settings of the run answer. Only what was promised makes a violation; the rest is reported
/// apart.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::checker {

/// From the best to the worst: a run is as bad as the worst of its parts.
enum class verdict : std::uint8_t {
    valid,
    /// Nothing bad was seen, but too little was seen to say so.
    inconclusive,
    /// The lab failed.
    infra,
    violation,
    /// Verdikt failed.
    crash,
};

[[nodiscard]] std::string_view name_of(verdict what);

enum class certainty : std::uint8_t {
    certain,
    /// What was seen has no likelier cause, but one could be made up.
    inferred,
};

[[nodiscard]] std::string_view name_of(certainty what);

/// Where in a log it happened. A report shows the offsets around it.
struct log_place {
    std::string partition;
    std::int64_t offset = 0;

    friend bool operator==(const log_place&, const log_place&) = default;
};

/// Why one operation comes before another: an arc of a cycle.
struct dependency {
    /// By `index`.
    std::int64_t from = 0;
    std::int64_t to = 0;
    /// `ww`, `wr`, `rw`, `process` or `realtime`.
    std::string why;
};

/// One case of an anomaly.
struct anomaly {
    certainty how = certainty::certain;
    /// The operations that prove it and no others, by `index`, in order.
    std::vector<std::int64_t> operations;
    /// One sentence in terms of those operations.
    std::string what;
    /// Empty where no offset is known.
    std::vector<log_place> places = {};
    /// Of a cycle its arcs, each ending where the next begins; empty of anything else.
    std::vector<dependency> cycle = {};
};

/// All cases of one anomaly that have one standing.
struct finding {
    /// As the catalogue has it.
    std::string_view name;
    /// What it breaks, if it was promised: the settings under which it was.
    std::string promised_by;
    std::uint64_t count = 0;
    /// The first of them.
    std::vector<anomaly> examples;
    /// Of the checker that found it, as the catalogue has it: some names mean something a little
    /// different to each.
    std::string_view model = {};
};

struct judgement {
    verdict says = verdict::valid;
    /// Why it is inconclusive, or would be if nothing were violated.
    std::vector<std::string> doubts;
    /// What the reader should know of the history besides.
    std::vector<std::string> notes;
    /// Promised not to happen. The worst first (`is_worse`).
    std::vector<finding> violations;
    /// Seen, and allowed by the settings. In the same order.
    std::vector<finding> allowed;
    /// What the checker looked at, for the reader to see that it was not nothing.
    std::vector<std::pair<std::string, std::uint64_t>> counts;
};

}  // namespace verdikt::checker
