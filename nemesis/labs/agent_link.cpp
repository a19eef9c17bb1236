#include "nemesis/labs/agent_link.h"

#include "runtime/deadline.h"
#include "runtime/real/descriptor.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>
#include <utility>

namespace verdikt::nemesis::labs {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using runtime::real::child_process;
using runtime::real::descriptor;

constexpr auto end_patience = 5s;

struct two_ends {
    descriptor ours;
    descriptor theirs;
};

two_ends make_ends() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        throw std::system_error(errno, std::generic_category(), "a pipe to an agent");
    }
    return {.ours = descriptor(ends[0]), .theirs = descriptor(ends[1])};
}

int duplicate(const descriptor& of) {
    const int copy = ::fcntl(of.number(), F_DUPFD_CLOEXEC, 0);
    if (copy < 0) throw std::system_error(errno, std::generic_category(), "a pipe to an agent");
    return copy;
}

const std::string gone = "the agent is gone";

}  // namespace

struct agent_link::state {
    state(runtime::real::world& in, two_ends ends, runtime::real::program_call call)
        : world(in),
          process(in.get_executor(), call),
          pipe(in.get_executor(), duplicate(ends.ours), duplicate(ends.ours)),
          running(in.get_executor()) {}

    runtime::real::world& world;
    child_process process;
    agent::line_pipe pipe;
    std::int64_t last_id = 0;
    std::map<std::int64_t, json> answers;
    runtime::notification answered;
    bool closed = false;
    runtime::scope running;
};

namespace {

runtime::real::program_call call_of(std::filesystem::path program,
                                    std::vector<std::string> arguments,
                                    std::filesystem::path errors,
                                    const two_ends& ends) {
    return {.program = std::move(program),
            .arguments = std::move(arguments),
            .output = std::move(errors),
            .channel = ends.theirs.number()};
}

}  // namespace

agent_link::agent_link(runtime::real::world& world,
                       std::filesystem::path program,
                       std::vector<std::string> arguments,
                       std::filesystem::path errors) {
    two_ends ends = make_ends();
    auto call = call_of(std::move(program), std::move(arguments), std::move(errors), ends);
    state_ = std::make_unique<state>(world, std::move(ends), std::move(call));
    state_->running.spawn(listen());
}

agent_link::~agent_link() = default;

pid_t agent_link::id() const {
    return state_->process.id();
}

runtime::awaitable<void> agent_link::listen() {
    for (;;) {
        const auto line = co_await state_->pipe.read_line();
        if (!line) break;
        json answer = json::parse(*line, nullptr, false);
        // Whoever does not speak our language is no agent; its errors are in its file.
        if (!answer.is_object() || !answer.contains("id")) break;
        const auto id = answer["id"].get<std::int64_t>();
        state_->answers[id] = std::move(answer);
        state_->answered.notify_all();
    }
    state_->closed = true;
    state_->answered.notify_all();
}

runtime::awaitable<std::expected<json, std::string>> agent_link::ask(json request) {
    if (state_->closed) co_return std::unexpected(gone);
    const std::int64_t id = ++state_->last_id;
    request["id"] = id;
    state_->pipe.send(request.dump());
    while (!state_->answers.contains(id) && !state_->closed) co_await state_->answered.wait();
    auto found = state_->answers.extract(id);
    if (found.empty()) co_return std::unexpected(gone);
    json& answer = found.mapped();
    if (answer.contains("error")) co_return std::unexpected(answer["error"].get<std::string>());
    co_return answer["ok"];
}

runtime::awaitable<void> agent_link::stop() {
    co_await state_->running.cancel_and_join();
    co_await state_->pipe.stop();
    auto end = [](child_process& process) -> runtime::awaitable<void> {
        (void)co_await process.wait_for_end();  // How does not matter any more.
    };
    const bool ended = co_await runtime::with_deadline(
        state_->world, state_->world.now() + end_patience, end(state_->process));
    if (!ended) state_->process.send_signal(SIGKILL);
}

}  // namespace verdikt::nemesis::labs
