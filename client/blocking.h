/// For programs that have no coroutines: runs what the client returns to its end in the calling
/// thread.
///
///     boost::asio::io_context context;
///     runtime::real::world world(context, {});
///     client::consumer consumer(world, config);
///     const client::blocking_loop loop(context);
///     const auto records = loop.wait(consumer.poll(std::chrono::seconds(1)));
///
/// There is no thread behind it: heartbeats, lingering and retries go on while some call waits. A
/// consumer that must stay in its group therefore polls more often than `session.timeout.ms`, and a
/// producer flushes before its program turns to something else.
#pragma once

#include "runtime/awaitable.h"
#include "runtime/check.h"
#include "runtime/scope.h"

#include <boost/asio/io_context.hpp>

#include <optional>
#include <type_traits>
#include <utility>

namespace verdikt::client {

class blocking_loop {
  public:
    /// The context must outlive the loop and be run by nobody else.
    explicit blocking_loop(boost::asio::io_context& context) : context_(context) {}

    /// What `work` returns; throws what it throws.
    template <typename T>
    T wait(runtime::awaitable<T> work) const {
        std::optional<T> kept;
        run(keep(std::move(work), kept));
        CHECK(kept.has_value());
        return std::move(*kept);
    }
    void wait(runtime::awaitable<void> work) const { run(std::move(work)); }

    /// Lets background work that is due run, without waiting.
    void turn() const {
        context_.restart();
        context_.poll();
    }

  private:
    template <typename T>
    static runtime::awaitable<void> keep(runtime::awaitable<T> work, std::optional<T>& kept) {
        kept.emplace(co_await std::move(work));
    }

    static runtime::awaitable<void> join(runtime::scope& running,
                                         std::exception_ptr& failure,
                                         bool& ended) {
        try {
            co_await running.join();
        } catch (...) {
            failure = std::current_exception();
        }
        ended = true;
    }

    void run(runtime::awaitable<void> work) const {
        runtime::scope running(context_.get_executor());
        runtime::scope joining(context_.get_executor());
        std::exception_ptr failure;
        bool ended = false;
        running.spawn(std::move(work));
        joining.spawn(join(running, failure, ended));
        context_.restart();
        while (!ended || joining.running() != 0) {
            CHECK(context_.run_one() != 0, "the loop ran dry under a waiting call");
        }
        if (failure) std::rethrow_exception(failure);
    }

    boost::asio::io_context& context_;
};

}  // namespace verdikt::client
