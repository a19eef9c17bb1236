#include "nemesis/agent/broker_process.h"

#include "runtime/deadline.h"

#include <sys/wait.h>

#include <csignal>
#include <system_error>

namespace verdikt::nemesis::agent {

namespace {

using namespace std::chrono_literals;

constexpr auto state_patience = 1s;
constexpr auto state_look_interval = 1ms;

}  // namespace

std::expected<void, std::string> broker_process::start() {
    if (running_) return {};
    try {
        process_.emplace(world_.get_executor(), call_);
    } catch (const std::system_error& error) {
        return std::unexpected(std::string("cannot start the broker: ") + error.what());
    }
    running_ = true;
    meant_to_run_ = true;
    watching_.spawn(watch());
    return {};
}

runtime::awaitable<void> broker_process::watch() {
    last_end_ = co_await process_->wait_for_end();
    running_ = false;
    ended_.notify_all();
}

void broker_process::send_signal(int number) {
    if (running_) process_->send_signal(number);
}

runtime::awaitable<void> broker_process::wait_for_end() {
    while (running_) co_await ended_.wait();
}

runtime::awaitable<bool> broker_process::wait_for_state(int signal, int state) {
    const auto until = world_.now() + state_patience;
    send_signal(signal);
    while (running_ && world_.now() < until) {
        siginfo_t told{};
        // The id is of our child, which was not reaped yet.
        if (::waitid(P_PID, static_cast<id_t>(id()), &told, state | WNOHANG) == 0 &&
            told.si_pid == id()) {
            co_return true;
        }
        co_await world_.sleep_for(state_look_interval);
    }
    co_return false;
}

runtime::awaitable<bool> broker_process::pause() {
    return wait_for_state(SIGSTOP, WSTOPPED);
}

runtime::awaitable<bool> broker_process::resume() {
    return wait_for_state(SIGCONT, WCONTINUED);
}

runtime::awaitable<void> broker_process::kill() {
    meant_to_run_ = false;
    send_signal(SIGKILL);
    co_await wait_for_end();
}

runtime::awaitable<bool> broker_process::end(std::chrono::milliseconds patience) {
    meant_to_run_ = false;
    if (!running_) co_return true;
    send_signal(SIGTERM);
    send_signal(SIGCONT);  // One that is paused would never hear it.
    const bool ended =
        co_await runtime::with_deadline(world_, world_.now() + patience, wait_for_end());
    if (!ended) co_await kill();
    co_return ended;
}

runtime::awaitable<void> broker_process::stop() {
    meant_to_run_ = false;
    send_signal(SIGKILL);
    co_await watching_.join();
}

}  // namespace verdikt::nemesis::agent
