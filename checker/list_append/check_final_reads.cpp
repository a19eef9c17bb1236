/// lost-write, torn-transaction: see checker/transactions/final_reads.h. A list lacks what does not
/// stand in it.
#include "checker/list_append/evidence.h"

namespace verdikt::checker::list_append {

namespace {

/// A reader of a longer list has read what it begins with.
std::vector<std::uint32_t> first_readers(const evidence& seen) {
    std::vector<std::uint32_t> readers(seen.history.operations.values().size(), none);
    for (const version& one : seen.history.lists.versions()) {
        if (one.row < readers[one.value] && seen.rows()[one.row].ok()) {
            readers[one.value] = one.row;
        }
    }
    return readers;
}

std::vector<bool> missing_values(const evidence& seen, const transactions::final_reads& last) {
    const auto& values = seen.history.operations.values();
    std::vector<bool> present(values.size());
    std::vector<std::uint32_t> list;
    for (std::uint32_t key = 0; key < seen.history.operations.keys().size(); ++key) {
        const auto& read = last.of(key);
        if (read.row == none) continue;
        const step& one = seen.steps_of(seen.rows()[read.row])[read.position];
        list.clear();
        if (one.what() == act::read) seen.history.lists.append_values(one.subject, list);
        for (const std::uint32_t value : list) present[value] = true;
    }
    std::vector<bool> missing(values.size());
    for (std::uint32_t value = 0; value < values.size(); ++value) {
        missing[value] = !present[value] && last.of(values.partition_of(value)).row != none;
    }
    return missing;
}

}  // namespace

void check_final_reads(const evidence& seen,
                       const transactions::final_reads& last,
                       findings& into) {
    transactions::check_final_reads(seen.history.operations,
                                    seen.writers,
                                    last,
                                    {.first_reader = first_readers(seen),
                                     .missing = missing_values(seen, last),
                                     .lacked_it = "went without"},
                                    seen.asked,
                                    into);
}

}  // namespace verdikt::checker::list_append
