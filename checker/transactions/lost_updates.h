/// Transactions that read the same version of a key and both wrote that key: one of them wrote
/// without having seen what the other did.
///
/// What counts is a transaction's first read of the key, before its first write after that. The
/// order of the two writes does not matter, so this is seen even where nobody read either of them.
#pragma once

#include "checker/transactions/wording.h"

namespace verdikt::checker::transactions {

/// `versions`: how many different subjects reads have. `key_of` is that of a step.
void check_lost_updates(const recording& history,
                        std::uint32_t versions,
                        const std::function<std::uint32_t(const step&)>& key_of,
                        const consistency_model& model,
                        findings& into);

}  // namespace verdikt::checker::transactions
