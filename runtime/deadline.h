/// The one way to give up waiting.
#pragma once

#include "runtime/awaitable.h"
#include "runtime/environment.h"
#include "runtime/scope.h"

#include <optional>
#include <type_traits>
#include <utility>

namespace verdikt::runtime {

namespace detail {

template <typename T>
awaitable<void> keep_result(awaitable<T> work, std::optional<T>& result, scope& timer) {
    result.emplace(co_await std::move(work));
    timer.cancel();
}

inline awaitable<void> cancel_at(environment& world, instant deadline, scope& work) {
    co_await world.sleep_until(deadline);
    work.cancel();
}

}  // namespace detail

/// The result of `work`, or nothing if the deadline came first: `work` is then cancelled, and has
/// ended when this returns. Exceptions of `work` pass through.
template <typename T>
awaitable<std::optional<T>> with_deadline(environment& world, instant deadline, awaitable<T> work) {
    std::optional<T> result;
    scope working(world.get_executor());
    scope timing(world.get_executor());
    timing.spawn(detail::cancel_at(world, deadline, working));
    working.spawn(detail::keep_result(std::move(work), result, timing));
    std::exception_ptr failure;
    try {
        co_await working.join();
    } catch (...) {
        failure = std::current_exception();
    }
    co_await timing.cancel_and_join();
    if (failure) std::rethrow_exception(failure);
    co_return result;
}

/// False if the deadline came first.
inline awaitable<bool> with_deadline(environment& world, instant deadline, awaitable<void> work) {
    auto finish = [](awaitable<void> inner) -> awaitable<bool> {
        co_await std::move(inner);
        co_return true;
    };
    const std::optional<bool> finished =
        co_await with_deadline<bool>(world, deadline, finish(std::move(work)));
    co_return finished.has_value();
}

}  // namespace verdikt::runtime
