/// What a run promises to transactions over keys, by its options.
#pragma once

#include "checker/transactions/consistency_model.h"
#include "checker/transactions/final_reads.h"
#include "workloads/load_options.h"

namespace verdikt::trial {

/// `kafka-log`, without what the options do not promise.
[[nodiscard]] checker::transactions::consistency_model transaction_promises(
    const workloads::load_options& load);

/// Every key is read at last, whatever the options.
[[nodiscard]] checker::transactions::run_floor transaction_floor(
    const workloads::load_options& load);

}  // namespace verdikt::trial
