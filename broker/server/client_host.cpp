#include "broker/server/client_host.h"

#include "broker/server/accept_pause.h"
#include "runtime/deadline.h"

#include <algorithm>
#include <exception>

namespace verdikt::broker::server {

namespace {

using std::chrono::milliseconds;

/// How precisely limits in time are kept.
constexpr milliseconds watch_interval_max{1'000};
constexpr milliseconds watch_interval_min{10};

}  // namespace

client_limits client_limits_of(const broker_config& config) {
    const auto count = [&config](std::string_view key) {
        return static_cast<std::size_t>(config.integer(key));
    };
    return {.each = {.request_bytes_max = count("socket.request.max.bytes"),
                     .request_timeout = milliseconds(config.integer("socket.request.timeout.ms")),
                     .idle_max = milliseconds(config.integer("connections.max.idle.ms")),
                     .produce_in_flight_max = count("max.in.flight.produce.requests")},
            .connections_max = count("max.connections"),
            .connections_per_host_max = count("max.connections.per.ip")};
}

client_host::client_host(node_services& here, request_memory& memory, client_limits limits)
    : here_(here),
      memory_(memory),
      limits_(limits),
      accepting_(here.world.get_executor()),
      serving_(here.world.get_executor()) {
    accepting_.spawn(watch());
}

runtime::awaitable<std::expected<runtime::endpoint, runtime::errc>> client_host::bind(
    runtime::endpoint at, served_listener served) {
    auto socket = co_await here_.world.net().listen(std::move(at));
    if (!socket) co_return std::unexpected(socket.error());
    entrances_.push_back({.socket = std::move(*socket), .served = std::move(served)});
    co_return entrances_.back().socket->local();
}

void client_host::open(std::string_view name) {
    for (const entrance& through : entrances_) {
        if (through.served.name == name) accepting_.spawn(accept_from(through));
    }
}

bool client_host::admits(const std::string& host) const {
    if (open_.size() >= limits_.connections_max) return false;
    const auto known = by_host_.find(host);
    return known == by_host_.end() || known->second < limits_.connections_per_host_max;
}

runtime::awaitable<void> client_host::accept_from(const entrance& through) {
    while (true) {
        auto wire = co_await through.socket->accept();
        if (!wire && wire.error() == runtime::errc::closed) co_return;
        if (!wire) {
            here_.world.log().write(runtime::log_level::error,
                                    "accept_failed",
                                    {{"reason", runtime::describe(wire.error())}});
            co_await here_.world.sleep_for(accept_pause);
            continue;
        }
        if (!admits((*wire)->peer().host)) {
            ++here_.measured.connections_refused;
            continue;
        }
        ++here_.measured.connections_accepted;
        // It is counted in its first turn, which comes before the next accept returns.
        serving_.spawn(serve(std::move(*wire), through.served));
    }
}

runtime::awaitable<void> client_host::serve(std::unique_ptr<runtime::stream> wire,
                                            const served_listener& through) {
    connection client(here_, memory_, limits_.each, std::move(wire), through);
    client.turn_away(turns_away_);
    const auto listed = open_.insert(open_.end(), &client);
    ++by_host_[client.client_host()];
    std::exception_ptr failure;
    try {
        co_await client.run();
    } catch (...) {
        failure = std::current_exception();
    }
    open_.erase(listed);
    const auto host = by_host_.find(client.client_host());
    if (--host->second == 0) by_host_.erase(host);
    closed_.notify_all();
    if (!failure) co_return;
    try {
        std::rethrow_exception(failure);
    } catch (const std::bad_alloc&) {
        // One client's request must not take the broker down.
        here_.world.log().write(runtime::log_level::error,
                                "connection_out_of_memory",
                                {{"client", client.client_host()}});
    }
}

runtime::awaitable<void> client_host::watch() {
    const milliseconds shortest = std::min(limits_.each.request_timeout, limits_.each.idle_max);
    const milliseconds interval = std::clamp(shortest / 4, watch_interval_min, watch_interval_max);
    while (true) {
        co_await here_.world.sleep_for(interval);
        const runtime::instant now = here_.world.now();
        here_.measured.connections_open = open_.size();
        here_.measured.request_bytes_used = memory_.used();
        for (connection* client : open_) {
            if (client->close_if_overdue(now)) ++here_.measured.connections_overdue;
        }
    }
}

runtime::awaitable<void> client_host::until_empty() {
    while (!open_.empty()) co_await closed_.wait();
}

void client_host::abandon_waiting() {
    for (connection* client : open_) client->abandon_waiting();
}

void client_host::turn_away(bool turns_away) {
    turns_away_ = turns_away;
    for (connection* client : open_) client->turn_away(turns_away);
}

runtime::awaitable<void> client_host::finish(runtime::instant deadline) {
    for (const entrance& through : entrances_) through.socket->close();
    for (connection* client : open_) client->finish();
    co_await runtime::with_deadline(here_.world, deadline, until_empty());
}

runtime::awaitable<void> client_host::stop() {
    for (const entrance& through : entrances_) through.socket->close();
    co_await accepting_.cancel_and_join();
    for (connection* client : open_) client->close();
    co_await serving_.cancel_and_join();
}

}  // namespace verdikt::broker::server
