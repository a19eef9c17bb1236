/// One line of a history: somebody began an operation, or it ended.
///
/// Every operation of a client is recorded twice: `invoke`, and then `ok` (it happened), `fail` (it
/// certainly did not) or `info` (nobody knows; also what was still open at the end). A process does
/// one thing at a time, and after `info` it never acts again: a fresh process takes over. Lines
/// stand in the order in which things happened, by one clock. Names of fields and their meaning are
/// Jepsen's.
#pragma once

#include "checker/history/datum.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace verdikt::checker::history {

enum class op_type : std::uint8_t { invoke, ok, fail, info };

[[nodiscard]] std::string_view name_of(op_type type);
[[nodiscard]] std::optional<op_type> op_type_of(std::string_view name);

/// Who acts when faults are injected. Its lines are no operations of clients.
inline constexpr std::int64_t nemesis_process = -1;

struct operation {
    /// The position in the history, from 0. A reader counts where a line does not tell.
    std::int64_t index = 0;
    /// Nanoseconds since the run began, by a monotonic clock.
    std::int64_t time = 0;
    /// Not negative, or `nemesis_process`.
    std::int64_t process = 0;
    op_type type = op_type::invoke;
    /// What is done: `send`, `poll`, `txn`, `assign`, …
    std::string f;
    datum value;
    datum error;
    /// A map of all other fields, such as `rebalance-log`; empty where there are none.
    datum more;

    /// Keeps the memory.
    void clear();

    friend bool operator==(const operation&, const operation&) = default;
};

}  // namespace verdikt::checker::history
