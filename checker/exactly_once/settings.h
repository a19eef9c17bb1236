/// What consume-transform-produce was asked to promise. The defaults are the safe ones.
#pragma once

#include <cstdint>

namespace verdikt::checker::exactly_once {

struct settings {
    /// Outputs and offsets belong to one transaction.
    bool transactional = true;
    /// Input and output are read with read_committed.
    bool read_committed = true;
    /// Consumers commit by themselves, outside of transactions.
    bool auto_commit = false;
    /// Unclean elections are off.
    bool clean_elections = true;
    /// Fewer transactions that succeeded prove nothing.
    std::uint64_t transactions_min = 1;

    /// Each input is processed exactly once.
    [[nodiscard]] bool promised() const {
        return transactional && read_committed && !auto_commit && clean_elections;
    }
};

}  // namespace verdikt::checker::exactly_once
