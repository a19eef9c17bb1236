/// The deterministic world: nodes, network, disks and time, all from one seed, on one thread.
///
///     world universe(seed);
///     node& broker = universe.add_node("broker-1");
///     broker.start([](environment& env) -> awaitable<void> { co_await serve(env); });
///     universe.run(drive(universe, broker));   // a coroutine that breaks things and looks
///
/// Virtual time stands still while anything can run, then jumps to the next event. Nothing here
/// reads a real clock, and the io_context is never given a socket or timer, so a run makes no
/// system call.
///
/// Chance is split into streams (one a node and start, one a disk, one for the network, one for the
/// test), so that a fault drawn more here does not change what happens there.
///
/// A world that exceeds one of its bounds, or in which a check fails, ends the program with a
/// report: seed, virtual time, the command that replays it and the last effects.
#pragma once

#include "runtime/awaitable.h"
#include "runtime/environment.h"
#include "runtime/random.h"
#include "runtime/scope.h"
#include "runtime/sim/event_queue.h"
#include "runtime/sim/network_faults.h"
#include "runtime/sim/node.h"
#include "runtime/sim/trace.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace verdikt::runtime::sim {

struct world_options {
    /// Reaching it is a failure: whatever the run waits for does not come.
    duration virtual_time_max = std::chrono::hours(24 * 30);
    /// Reaching it is a failure: the run is livelocked, or far larger than it was meant to be.
    std::uint64_t events_max = 500'000'000;
    /// How many of the last effects a failure report shows.
    std::size_t trace_lines = 40;
    /// Log lines below it are not even written down.
    log_level lowest_log_level = log_level::warning;
};

class world {
  public:
    explicit world(std::uint64_t seed, world_options options = {});
    world(const world&) = delete;
    world& operator=(const world&) = delete;
    ~world();

    /// Kills every process and driver and lets it unwind. For those whose programs refer to what
    /// dies before the world does; the destructor sees to the others.
    void end();

    [[nodiscard]] std::uint64_t seed() const { return seed_; }
    [[nodiscard]] executor get_executor() { return context_.get_executor(); }
    /// World time, which no node need agree with.
    [[nodiscard]] instant now() const { return events_.now(); }

    /// The name is the host name under which other nodes connect to it. Requires: a new name.
    node& add_node(std::string name);
    /// Requires: it exists.
    [[nodiscard]] node& find_node(std::string_view name);

    [[nodiscard]] network_faults& network() { return network_; }
    /// For what the test itself decides: fault mixes, workloads.
    [[nodiscard]] random_source& random() { return random_; }

    /// For drivers: waits in world time.
    awaitable<void> sleep_until(instant until);
    awaitable<void> sleep_for(duration span) { return sleep_until(now() + span); }

    /// Runs until the driver has ended, and throws what it threw. Processes may still be running.
    void run(awaitable<void> driver);
    void run_until(instant until);
    void run_for(duration span) { run_until(now() + span); }
    /// Until nothing is left that could happen.
    void run_until_idle();
    /// Lets everything run that can without time passing.
    void settle();

    /// Equal for two runs of one seed, or chance leaked in from outside.
    [[nodiscard]] std::uint64_t trace_hash() const { return trace_.hash(); }
    [[nodiscard]] std::uint64_t events_fired() const { return events_.fired(); }
    /// Notes something of the test's own in the trace.
    void mark(std::string_view what);
    /// Seed, virtual time, replay command and the last effects.
    [[nodiscard]] std::string report() const;

    // For the parts of the simulation.
    [[nodiscard]] event_queue& events() { return events_; }
    [[nodiscard]] switchboard& wires() { return *wires_; }
    [[nodiscard]] const world_options& options() const { return options_; }
    void keep_log_line(std::string_view node_name, std::string_view line);
    void record(effect kind, node_index who, std::uint64_t size, std::uint64_t content) {
        trace_.record(kind, who, now(), size, content);
    }

  private:
    void step();

    std::uint64_t seed_;
    world_options options_;
    boost::asio::io_context context_;
    boost::asio::executor_work_guard<executor> never_out_of_work_;
    trace trace_;
    event_queue events_;
    random_source random_;
    std::unique_ptr<switchboard> wires_;
    network_faults network_;
    std::deque<node> nodes_;
    std::deque<std::string> log_lines_;
    scope drivers_;
};

}  // namespace verdikt::runtime::sim
