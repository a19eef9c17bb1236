#include "checker/list_append/element_orders.h"

namespace verdikt::checker::list_append {

element_orders::element_orders(const evidence& seen)
    : seen_(seen),
      after_value_(seen.history.operations.values().size(), not_in_order),
      after_nothing_(seen.history.operations.keys().size(), unread_follow),
      unread_(seen.history.operations.keys().size()) {
    for (std::uint32_t key = 0; key < after_nothing_.size(); ++key) follow(key);
    gather_unread();
}

std::uint32_t element_orders::writer_of(std::uint32_t value) const {
    const std::uint32_t writer = seen_.writers.of(value);
    return writer != none && seen_.rows()[writer].possible() ? writer : none;
}

// An element that stands there twice counts where it stands first.
void element_orders::follow(std::uint32_t key) {
    order_.clear();
    seen_.history.lists.append_values(seen_.history.lists.longest(key), order_);
    std::uint32_t* before = &after_nothing_[key];
    for (const std::uint32_t value : order_) {
        if (after_value_[value] != not_in_order) continue;
        *before = writer_of(value);
        before = &after_value_[value];
        *before = unread_follow;
    }
}

void element_orders::gather_unread() {
    std::vector<transactions::rows_by_key::pair> found;
    for (std::uint32_t at = 0; at < seen_.rows().size(); ++at) {
        const row& here = seen_.rows()[at];
        if (!here.possible()) continue;
        for (const step& one : seen_.steps_of(here)) {
            const bool unread = one.what() == act::write &&
                                after_value_[one.subject] == not_in_order &&
                                seen_.writers.of(one.subject) == at;
            if (unread) found.push_back({seen_.key_of(one), at});
        }
    }
    unread_.fill(std::move(found));
}

}  // namespace verdikt::checker::list_append
