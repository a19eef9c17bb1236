#include "runtime/scope.h"

#include "runtime/check.h"

#include <boost/asio/bind_cancellation_slot.hpp>
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

namespace {

awaitable<void> run_child(awaitable<void> work) {
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    co_await throw_if_cancelled();
    co_await std::move(work);
}

}  // namespace

scope::~scope() { CHECK(children_.empty(), "a scope died with {} coroutines", children_.size()); }

void scope::spawn(awaitable<void> work) {
    if (cancelled_) return;
    const auto which = children_.emplace(children_.end());
    boost::asio::co_spawn(
        executor_,
        run_child(std::move(work)),
        boost::asio::bind_cancellation_slot(which->slot(), [this, which](std::exception_ptr failure) {
            finished(which, std::move(failure));
        }));
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
    for (child& running : children_) running.emit(boost::asio::cancellation_type::terminal);
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
