/// eos-duplicate: one input has two outputs.
///
/// An output is one place in the log. It counts if a reader was given it, or if a transaction that
/// is `ok` names it; one whose sender was not told the place counts if no reader found it
/// elsewhere. An input that lies in its own log twice may be processed twice, and is left out.
#include "checker/exactly_once/evidence.h"

#include <fmt/format.h>

namespace verdikt::checker::exactly_once {

namespace {

/// The first output of each place.
std::vector<output> distinct(std::span<const output> outputs) {
    std::vector<output> kept;
    for (const output& one : outputs) {
        const bool same_attempt = !kept.empty() && kept.back().attempt == one.attempt;
        // Those without a place come first of their attempt and partition; a place replaces them.
        if (same_attempt && kept.back().offset < 0) {
            kept.back() = one;
            continue;
        }
        const bool same_place = same_attempt && kept.back().partition == one.partition &&
                                kept.back().offset == one.offset;
        if (!same_place && (one.offset >= 0 || !same_attempt)) kept.push_back(one);
    }
    return kept;
}

std::string place_text(const evidence& seen, const output& one) {
    std::string partition(seen.history.partitions.text_of(one.partition));
    if (one.offset < 0) return partition;
    return fmt::format("offset {} of {}", one.offset, partition);
}

anomaly describe(const evidence& seen, std::uint32_t input, const std::vector<output>& two) {
    anomaly what{.places = seen.places(input)};
    std::vector<std::int64_t> proof;
    for (const output& one : {two[0], two[1]}) {
        proof.push_back(seen.history.index_of(one.line));
        if (one.attempt == none) continue;
        proof.push_back(seen.history.index_of(seen.history.attempts[one.attempt]));
    }
    what.operations = in_order(std::move(proof));
    what.what = fmt::format("{} was processed into {} outputs, among them {} and {}",
                            seen.history.input_text(input),
                            two.size(),
                            place_text(seen, two[0]),
                            place_text(seen, two[1]));
    return what;
}

}  // namespace

void check_duplicates(const evidence& seen, findings& into) {
    for (std::uint32_t input = 0; input < seen.history.inputs.size(); ++input) {
        const auto outputs = seen.outputs_of(input);
        if (outputs.size() < 2 || seen.history.inputs[input].twice) continue;
        const std::vector<output> places = distinct(outputs);
        if (places.size() < 2) continue;
        into.add("eos-duplicate", seen.asked.promises_each_once(), [&] {
            return describe(seen, input, places);
        });
    }
}

}  // namespace verdikt::checker::exactly_once
