/// The coroutine type of the whole project, in both worlds.
///
/// Both worlds run on a `boost::asio::io_context`: the real one waits in the kernel, the simulated
/// one advances virtual time whenever nothing is ready. Naming its executor here, instead of the
/// type-erased default, keeps erasure off the path of every resumption.
///
/// Cancellation: a `scope` asks its coroutines to end; whatever they wait for, now or next, then
/// throws `boost::system::system_error` with `operation_aborted`, and they unwind. Nothing catches
/// it but a scope, so code between two `co_await`s needs no branch for it; destructors do the
/// cleaning. Asio's own check at every `co_await` is switched off by `scope::spawn`: it would also
/// throw from the waits that joining needs. Each wait that may be cancelled calls
/// `throw_if_cancelled` instead.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace verdikt::runtime {

using executor = boost::asio::io_context::executor_type;

template <typename T = void>
using awaitable = boost::asio::awaitable<T, executor>;

inline constexpr boost::asio::use_awaitable_t<executor> use_awaitable{};

/// A completion token that a coroutine awaits in place, with no coroutine of its own in between
/// (which `use_awaitable` makes for every operation). The result is a tuple of what the operation
/// delivers; its error code is not thrown.
using frameless_t = boost::asio::as_tuple_t<boost::asio::deferred_t>;
inline constexpr frameless_t frameless{boost::asio::deferred};

/// Throws `operation_aborted` if the state says so:
///
///     throw_if(co_await boost::asio::this_coro::cancellation_state);
inline void throw_if(const boost::asio::cancellation_state& state) {
    if (state.cancelled() != boost::asio::cancellation_type::none) {
        throw boost::system::system_error(boost::asio::error::operation_aborted);
    }
}

/// Throws `operation_aborted` if the calling coroutine has been cancelled.
inline awaitable<void> throw_if_cancelled() {
    throw_if(co_await boost::asio::this_coro::cancellation_state);
}

}  // namespace verdikt::runtime
