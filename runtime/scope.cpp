#include "runtime/scope.h"

#include "runtime/check.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace verdikt::runtime {

bool is_cancellation(const std::exception_ptr& failure) {
    if (!failure) return false;
    try {
        std::rethrow_exception(failure);
    } catch (const boost::system::system_error& error) {
        return error.code() == boost::asio::error::operation_aborted;
    } catch (...) {
        return false;
    }
}

// A coroutine that Asio 1.81 finds cancelled before its first step throws where nobody catches, so
// the signal is held back until here.
awaitable<void> scope::run_child(awaitable<void> work, child& running) {
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    if (cancelled_) co_return;
    running.started = true;
    co_await std::move(work);
}

scope::~scope() {
    CHECK(children_.empty(), "a scope died with {} coroutines", children_.size());
}

/// Told when a child has ended. It names the child's slot itself: with `bind_cancellation_slot`,
/// Asio 1.81 posts a cancellation that comes from outside the executor's handlers, and the child
/// may be gone when it arrives.
class scope::end_of_child {
  public:
    using cancellation_slot_type = boost::asio::cancellation_slot;

    end_of_child(scope& of, std::list<child>::iterator which) : scope_(&of), which_(which) {}

    [[nodiscard]] cancellation_slot_type get_cancellation_slot() const noexcept {
        return which_->signal.slot();
    }

    void operator()(std::exception_ptr failure) { scope_->finished(which_, std::move(failure)); }

  private:
    scope* scope_;
    std::list<child>::iterator which_;
};

void scope::spawn(awaitable<void> work) {
    if (cancelled_) return;
    const auto which = children_.emplace(children_.end());
    boost::asio::co_spawn(
        executor_, run_child(std::move(work), *which), end_of_child(*this, which));
}

void scope::finished(std::list<child>::iterator which, std::exception_ptr failure) {
    children_.erase(which);
    if (failure && !is_cancellation(failure)) {
        if (!failure_) failure_ = std::move(failure);
        cancel();
    }
    if (children_.empty() && joining_) {
        joining_ = false;
        emptied_.deliver(true);
    }
}

void scope::cancel() {
    cancelled_ = true;
    for (child& each : children_) {
        if (each.started) each.signal.emit(boost::asio::cancellation_type::terminal);
    }
}

awaitable<void> scope::wait_until_empty() {
    if (children_.empty()) co_return;
    joining_ = true;
    co_await emptied_.wait_uncancellable();
}

awaitable<void> scope::join() {
    CHECK(!joining_, "a scope is joined twice at once");
    std::exception_ptr interrupted;
    if (!children_.empty()) {
        joining_ = true;
        try {
            co_await emptied_.wait();
        } catch (...) {
            interrupted = std::current_exception();
        }
    }
    if (interrupted) {
        cancel();
        co_await wait_until_empty();
        std::rethrow_exception(interrupted);
    }
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

awaitable<void> scope::cancel_and_join() {
    cancel();
    co_await wait_until_empty();
    failure_ = nullptr;
}

}  // namespace verdikt::runtime
