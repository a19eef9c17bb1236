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
awaitable<void> keep_result(awaitable<T> work, std::optional<T>& result) {
    result.emplace(co_await std::move(work));
}

}  // namespace detail

/// The result of `work`, or nothing if the deadline came first: `work` is then cancelled, and has
/// ended when this returns. Exceptions of `work` pass through.
template <typename T>
awaitable<std::optional<T>> with_deadline(environment& world, instant deadline, awaitable<T> work) {
    std::optional<T> result;
    scope working(world.get_executor());
    const auto late = world.set_alarm(deadline, [&working] { working.cancel(); });
    working.spawn(detail::keep_result(std::move(work), result));
    co_await working.join();
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
