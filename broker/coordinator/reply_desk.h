/// Requests that wait for their group or transaction to answer them, by ticket.
///
/// Who waits may be cancelled at any time (its client went away); the answer then goes nowhere.
#pragma once

#include "broker/coordinator/group_types.h"
#include "runtime/check.h"
#include "runtime/wait_point.h"

#include <map>
#include <memory>
#include <utility>

namespace verdikt::broker::coordinator {

template <typename Reply, typename Ticket = ticket>
class reply_desk {
  public:
    using place = std::shared_ptr<runtime::wait_point<Reply>>;

    [[nodiscard]] place expect(Ticket from) {
        auto [entry, fresh] =
            waiting_.emplace(from, std::make_shared<runtime::wait_point<Reply>>());
        CHECK(fresh, "ticket {} is in use", from);
        return entry->second;
    }

    /// Requires: expected, and not yet answered.
    void answer(Ticket to, Reply reply) {
        auto found = waiting_.extract(to);
        CHECK(!found.empty(), "nobody holds ticket {}", to);
        found.mapped()->deliver(std::move(reply));
    }

    [[nodiscard]] std::size_t size() const { return waiting_.size(); }

  private:
    std::map<Ticket, place> waiting_;
};

}  // namespace verdikt::broker::coordinator
