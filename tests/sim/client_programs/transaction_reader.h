/// Reads what transactions left behind, after everything has calmed down.
#pragma once

#include "client/configuration.h"
#include "runtime/environment.h"
#include "tests/sim/client_programs/transaction_history.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::tests {

struct found_transactions {
    std::vector<found_transactional> records;   ///< Committed ones, by partition in offset order.
    std::map<int, std::optional<int>> offsets;  ///< Of each program's group.
    /// A transaction that nobody ends holds the last stable offset back for ever.
    bool anything_open = false;
};

/// Of programs 0 to `programs` - 1. Throws if the topic or a group cannot be read.
runtime::awaitable<found_transactions> read_transactions(runtime::environment& world,
                                                         client::client_config config,
                                                         std::string topic,
                                                         int programs);

}  // namespace verdikt::tests
