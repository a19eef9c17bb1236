/// A line of processes, one after the other: when one ends, for whatever reason, another takes its
/// place.
#pragma once

#include "runtime/environment.h"
#include "runtime/scope.h"

#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <utility>

namespace verdikt::workloads {

/// A client of one process: closed as programs should, unless by the end of its work the process is
/// `over`, or the work failed or was cancelled. Requires: `used` and `over` outlive it.
template <typename Client>
runtime::awaitable<void> use_while_alive(Client& used,
                                         runtime::awaitable<void> work,
                                         const bool& over) {
    constexpr runtime::duration patience = std::chrono::seconds(3);
    std::exception_ptr failure;
    try {
        co_await std::move(work);
        if (!over) static_cast<void>(co_await (used.close(patience)));
    } catch (...) {
        failure = std::current_exception();
    }
    co_await used.stop();
    if (failure) std::rethrow_exception(failure);
}

class lives {
  public:
    /// One life. It ends by itself where the process may not go on, and at `until`.
    using life = std::function<runtime::awaitable<void>(runtime::instant until)>;

    /// Both outlive it.
    lives(runtime::environment& world, life one) : world_(world), one_(std::move(one)) {}

    runtime::awaitable<void> run(runtime::instant until) {
        while (world_.now() < until) {
            now_.emplace(world_.get_executor());
            now_->spawn(one_(until));
            co_await now_->join();
            co_await world_.sleep_for(rest_between);
        }
    }

    /// The process that lives now ends where it stands. False if there is none.
    bool crash() {
        if (!now_ || now_->running() == 0) return false;
        now_->cancel();
        return true;
    }

  private:
    static constexpr runtime::duration rest_between = std::chrono::milliseconds(100);

    runtime::environment& world_;
    life one_;
    std::optional<runtime::scope> now_;
};

}  // namespace verdikt::workloads
