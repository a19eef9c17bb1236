/// Producers that wait until what they wrote is committed.
///
/// Pure bookkeeping: the replica decides when a wait ends, this finds the coroutine. Deadlines are
/// kept by `take_late`, called at every tick: a timer for each request would cost more than the
/// request.
///
/// Invariants: a ticket is given out once.
#pragma once

#include "broker/replication/effects.h"
#include "kafka/error_codes.h"
#include "runtime/clock.h"
#include "runtime/wait_point.h"

#include <map>
#include <vector>

namespace verdikt::broker::replication::host {

class commit_waits {
  public:
    /// One producer's wait. Lives in its coroutine.
    class wait {
      public:
        wait(commit_waits& in, runtime::instant deadline);
        wait(const wait&) = delete;
        wait& operator=(const wait&) = delete;
        ~wait();

        [[nodiscard]] ticket number() const { return number_; }
        /// Whether it has its answer: else it was abandoned, and nobody else knows.
        [[nodiscard]] bool is_answered() const { return answered_; }
        runtime::awaitable<kafka::error_code> outcome() { return answer_.wait(); }

      private:
        friend class commit_waits;

        commit_waits& in_;
        ticket number_;
        runtime::instant deadline_;
        bool answered_ = false;
        runtime::wait_point<kafka::error_code> answer_;
    };

    commit_waits() = default;
    commit_waits(const commit_waits&) = delete;
    commit_waits& operator=(const commit_waits&) = delete;

    /// Ignored where the wait has ended.
    void answer(ticket which, kafka::error_code outcome);
    /// Those whose time is over, in their order, answered with REQUEST_TIMED_OUT.
    [[nodiscard]] std::vector<ticket> end_late(runtime::instant now);
    /// All, in their order, answered with the error.
    [[nodiscard]] std::vector<ticket> end_all(kafka::error_code outcome);
    [[nodiscard]] std::size_t size() const { return waiting_.size(); }

  private:
    std::map<ticket, wait*> waiting_;
    ticket last_{0};
};

}  // namespace verdikt::broker::replication::host
