#include "broker/lifecycle/host/lifecycle_host.h"

#include "runtime/check.h"
#include "runtime/deadline.h"
#include "runtime/log.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

namespace verdikt::broker::lifecycle::host {

namespace messages = kafka::messages;
using link::channel;
using runtime::log_level;

namespace {

std::string_view name(standing which) {
    switch (which) {
        case standing::unregistered:
            return "unregistered";
        case standing::fenced:
            return "fenced";
        case standing::active:
            return "active";
        case standing::stopping:
            return "stopping";
        case standing::stopped:
            return "stopped";
        case standing::refused:
            return "refused";
        case standing::replaced:
            return "replaced";
    }
    CHECK(false, "a standing of value {}", static_cast<int>(which));
    return {};
}

}  // namespace

lifecycle_host::lifecycle_host(runtime::environment& world,
                               messages::broker_registration_request registration,
                               lifecycle_host_settings settings,
                               controller::host::controller_host& metadata,
                               controller::host::controller_route& route,
                               lifecycle_owner& owner)
    : world_(world),
      settings_(settings),
      metadata_(metadata),
      route_(route),
      owner_(owner),
      life_(std::move(registration), settings.pace),
      working_(world.get_executor()) {
    metadata_.subscribe(*this);
}

lifecycle_host::~lifecycle_host() {
    metadata_.unsubscribe(*this);
}

void lifecycle_host::start() {
    started_ = world_.now();
    life_.on_metadata(metadata_.image().position().offset);
    working_.spawn(live());
    working_.spawn(watch_contact());
}

void lifecycle_host::recovered() {
    life_.on_recovered(world_.now());
    moved_.notify_all();
}

void lifecycle_host::directory_failed(const kafka::uuid& directory) {
    life_.on_failed_directory(directory, world_.now());
    moved_.notify_all();
}

void lifecycle_host::disk_stalled(bool stalled) {
    life_.on_disk_stalled(stalled, world_.now());
    moved_.notify_all();
}

runtime::awaitable<bool> lifecycle_host::leave(runtime::duration patience) {
    life_.stop(world_.now());
    tell_owner();
    co_await runtime::with_deadline(world_, world_.now() + patience, until_over());
    co_return where() == standing::stopped;
}

runtime::awaitable<void> lifecycle_host::stop() {
    co_await working_.cancel_and_join();
}

bool lifecycle_host::is_over() const {
    return where() == standing::stopped || where() == standing::refused ||
           where() == standing::replaced;
}

void lifecycle_host::image_changed(const metadata::image& now,
                                   const metadata::changes& /*changed*/) {
    life_.on_metadata(now.position().offset);
}

void lifecycle_host::controller_changed(std::optional<kafka::node_id> leader) {
    if (asking_ != nullptr) asking_->cancel();
    if (!leader) return;
    life_.on_controller(world_.now());
    moved_.notify_all();
}

// ---- Requests.

runtime::awaitable<void> lifecycle_host::live() {
    while (!is_over()) {
        const std::optional<runtime::instant> due = life_.next_time();
        CHECK(due.has_value(), "nothing is under way, and it is not over");
        if (world_.now() < *due) {
            co_await runtime::with_deadline(world_, *due, until_woken());
            continue;
        }
        std::optional<request> what = life_.next_request(world_.now());
        CHECK(what.has_value());
        co_await exchange(std::move(*what));
        tell_owner();
    }
}

runtime::awaitable<void> lifecycle_host::until_woken() {
    // The time of the next request may have come nearer since the deadline was set.
    while (!is_over() && world_.now() < *life_.next_time()) co_await moved_.wait();
}

runtime::awaitable<void> lifecycle_host::until_over() {
    while (!is_over()) co_await moved_.wait();
}

runtime::awaitable<void> lifecycle_host::exchange(request what) {
    struct end_of_exchange {
        lifecycle_host& of;
        ~end_of_exchange() { of.asking_ = nullptr; }
    };
    is_answered_ = false;
    runtime::scope asking(world_.get_executor());
    {
        const end_of_exchange at_end{*this};
        asking_ = &asking;
        asking.spawn(std::visit([this](auto& one) { return ask(std::move(one)); }, what));
        co_await asking.join();
    }
    if (!is_answered_) life_.on_unknown_outcome(world_.now());
}

runtime::awaitable<void> lifecycle_host::ask(messages::broker_registration_request what) {
    const auto answer = co_await route_.ask<messages::broker_registration_response>(
        std::move(what), channel::heartbeat, settings_.request_timeout);
    if (!answer || controller::host::is_not_controller(*answer)) co_return;
    is_answered_ = true;
    life_.on_registration(*answer, world_.now());
    if (answer->error_code == 0) co_return;
    const auto code = kafka::to_error_code(answer->error_code);
    // That one passes: the session of the process before has not ended yet.
    const bool is_passing = code == kafka::error_code::duplicate_broker_registration;
    world_.log().write(is_passing ? log_level::info : log_level::warning,
                       "registration_refused",
                       {{"error", kafka::name(code)}});
}

runtime::awaitable<void> lifecycle_host::ask(messages::broker_heartbeat_request what) {
    const auto answer = co_await route_.ask<messages::broker_heartbeat_response>(
        std::move(what), channel::heartbeat, settings_.request_timeout);
    if (!answer || controller::host::is_not_controller(*answer)) co_return;
    is_answered_ = true;
    const std::optional<runtime::instant> before = life_.last_contact();
    life_.on_heartbeat(*answer, world_.now());
    if (life_.last_contact() == before) co_return;
    tell_reachable(true);
    contact_made_.notify_all();
}

// ---- What the owner is told.

void lifecycle_host::tell_owner() {
    if (where() != told_standing_ || epoch() != told_epoch_) {
        told_standing_ = where();
        told_epoch_ = epoch();
        world_.log().write(
            log_level::info, "broker_standing", {{"standing", name(where())}, {"epoch", epoch()}});
        owner_.standing_changed(where(), epoch());
    }
    moved_.notify_all();
}

runtime::instant lifecycle_host::last_contact() const {
    return std::max(started_, life_.last_contact().value_or(started_));
}

runtime::awaitable<void> lifecycle_host::watch_contact() {
    for (;;) {
        const runtime::instant due = last_contact() + settings_.unreachable_after;
        if (world_.now() < due) {
            co_await world_.sleep_until(due);
            continue;
        }
        tell_reachable(false);
        while (world_.now() >= last_contact() + settings_.unreachable_after)
            co_await contact_made_.wait();
    }
}

void lifecycle_host::tell_reachable(bool reachable) {
    if (reachable == is_reachable_) return;
    is_reachable_ = reachable;
    world_.log().write(reachable ? log_level::info : log_level::warning,
                       reachable ? "controller_reachable" : "controller_unreachable",
                       {});
    owner_.controller_reachable(reachable);
}

}  // namespace verdikt::broker::lifecycle::host
