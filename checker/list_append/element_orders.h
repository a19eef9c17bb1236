/// What was appended after what: of each key the order that its longest list tells.
///
/// An element that stands in no list, or only in one that parts from the longest, was appended
/// after all of that, nobody knows in which order: such elements are the *unread* ones.
#pragma once

#include "checker/list_append/evidence.h"
#include "checker/transactions/order_edges.h"

namespace verdikt::checker::list_append {

/// Instead of the row that appended the next element.
/// The unread ones follow.
inline constexpr std::uint32_t unread_follow = 0xFFFFFFFE;
/// The element is an unread one itself.
inline constexpr std::uint32_t not_in_order = 0xFFFFFFFD;

class element_orders {
  public:
    explicit element_orders(const evidence& seen);

    /// The row that appended the next element; `none` where nobody knows or it failed.
    [[nodiscard]] std::uint32_t after(std::uint32_t value) const { return after_value_[value]; }
    /// The same of a key's beginning.
    [[nodiscard]] std::uint32_t after_nothing(std::uint32_t key) const {
        return after_nothing_[key];
    }
    /// Who appended unread elements of that key, each once, ascending.
    [[nodiscard]] std::span<const std::uint32_t> unread(std::uint32_t key) const {
        return unread_.of(key);
    }
    /// The row that wrote the value, if it may have happened; `none` otherwise.
    [[nodiscard]] std::uint32_t writer_of(std::uint32_t value) const;

  private:
    void follow(std::uint32_t key);
    void gather_unread();

    const evidence& seen_;
    std::vector<std::uint32_t> after_value_;
    std::vector<std::uint32_t> after_nothing_;
    transactions::rows_by_key unread_;
    std::vector<std::uint32_t> order_;
};

}  // namespace verdikt::checker::list_append
