/// Judges a history of transactions that append to lists and read them, as Elle's list-append does.
///
/// A list that was read tells the order in which its elements were appended, and that of a key is
/// the longest one anybody read; what was appended and is not in it came after it. From there:
/// who appended an element precedes who appended the next (ww) and who read a list that ends with
/// it (wr), and who read a list that ends just before it precedes its writer (rw). Transactions
/// that failed take no part; one whose outcome is unknown precedes nothing in time.
///
/// docs/checker.md lists the anomalies and where this checker and Elle differ. Takes time and
/// memory in proportion to the history.
#pragma once

#include "checker/list_append/version_tree.h"
#include "checker/transactions/consistency_model.h"
#include "checker/transactions/final_reads.h"
#include "checker/transactions/recording.h"
#include "checker/verdict/judgement.h"

namespace verdikt::checker::list_append {

struct list_history {
    version_tree lists;
    transactions::recording operations;

    [[nodiscard]] static std::expected<list_history, history::malformed> read(
        history::operation_reader& from);
};

/// `least` makes a run of too little inconclusive.
[[nodiscard]] judgement check(const list_history& history,
                              const transactions::consistency_model& asked,
                              const transactions::run_floor& least = {});

}  // namespace verdikt::checker::list_append
