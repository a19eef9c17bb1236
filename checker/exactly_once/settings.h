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
    /// That each input is processed once is demanded whatever the settings are.
    bool each_once = false;
    /// Fewer transactions that succeeded prove nothing.
    std::uint64_t transactions_min = 1;

    /// Outputs and offsets go together, and who was fenced writes nothing.
    [[nodiscard]] bool promises_transactions() const {
        return transactional && read_committed && !auto_commit && clean_elections;
    }
    /// No input is passed over, and none is processed twice.
    [[nodiscard]] bool promises_each_once() const { return each_once || promises_transactions(); }
};

}  // namespace verdikt::checker::exactly_once
