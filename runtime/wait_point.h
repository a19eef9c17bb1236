/// A place where one coroutine waits for one value that somebody else delivers.
///
/// The primitive under timers, simulated sockets, disk completions and every in-memory wait. The
/// waiter is resumed through the executor, never inside `deliver`, so the deliverer's state is at
/// rest when the waiter looks at it.
///
/// Invariants: at most one waiter; at most one undelivered value. A wait point outlives its waiter.
#pragma once

#include "runtime/awaitable.h"
#include "runtime/check.h"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <utility>

namespace verdikt::runtime {

template <typename T>
class wait_point {
  public:
    wait_point() = default;
    wait_point(const wait_point&) = delete;
    wait_point& operator=(const wait_point&) = delete;
    ~wait_point() { CHECK(waiter_ == nullptr, "a wait point died under its waiter"); }

    /// Returns the delivered value, at once if it is already there. Throws `operation_aborted` when
    /// the waiting coroutine is cancelled; a value that is delivered later is then kept for the
    /// next waiter. Requires: nobody else waits here.
    awaitable<T> wait() { return wait_for_value(true); }

    /// As `wait`, but lets no cancellation interrupt it: for joining what must not be abandoned.
    awaitable<T> wait_uncancellable() { return wait_for_value(false); }

    /// For hot paths: `wait` without a coroutine of its own. Await it in place, then `take`.
    ///
    ///     throw_if(co_await boost::asio::this_coro::cancellation_state);
    ///     co_await point.arrival();
    ///     use(point.take());
    auto arrival(bool cancellable = true) {
        return boost::asio::async_initiate<const boost::asio::deferred_t,
                                           void(boost::system::error_code)>(
            [this, cancellable](auto handler) { this->suspend(std::move(handler), cancellable); },
            boost::asio::deferred);
    }

    /// Requires: a value is waiting to be taken.
    T take() {
        CHECK(value_.has_value());
        T value = std::move(*value_);
        value_.reset();
        return value;
    }

    /// Requires: no value is waiting to be taken.
    void deliver(T value) {
        CHECK(!value_.has_value(), "a second value for one wait");
        value_.emplace(std::move(value));
        if (waiter_ != nullptr) std::exchange(waiter_, nullptr)->resume({});
    }

    [[nodiscard]] bool has_waiter() const { return waiter_ != nullptr; }
    [[nodiscard]] bool has_value() const { return value_.has_value(); }

  private:
    struct waiter {
        virtual void resume(boost::system::error_code error) = 0;

      protected:
        ~waiter() = default;
    };

    template <typename Handler>
    struct waiter_of final : waiter {
        explicit waiter_of(Handler&& waiting) : handler(std::move(waiting)) {}

        void resume(boost::system::error_code error) override {
            Handler taken(std::move(handler));
            std::destroy_at(this);
            const executor resumes_on = boost::asio::get_associated_executor(taken);
            boost::asio::post(resumes_on, [taken = std::move(taken), error]() mutable {
                std::move(taken)(error);
            });
        }

        Handler handler;
    };

    awaitable<T> wait_for_value(bool cancellable) {
        if (cancellable) throw_if(co_await boost::asio::this_coro::cancellation_state);
        if (!value_.has_value()) co_await arrival(cancellable);
        co_return take();
    }

    template <typename Handler>
    void suspend(Handler handler, bool cancellable) {
        CHECK(waiter_ == nullptr, "two coroutines wait at one wait point");
        using stored = waiter_of<Handler>;
        static_assert(sizeof(stored) <= sizeof(place_) && alignof(stored) <= alignof(void*));
        auto slot = boost::asio::get_associated_cancellation_slot(handler);
        waiter_ = ::new (static_cast<void*>(place_)) stored(std::move(handler));
        if (value_.has_value()) return std::exchange(waiter_, nullptr)->resume({});
        if (!cancellable || !slot.is_connected()) return;
        // Asio clears the slot when the waiter resumes; until then the wait point lives.
        slot.assign([this](boost::asio::cancellation_type) {
            if (waiter_ == nullptr) return;
            std::exchange(waiter_, nullptr)->resume(boost::asio::error::operation_aborted);
        });
    }

    /// Holds the waiter: a wait allocates nothing.
    alignas(void*) std::byte place_[5 * sizeof(void*)];
    waiter* waiter_ = nullptr;
    std::optional<T> value_;
};

}  // namespace verdikt::runtime
