/// lost-write, torn-transaction: see checker/transactions/final_reads.h. A register lacks what lies
/// behind what it returned, as far as offsets are told; one that is unwritten lacks everything.
#include "checker/rw_register/evidence.h"

#include <algorithm>

namespace verdikt::checker::rw_register {

namespace {

/// By value the highest one that was told; -1 where none was.
std::vector<std::int64_t> highest_offsets(const evidence& seen) {
    std::vector<std::int64_t> offsets(seen.values(), -1);
    for (const row& here : seen.rows()) {
        const auto steps = seen.history.steps_of(here);
        for (std::uint32_t at = 0; at < steps.size(); ++at) {
            if (steps[at].what() == act::read_nothing) continue;
            std::int64_t& known = offsets[steps[at].subject];
            known = std::max(known, seen.history.offset_of(here, at));
        }
    }
    return offsets;
}

std::vector<std::uint32_t> first_readers(const evidence& seen) {
    std::vector<std::uint32_t> readers(seen.values(), none);
    for (std::uint32_t at = 0; at < seen.rows().size(); ++at) {
        if (!seen.rows()[at].ok()) continue;
        for (const step& one : seen.history.steps_of(seen.rows()[at])) {
            if (one.what() == act::read && readers[one.subject] == none) readers[one.subject] = at;
        }
    }
    return readers;
}

std::vector<bool> missing_values(const evidence& seen, const transactions::final_reads& last) {
    const std::vector<std::int64_t> offsets = highest_offsets(seen);
    std::vector<bool> missing(seen.values());
    for (version value = 0; value < seen.values(); ++value) {
        const auto& read = last.of(seen.key_of_version(value));
        if (read.row == none) continue;
        const row& reader = seen.rows()[read.row];
        const std::int64_t shown = seen.history.offset_of(reader, read.position);
        const bool unwritten =
            seen.history.steps_of(reader)[read.position].what() == act::read_nothing;
        missing[value] = unwritten || (shown >= 0 && offsets[value] > shown);
    }
    return missing;
}

}  // namespace

void check_final_reads(const evidence& seen,
                       const transactions::final_reads& last,
                       findings& into) {
    transactions::check_final_reads(seen.history,
                                    seen.writers,
                                    last,
                                    {.first_reader = first_readers(seen),
                                     .missing = missing_values(seen, last),
                                     .lacked_it = "returned something older than"},
                                    seen.asked.model,
                                    into);
}

}  // namespace verdikt::checker::rw_register
