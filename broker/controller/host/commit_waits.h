/// Who waits until the metadata log is committed, and applied on this node, so far.
///
/// Invariant: waits are in the order of what they wait for, since the log only grows while one
/// controller is active.
#pragma once

#include "kafka/types.h"
#include "runtime/awaitable.h"
#include "runtime/wait_point.h"

#include <deque>

namespace verdikt::broker::controller::host {

class commit_waits {
  public:
    /// True once everything below `end` is applied; false if leadership was lost before.
    runtime::awaitable<bool> until(kafka::offset end);

    /// Everything below `end` is applied.
    void applied(kafka::offset end);
    /// Whoever waits cannot learn any more what became of it.
    void abandon();

    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

  private:
    class waiter;

    kafka::offset applied_{0};
    std::deque<waiter*> waiting_;
};

}  // namespace verdikt::broker::controller::host
