#include "broker/storage/stall_watch.h"

#include "runtime/check.h"

#include <utility>

namespace verdikt::broker::storage {

void stall_watch::began(operation& which, runtime::instant now) {
    which.begun_ = now;
    under_way_.push_back(which);
}

void stall_watch::ended(operation& which, runtime::instant now) {
    CHECK(which.is_linked());
    if (now - which.begun_ >= timeout_) late_ = now;
    under_way_.erase(under_way_.iterator_to(which));
}

bool stall_watch::look(runtime::instant now) {
    const bool overdue = oldest_age(now) >= timeout_;
    const bool unsettled = stalled_ && late_ && now < *late_ + timeout_;
    const bool stalled = overdue || unsettled;
    return std::exchange(stalled_, stalled) != stalled;
}

runtime::duration stall_watch::oldest_age(runtime::instant now) const {
    return under_way_.empty() ? runtime::duration::zero() : now - under_way_.front().begun_;
}

void stall_watch::check_invariants() const {
    runtime::instant last{};
    for (const operation& each : under_way_) {
        CHECK(each.begun_ >= last);
        last = each.begun_;
    }
}

}  // namespace verdikt::broker::storage
