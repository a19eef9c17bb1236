#include "workloads/exactly_once/eos_instance.h"
#include "workloads/recorder/datums.h"

#include "client/closing.h"
#include "workloads/clients.h"

#include <fmt/format.h>

#include <exception>
#include <utility>

namespace verdikt::workloads {

using namespace std::chrono_literals;
using runtime::awaitable;

namespace {

constexpr runtime::duration rest_after_life = 100ms;
/// Between two polls; who takes longer has left the group.
constexpr std::chrono::milliseconds poll_interval = 6s;
/// Of those that commit by themselves: long before they are done with what they were given.
constexpr std::chrono::milliseconds commit_interval = 100ms;
/// Small transactions, so that there are many.
constexpr std::int64_t records_max = 10;
constexpr double share_of_rate = 0.7;
constexpr runtime::duration settling = 7s;

}  // namespace

eos_instance::eos_instance(runtime::environment& world,
                           const exactly_once_options& plan,
                           eos_board& board,
                           recorder& history,
                           std::size_t number,
                           runtime::random_source random)
    : world_(world),
      plan_(plan),
      board_(board),
      history_(history),
      number_(number),
      random_(random) {}

std::string eos_instance::transactional_id() const {
    return fmt::format("{}-{}", plan_.group, number_);
}

awaitable<void> eos_instance::run(runtime::instant until) {
    begun_ = world_.now();
    until_ = until;
    while (world_.now() < until) {
        living_.emplace(world_.get_executor());
        in_charge_ = 0;
        while (world_.now() < until && !living_->cancelled()) {
            ++in_charge_;
            living_->spawn(live(until));
            while (in_charge_ > 0 && !living_->cancelled()) co_await handed_over_.wait();
            co_await world_.sleep_for(rest_after_life);
        }
        co_await living_->join();
    }
}

bool eos_instance::settled() const {
    return world_.now() >= begun_ + settling;
}

bool eos_instance::crash() {
    if (!living_ || living_->running() == 0) return false;
    living_->cancel();
    handed_over_.notify_all();
    return true;
}

awaitable<void> eos_instance::live(runtime::instant until) {
    life self{.process = history_.fresh_process()};
    std::exception_ptr failure;
    try {
        co_await use_writer(self, until);
    } catch (...) {
        failure = std::current_exception();
    }
    hand_over(self);
    if (failure) std::rethrow_exception(failure);
}

void eos_instance::hand_over(life& self) {
    if (!std::exchange(self.in_charge, false)) return;
    --in_charge_;
    handed_over_.notify_all();
}

awaitable<void> eos_instance::use_writer(life& self, runtime::instant until) {
    client::producer writer(
        world_,
        producer_settings(plan_.load,
                          fmt::format("instance-{}", self.process),
                          plan_.load.transactional() ? transactional_id() : std::string()));
    co_await client::use_and_close(writer, use_reader(self, writer, until));
}

awaitable<void> eos_instance::use_reader(life& self,
                                         client::producer& writer,
                                         runtime::instant until) {
    if (!co_await init(self, writer)) co_return;
    client::client_config settings =
        consumer_settings(plan_.load, fmt::format("instance-{}", self.process), plan_.group);
    settings.max_poll_interval_ms = poll_interval;
    settings.max_poll_records = records_max;
    settings.auto_commit_interval_ms = commit_interval;
    client::consumer reader(world_, std::move(settings));
    co_await client::use_and_close(reader, act(self, writer, reader, until));
}

awaitable<bool> eos_instance::init(life& self, client::producer& writer) {
    if (!plan_.load.transactional()) co_return true;
    open_operation op = history_.begin(self.process, "init", text_of(transactional_id()));
    const auto ready = co_await writer.init_transactions();
    // It may have fenced its predecessor even where no answer came.
    if (!ready) op.error = text_of(ready.error().message());
    op.end(ready ? op_type::ok : op_type::info);
    co_return ready.has_value();
}

awaitable<void> eos_instance::act(life& self,
                                  client::producer& writer,
                                  client::consumer& reader,
                                  runtime::instant until) {
    const auto subscribed = reader.subscribe({plan_.input});
    const double mean =
        1e9 * static_cast<double>(plan_.load.concurrency) / (plan_.load.rate * share_of_rate);
    while (subscribed && !self.over) {
        const auto pause = random_.between(0, static_cast<std::int64_t>(2 * mean));
        co_await world_.sleep_for(runtime::duration(pause));
        if (world_.now() >= until) co_return;
        if (settled() && random_.chance(plan_.leave_chance)) co_return;
        if (settled() && random_.chance(plan_.crash_chance)) {
            open_operation op = history_.begin(self.process, "crash", {});
            op.end(op_type::info);
            // Nobody is told, as if the power had gone.
            co_await writer.stop();
            co_await reader.stop();
            co_return;
        }
        co_await process(self, writer, reader);
    }
}

}  // namespace verdikt::workloads
