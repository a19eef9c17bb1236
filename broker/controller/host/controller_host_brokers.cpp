// Which brokers live, and what the active controller does when nothing is asked of it.
#include "broker/controller/host/controller_host.h"
#include "broker/link/presence.h"
#include "runtime/deadline.h"
#include "runtime/log.h"

#include <algorithm>
#include <chrono>

namespace verdikt::broker::controller::host {

using runtime::log_level;

namespace {

constexpr runtime::duration look_patience = std::chrono::milliseconds(500);

}  // namespace

void controller_host::registers_here(const kafka::messages::broker_registration_request& request) {
    const kafka::node_id broker(request.broker_id);
    const metadata::broker_registration* before = image().find_broker(broker);
    if (before == nullptr || before->incarnation == request.incarnation_id) return;
    connection_lost(broker, before->epoch);
}

void controller_host::connection_lost(kafka::node_id broker, kafka::broker_epoch epoch) {
    if (!is_active()) return;
    controller_.connection_lost(broker, epoch, world_.now());
    expect_tick();
    if (settings_.looks_for_processes) working_.spawn(look_for_process(broker, epoch));
}

/// Whoever died with the controller before has no connection here that could break.
void controller_host::look_for_all_brokers() {
    for (const auto& [node, broker] : image().brokers()) {
        if (!broker.fenced) working_.spawn(look_for_process(node, broker.epoch));
    }
}

runtime::awaitable<void> controller_host::look_for_process(kafka::node_id broker,
                                                           kafka::broker_epoch epoch) {
    const metadata::broker_registration* known = image().find_broker(broker);
    if (known == nullptr || known->epoch != epoch || known->endpoints.empty()) co_return;
    auto at = std::ranges::find(known->endpoints, settings_.listener, &metadata::endpoint::name);
    if (at == known->endpoints.end()) at = known->endpoints.begin();
    const link::presence found = co_await link::look_for_listener(
        world_, {.host = at->host, .port = at->port}, look_patience);
    if (found != link::presence::refused || !is_active()) co_return;
    world_.log().write(
        log_level::info, "broker_process_ended", {{"broker", broker}, {"epoch", epoch}});
    controller_.process_ended(broker, epoch, world_.now());
    expect_tick();
}

void controller_host::expect_tick() {
    if (controller_.next_tick() < next_tick_) tick_moved_.notify_all();
}

runtime::awaitable<void> controller_host::until_tick_moves() {
    while (is_active() && controller_.next_tick() >= next_tick_) co_await tick_moved_.wait();
}

runtime::awaitable<void> controller_host::keep_ticking() {
    for (;;) {
        if (!is_active()) {
            next_tick_ = runtime::instant::max();
            co_await tick_moved_.wait();
            continue;
        }
        next_tick_ = controller_.next_tick();
        if (world_.now() < next_tick_) {
            co_await runtime::with_deadline(world_, next_tick_, until_tick_moves());
            continue;
        }
        const auto made = controller_.tick(now());
        if (append(made.records) && !made.records.empty()) {
            world_.log().write(
                log_level::info, "controller_ticked", {{"records", made.records.size()}});
        }
    }
}

}  // namespace verdikt::broker::controller::host
