/// `verdikt agent`: what a lab starts on each of its nodes. It speaks JSON lines on its standard
/// input and output, and is of no use to anybody else.
#include "nemesis/agent/agent.h"

#include "cli/subcommands.h"
#include "nemesis/agent/packet_queue.h"
#include "nemesis/labs/isolation.h"
#include "runtime/real/run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

namespace verdikt::cli {

namespace {

int serve() {
    return runtime::real::run({.node = "agent"},
                              [](runtime::real::world& world) -> runtime::awaitable<int> {
                                  nemesis::agent::agent agent(world, STDIN_FILENO, STDOUT_FILENO);
                                  co_await agent.serve();
                                  co_return 0;
                              });
}

struct agent_options {
    bool own_host = false;
    std::optional<std::int64_t> hold_us;
    std::int64_t jitter_us = 0;
};

/// The queue is our standard input. Returns only if it cannot be served.
int hold_packets(std::int64_t delay_us, std::int64_t jitter_us) {
    auto queue = nemesis::agent::packet_queue::inherited(STDIN_FILENO, nemesis::agent::held_queue);
    fmt::print(
        stderr,
        "{}\n",
        queue.hold(std::chrono::microseconds(delay_us), std::chrono::microseconds(jitter_us)));
    return exit_failed;
}

int run(const agent_options& options) {
    if (options.hold_us) return hold_packets(*options.hold_us, options.jitter_us);
    return options.own_host ? nemesis::labs::run_as_host(serve) : serve();
}

}  // namespace

action declare_agent(flags& app) {
    const auto options = std::make_shared<agent_options>();
    app.add_flag("--host", options->own_host, "with network, processes and mounts of its own");
    app.add_option("--hold-packets",
                   options->hold_us,
                   "hold back what comes through the queue on standard input: microseconds")
        .non_negative();
    app.add_option("--jitter", options->jitter_us, "microseconds more or less").non_negative();
    return [options] { return run(*options); };
}

}  // namespace verdikt::cli
