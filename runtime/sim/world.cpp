#include "runtime/sim/world.h"

#include "runtime/check.h"
#include "runtime/sim/seeds.h"
#include "runtime/sim/switchboard.h"
#include "runtime/wait_point.h"

#include <boost/asio/error.hpp>

#include <algorithm>

namespace verdikt::runtime::sim {

namespace {

constexpr std::uint64_t test_stream = 0x7465737400000000ULL;
constexpr std::uint64_t network_stream = 0x6e65740000000000ULL;

class alarm final : public event {
  public:
    awaitable<void> wait() { co_await rung_.wait(); }

  private:
    void fire() override { rung_.deliver(true); }

    wait_point<bool> rung_;
};

}  // namespace

world::world(std::uint64_t seed, world_options options)
    : seed_(seed),
      options_(options),
      context_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE),
      never_out_of_work_(context_.get_executor()),
      trace_(options.trace_lines),
      random_(seed ^ test_stream),
      wires_(std::make_unique<switchboard>(*this, seed ^ network_stream)),
      network_(*wires_),
      drivers_(context_.get_executor()) {
    set_failure_context([this] { return report(); });
}

world::~world() {
    end();
    set_failure_context({});
}

void world::end() {
    for (node& each : nodes_) {
        if (each.running()) each.crash();
    }
    drivers_.cancel();
    settle();
}

node& world::add_node(std::string name) {
    CHECK(std::ranges::find(nodes_, name, &node::name) == nodes_.end(), "two nodes named {}", name);
    const auto index = static_cast<node_index>(nodes_.size());
    wires_->add_node(name);
    return nodes_.emplace_back(*this, index, std::move(name));
}

node& world::find_node(std::string_view name) {
    const auto found = std::ranges::find(nodes_, name, &node::name);
    CHECK(found != nodes_.end(), "no node named {}", name);
    return *found;
}

awaitable<void> world::sleep_until(instant until) {
    alarm clock;
    events_.schedule(clock, until);
    co_await clock.wait();
}

void world::settle() {
    context_.poll();
}

void world::step() {
    CHECK(events_.fired() < options_.events_max, "the world reached events_max");
    CHECK(events_.next_due().time_since_epoch() <= options_.virtual_time_max,
          "the world reached virtual_time_max");
    events_.fire_next();
    context_.poll();
}

void world::run(awaitable<void> driver) {
    bool unfinished = true;
    std::exception_ptr failure;
    drivers_.spawn(
        [](awaitable<void> work, bool& left, std::exception_ptr& thrown) -> awaitable<void> {
            try {
                co_await std::move(work);
            } catch (...) {
                thrown = std::current_exception();
            }
            left = false;
        }(std::move(driver), unfinished, failure));
    settle();
    while (unfinished) {
        CHECK(!events_.empty(), "nothing can happen any more, and the driver still waits");
        step();
    }
    if (failure) std::rethrow_exception(failure);
}

void world::run_until(instant until) {
    settle();
    while (!events_.empty() && events_.next_due() <= until) step();
    events_.advance_to(until);
}

void world::run_until_idle() {
    settle();
    while (!events_.empty()) step();
}

void world::mark(std::string_view what) {
    record(effect::mark, 0, what.size(), hash_text(what));
}

void world::keep_log_line(std::string_view node_name, std::string_view line) {
    const auto time = std::chrono::duration<double>(now().time_since_epoch());
    log_lines_.push_back(fmt::format("  {:.6f} {} {}\n", time.count(), node_name, line));
    if (log_lines_.size() > options_.trace_lines) log_lines_.pop_front();
}

std::string world::report() const {
    const auto time = std::chrono::duration<double>(now().time_since_epoch());
    std::string text = fmt::format("seed {}, virtual time {:.9f} s, {} events\n  replay: {}\n",
                                   seed_,
                                   time.count(),
                                   events_.fired(),
                                   replay_command(seed_));
    text += "  nodes:";
    for (const node& each : nodes_) text += fmt::format(" {}={}", each.index(), each.name());
    text += "\n  last effects:\n" + trace_.last_lines();
    if (!log_lines_.empty()) text += "  last log lines:\n";
    for (const std::string& line : log_lines_) text += line;
    return text;
}

}  // namespace verdikt::runtime::sim
