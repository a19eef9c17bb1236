/// Uses a client and closes it whatever happens: also when the work throws or is cancelled, as it
/// is when a simulated node crashes. A client that is destroyed without `close` is a bug of its
/// owner.
///
///     producer sending(world, config);
///     co_await use_and_close(sending, produce_all(sending));
#pragma once

#include "runtime/awaitable.h"
#include "runtime/clock.h"

#include <exception>
#include <utility>

namespace verdikt::client {

/// After a failure of `work` nothing more is waited for: what is under way stays unknown.
template <typename Client>
runtime::awaitable<void> use_and_close(Client& client, runtime::awaitable<void> work) {
    std::exception_ptr failure;
    try {
        co_await std::move(work);
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure) {
        co_await client.stop();
        std::rethrow_exception(failure);
    }
    co_await client.close();
}

}  // namespace verdikt::client
