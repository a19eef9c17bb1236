#include "runtime/sim/process.h"

#include "runtime/sim/world.h"

namespace verdikt::runtime::sim {

namespace {

/// Ends a sleep. A clock that was slowed down meanwhile makes it look again.
class sleeper final : public event, public pending_wait {
  public:
    sleeper(process& who, instant until) : process_(who), until_(until) {
        who.enlist(*this);
        schedule();
    }

  private:
    void schedule() {
        const instant due = process_.home().clocks().world_time_of(until_);
        process_.universe().events().schedule(*this, due);
    }

    void fire() override {
        if (process_.now() < until_) return schedule();
        process_.universe().record(effect::timer, process_.home().index(), 0, 0);
        finish();
    }

    process& process_;
    instant until_;
};

/// Rings while its process lives. A clock that was slowed down meanwhile makes it look again.
class process_alarm final : public event, public alarm {
  public:
    process_alarm(process& who, instant at, std::function<void()> ring)
        : process_(who), at_(at), ring_(std::move(ring)) {
        schedule();
    }

  private:
    void schedule() {
        const instant due = process_.home().clocks().world_time_of(at_);
        process_.universe().events().schedule(*this, due);
    }

    void fire() override {
        if (!process_.alive()) return;
        if (process_.now() < at_) return schedule();
        process_.universe().record(effect::timer, process_.home().index(), 0, 0);
        ring_();
    }

    process& process_;
    instant at_;
    std::function<void()> ring_;
};

}  // namespace

process::process(node& on, std::uint64_t seed, program main)
    : node_(on),
      world_(on.home()),
      main_(std::move(main)),
      random_(seed),
      network_(*this),
      files_(*this),
      log_(*this),
      root_(world_.get_executor()) {}

process::~process() = default;

void process::start() {
    root_.spawn(live());
}

awaitable<void> process::live() {
    std::exception_ptr failure;
    try {
        co_await main_(*this);
    } catch (...) {
        failure = std::current_exception();
    }
    node_.ended(*this, is_cancellation(failure) ? nullptr : failure);
}

void process::die(death how) {
    CHECK(alive_);
    alive_ = false;
    network_.die(how);
    files_.die();
    while (!waits_.empty()) {
        pending_wait& wait = waits_.front();
        waits_.pop_front();
        wait.abort();
    }
    root_.cancel();
}

executor process::get_executor() {
    return world_.get_executor();
}

instant process::now() const {
    return node_.clocks().monotonic(world_.now());
}

wall_instant process::wall_time() const {
    return node_.clocks().wall(world_.now());
}

awaitable<void> process::sleep_until(instant until) {
    throw_if(co_await boost::asio::this_coro::cancellation_state);
    require_life();
    sleeper sleep(*this, until);
    co_await sleep.arrival();
    sleep.settle();
}

std::unique_ptr<alarm> process::set_alarm(instant at, std::function<void()> ring) {
    return std::make_unique<process_alarm>(*this, at, std::move(ring));
}

}  // namespace verdikt::runtime::sim
