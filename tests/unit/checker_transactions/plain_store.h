/// Questions to a history, each answered by looking at all of it.
#pragma once

#include "tests/unit/checker_transactions/plain_cycles.h"
#include "tests/unit/checker_transactions/plain_history.h"
#include "tests/unit/checker_transactions/reference.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace verdikt::checker {

using plain_transactions = std::vector<plain_transaction>;

class plain_store {
  public:
    explicit plain_store(const plain_transactions& history) : history_(history) {}

    [[nodiscard]] std::optional<std::size_t> writer(std::int64_t key, std::int64_t value) const;
    [[nodiscard]] bool overwritten_by_writer(std::int64_t key, std::int64_t value) const;
    /// Two successful transactions whose first read of a key was the same, and who then wrote it.
    [[nodiscard]] bool lost_update() const;
    /// Says whether a read goes without a value.
    using lacking = std::function<bool(const plain_step& read, std::int64_t value)>;
    /// lost-write, torn-transaction.
    [[nodiscard]] std::set<std::string> losses(const lacking& lacks) const;
    void add_order(plain_graph& graph, plain_order order) const;

  private:
    [[nodiscard]] std::pair<const plain_transaction*, const plain_step*> last_read_of(
        std::int64_t key) const;
    /// By somebody who had ended by then.
    [[nodiscard]] bool was_read(const plain_step& written, std::int64_t by) const;
    [[nodiscard]] bool any_was_read(const plain_transaction& writer) const;
    static std::set<std::pair<std::int64_t, plain_list>> updates_of(const plain_transaction& one);

    const plain_transactions& history_;
};

}  // namespace verdikt::checker
