/// What every part of the list-append checker looks at.
#pragma once

#include "checker/list_append/list_append_checker.h"
#include "checker/transactions/final_reads.h"
#include "checker/transactions/wording.h"
#include "checker/transactions/writers.h"

namespace verdikt::checker::list_append {

using transactions::act;
using transactions::recording;
using transactions::row;
using transactions::step;

struct evidence {
    const list_history& history;
    const transactions::writers& writers;
    const transactions::consistency_model& asked;
    const transactions::wording& words;

    [[nodiscard]] const std::vector<row>& rows() const { return history.operations.rows(); }
    [[nodiscard]] std::span<const step> steps_of(const row& which) const {
        return history.operations.steps_of(which);
    }
    [[nodiscard]] const version& list(std::uint32_t number) const {
        return history.lists.versions()[number];
    }
    /// The key of a step.
    [[nodiscard]] std::uint32_t key_of(const step& one) const;
};

// Each reports the anomalies that it names; how they are told is said where they are.

/// phantom, G1a, duplicate-elements.
void check_elements(const evidence& seen, findings& into);
/// G1b, internal, future-read.
void check_reads(const evidence& seen, findings& into);
/// incompatible-order, dirty-update.
void check_orders(const evidence& seen, findings& into);
/// lost-update.
void check_updates(const evidence& seen, findings& into);
/// lost-write, torn-transaction.
void check_final_reads(const evidence& seen, const transactions::final_reads& last, findings& into);
/// G0, G1c, G-single-item, G-nonadjacent-item, G2-item, and their -process and -realtime variants.
void check_cycles(const evidence& seen, findings& into);

}  // namespace verdikt::checker::list_append
