/// Asks for the commit of a transaction until it is known what became of it, or for long enough.
#pragma once

#include "checker/history/operation.h"
#include "client/producer.h"

#include <optional>

namespace verdikt::workloads {

struct commit_outcome {
    /// `fail`: it is not committed, and has to be aborted. `info`: nobody knows.
    checker::history::op_type type = checker::history::op_type::info;
    /// What was in the way; nothing if it is committed.
    std::optional<client::error> why = {};
};

/// It fails for certain if the first answer says so. An answer that follows one that was missed may
/// speak of another state of the transaction, so only a success counts then.
/// Requires: `writer` has a transaction under way, and outlives this.
[[nodiscard]] runtime::awaitable<commit_outcome> commit_transaction(client::producer& writer);

}  // namespace verdikt::workloads
