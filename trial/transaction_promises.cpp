#include "trial/transaction_promises.h"

#include "runtime/check.h"

#include <utility>

namespace verdikt::trial {

checker::transactions::consistency_model transaction_promises(const workloads::load_options& load) {
    auto found = checker::transactions::consistency_model::named("kafka-log");
    CHECK(found.has_value());
    checker::transactions::consistency_model promised = std::move(*found);
    // What was written by itself and failed is in no log, whoever reads it.
    if (!load.promises_committed() && load.transactional()) {
        promised = promised.allowing({"G1a", "dirty-update"});
    }
    if (!load.promises_committed() || !load.transactional()) {
        promised = promised.allowing({"torn-transaction"});
    }
    if (!load.promises_durable()) {
        promised = promised.allowing({"lost-write", "torn-transaction", "cyclic-versions"});
    }
    if (!load.promises_idempotent()) {
        promised = promised.allowing({"duplicate-elements", "cyclic-versions"});
    }
    // Those who read below the high watermark are given what stays, unless a leader lacks it.
    if (load.unclean_elections && !load.expect_durable) {
        promised = promised.allowing({"incompatible-order"});
    }
    return promised;
}

checker::transactions::run_floor transaction_floor(const workloads::load_options& load) {
    const auto least = static_cast<std::uint64_t>(load.operations_min);
    return {.writes_min = least, .reads_min = least, .final_reads = true};
}

}  // namespace verdikt::trial
