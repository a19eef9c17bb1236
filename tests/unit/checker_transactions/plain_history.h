/// A history of transactions as the slow reference reads it: everything spelled out.
#pragma once

#include "checker/history/operation.h"
#include "tests/unit/checker_transactions/random_history.h"

#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <vector>

namespace verdikt::checker {

using plain_list = std::vector<std::int64_t>;

struct plain_step {
    bool writes = false;
    std::int64_t key = 0;
    /// Of a write.
    std::int64_t value = 0;
    /// Of a read: the elements, or the one value; empty of a key nobody wrote.
    plain_list read;
};

struct plain_transaction {
    static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

    std::int64_t process = 0;
    std::int64_t begun = 0;
    std::int64_t ended = never;
    history::op_type type = history::op_type::info;
    bool final = false;
    /// What is not known to have been read is left out.
    std::vector<plain_step> steps;

    [[nodiscard]] bool ok() const { return type == history::op_type::ok; }
    [[nodiscard]] bool possible() const { return type != history::op_type::fail; }
};

/// In the order in which they ended.
[[nodiscard]] std::vector<plain_transaction> plain_history(
    std::span<const history::operation> operations, dialect what);

}  // namespace verdikt::checker
