/// Wakes coroutines that wait for a state to change. It carries no value: each waiter looks again.
///
///     while (!ready()) co_await changed.wait();
///
/// A notification is not remembered: look before waiting, without a `co_await` in between.
#pragma once

#include "runtime/awaitable.h"
#include "runtime/wait_point.h"

#include <variant>
#include <vector>

namespace verdikt::runtime {

class notification {
  public:
    notification() = default;
    notification(const notification&) = delete;
    notification& operator=(const notification&) = delete;

    /// Returns after the next `notify_all`. Throws `operation_aborted` when cancelled.
    awaitable<void> wait();

    /// Wakes all that wait now, in the order in which they came.
    void notify_all();

    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

  private:
    class listed_waiter;

    std::vector<listed_waiter*> waiting_;
};

}  // namespace verdikt::runtime
