#include "runtime/real/world.h"

#include "runtime/real/disk_files.h"
#include "runtime/real/tcp_network.h"

#include <sys/random.h>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>

#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

namespace verdikt::runtime::real {

namespace {

using steady = std::chrono::steady_clock;
using steady_timer =
    boost::asio::basic_waitable_timer<steady, boost::asio::wait_traits<steady>, executor>;

std::uint64_t draw_seed() {
    std::uint64_t seed = 0;
    if (::getrandom(&seed, sizeof(seed), 0) != static_cast<ssize_t>(sizeof(seed))) {
        throw std::system_error(errno, std::generic_category(), "getrandom");
    }
    return seed;
}

/// The timer's handler may already be queued when the alarm dies, so it looks at what they share.
class timer_alarm final : public alarm {
  public:
    timer_alarm(executor loop, steady::time_point at, std::function<void()> ring)
        : timer_(loop, at), ring_(std::make_shared<std::function<void()>>(std::move(ring))) {
        timer_.async_wait([ring = std::weak_ptr(ring_)](const boost::system::error_code& error) {
            if (error) return;
            if (const auto alive = ring.lock()) (*alive)();
        });
    }

  private:
    steady_timer timer_;
    std::shared_ptr<std::function<void()>> ring_;
};

}  // namespace

struct world::parts {
    parts(boost::asio::io_context& context, world_options options)
        : loop(context.get_executor()),
          log(make_log_sink(std::move(options.node), options.log)),
          random(options.seed.has_value() ? *options.seed : draw_seed()),
          files(loop, options.disk_roots),
          net(loop) {}

    /// As far as the kernel's clock goes, if it does not go to `at`.
    [[nodiscard]] steady::time_point steady_time(instant at) const {
        const duration span_max = steady::time_point::max() - start;
        return start + std::min(at.time_since_epoch(), span_max);
    }

    executor loop;
    steady::time_point start = steady::now();
    std::unique_ptr<log_sink> log;
    random_source random;
    disk_files files;
    tcp_network net;
};

world::world(boost::asio::io_context& context, world_options options)
    : parts_(std::make_unique<parts>(context, std::move(options))) {
    std::signal(SIGPIPE, SIG_IGN);
}

world::~world() = default;

executor world::get_executor() {
    return parts_->loop;
}

instant world::now() const {
    return instant(steady::now() - parts_->start);
}

wall_instant world::wall_time() const {
    return std::chrono::floor<wall_instant::duration>(std::chrono::system_clock::now());
}

awaitable<void> world::sleep_until(instant until) {
    throw_if(co_await boost::asio::this_coro::cancellation_state);
    if (now() >= until) {
        // The loop's turn is enough: the kernel's timer would cost two system calls.
        co_await boost::asio::post(parts_->loop, frameless);
        throw_if(co_await boost::asio::this_coro::cancellation_state);
        co_return;
    }
    steady_timer timer(parts_->loop, parts_->steady_time(until));
    const auto [error] = co_await timer.async_wait(frameless);
    if (error) throw boost::system::system_error(error);
}

std::unique_ptr<alarm> world::set_alarm(instant at, std::function<void()> ring) {
    return std::make_unique<timer_alarm>(parts_->loop, parts_->steady_time(at), std::move(ring));
}

network& world::net() {
    return parts_->net;
}
file_system& world::files() {
    return parts_->files;
}
random_source& world::random() {
    return parts_->random;
}
log_sink& world::log() {
    return *parts_->log;
}

awaitable<int> world::wait_for_termination() {
    throw_if(co_await boost::asio::this_coro::cancellation_state);
    boost::asio::basic_signal_set<executor> signals(parts_->loop, SIGINT, SIGTERM);
    const auto [error, number] = co_await signals.async_wait(frameless);
    if (error) throw boost::system::system_error(error);
    co_return number;
}

disk_statistics world::disk() const {
    return parts_->files.statistics();
}

}  // namespace verdikt::runtime::real
