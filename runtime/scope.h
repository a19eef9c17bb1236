/// Structured concurrency: a scope owns the coroutines that it starts, cancels and joins them.
///
/// A coroutine never outlives the state it touches, because that state owns the scope and joins it
/// first. The first exception that leaves a coroutine (cancellation aside) cancels its siblings and
/// is thrown from `join`.
///
/// Requires: used on one executor only; joined before it is destroyed.
#pragma once

#include "runtime/awaitable.h"
#include "runtime/notification.h"

#include <boost/asio/cancellation_signal.hpp>

#include <cstddef>
#include <exception>
#include <list>

namespace verdikt::runtime {

class scope {
  public:
    explicit scope(executor runs_on) : executor_(runs_on) {}
    scope(const scope&) = delete;
    scope& operator=(const scope&) = delete;
    ~scope();

    /// Starts a coroutine, at once up to its first wait. After `cancel`, it is dropped unstarted.
    /// Every coroutine of the project is started by a scope, or awaited by one that was.
    void spawn(awaitable<void> work);

    /// Asks every coroutine of the scope to end. They end when they next wait, or are waiting.
    void cancel();

    /// Returns once all have ended, and throws what the first failure threw. A scope may be used
    /// again after it, unless it was cancelled. If the joining coroutine is cancelled, so is the
    /// scope, and `join` throws `operation_aborted` after all have ended.
    awaitable<void> join();

    /// `cancel`, then wait for all to end, whatever happens to the caller. Swallows failures: use
    /// it where the outcome no longer matters.
    awaitable<void> cancel_and_join();

    [[nodiscard]] std::size_t running() const { return children_.size(); }
    [[nodiscard]] bool cancelled() const { return cancelled_; }

  private:
    struct child {
        boost::asio::cancellation_signal signal;
        bool started = false;
    };
    class end_of_child;

    awaitable<void> run_child(awaitable<void> work, child& running);

    void finished(std::list<child>::iterator which, std::exception_ptr failure);
    awaitable<void> wait_until_empty();

    executor executor_;
    std::list<child> children_;
    wait_point<bool> emptied_;
    std::exception_ptr failure_;
    bool cancelled_ = false;
    bool joining_ = false;
};

/// True for the exception that cancellation throws.
[[nodiscard]] bool is_cancellation(const std::exception_ptr& failure);

}  // namespace verdikt::runtime
