/// The broker of one node: started, ended, started again.
///
/// Requires: `stop` has returned before it is destroyed.
#pragma once

#include "runtime/notification.h"
#include "runtime/real/child_process.h"
#include "runtime/real/world.h"
#include "runtime/scope.h"

#include <chrono>
#include <expected>
#include <optional>
#include <string>

namespace verdikt::nemesis::agent {

class broker_process {
  public:
    broker_process(runtime::real::world& world, runtime::real::program_call call)
        : world_(world), call_(std::move(call)), watching_(world.get_executor()) {}

    /// No effect while it runs.
    std::expected<void, std::string> start();
    [[nodiscard]] bool running() const { return running_; }
    /// Whether nobody has ended it on purpose since it was started; it may have ended by itself.
    [[nodiscard]] bool meant_to_run() const { return meant_to_run_; }
    /// 0 before the first start.
    [[nodiscard]] pid_t id() const { return process_ ? process_->id() : 0; }
    /// How it ended last; nothing if it never did.
    [[nodiscard]] const std::optional<runtime::real::process_end>& last_end() const {
        return last_end_;
    }

    void send_signal(int number);
    /// Waits until the kernel says that it stands still, or goes on. False if it does not say so
    /// soon.
    runtime::awaitable<bool> pause();
    runtime::awaitable<bool> resume();
    runtime::awaitable<void> kill();
    /// SIGTERM; SIGKILL if it takes longer than `patience`. True if it ended in good order.
    runtime::awaitable<bool> end(std::chrono::milliseconds patience);

    runtime::awaitable<void> stop();

  private:
    runtime::awaitable<void> watch();
    runtime::awaitable<void> wait_for_end();
    runtime::awaitable<bool> wait_for_state(int signal, int state);

    runtime::real::world& world_;
    runtime::real::program_call call_;
    std::optional<runtime::real::child_process> process_;
    std::optional<runtime::real::process_end> last_end_;
    bool running_ = false;
    bool meant_to_run_ = false;
    runtime::notification ended_;
    runtime::scope watching_;
};

}  // namespace verdikt::nemesis::agent
