#include "broker/server/http_endpoint.h"

#include "broker/server/accept_pause.h"
#include "broker/server/metrics.h"
#include "runtime/deadline.h"
#include "runtime/http_head.h"

#include <chrono>

namespace verdikt::broker::server {

namespace {

constexpr std::size_t connections_max = 16;
constexpr std::chrono::seconds request_time_max{5};

std::string page(std::string_view status, std::string_view type, std::string_view body) {
    return fmt::format(
        "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
        status,
        type,
        body.size(),
        body);
}

}  // namespace

http_endpoint::http_endpoint(const node_services& here)
    : here_(here), tasks_(here.world.get_executor()) {}

runtime::awaitable<std::expected<runtime::endpoint, runtime::errc>> http_endpoint::listen(
    runtime::endpoint at) {
    auto listener = co_await here_.world.net().listen(std::move(at));
    if (!listener) co_return std::unexpected(listener.error());
    listener_ = std::move(*listener);
    tasks_.spawn(accept());
    co_return listener_->local();
}

runtime::awaitable<void> http_endpoint::stop() {
    if (listener_) listener_->close();
    co_await tasks_.cancel_and_join();
}

runtime::awaitable<void> http_endpoint::accept() {
    while (true) {
        auto wire = co_await listener_->accept();
        if (!wire && wire.error() == runtime::errc::closed) co_return;
        if (!wire) {
            co_await here_.world.sleep_for(accept_pause);
            continue;
        }
        if (serving_ < connections_max) {
            ++serving_;
            tasks_.spawn(serve(std::move(*wire)));
        }
    }
}

runtime::awaitable<void> http_endpoint::serve(std::unique_ptr<runtime::stream> wire) {
    co_await runtime::with_deadline(
        here_.world, here_.world.now() + request_time_max, answer(*wire));
    --serving_;
}

runtime::awaitable<void> http_endpoint::answer(runtime::stream& wire) {
    const auto head = co_await runtime::read_http_head(wire);
    if (!head) co_return;
    const std::string text = respond(head->method, head->target);
    const runtime::const_bytes piece = std::as_bytes(std::span(text));
    co_await wire.write(std::span(&piece, 1));
}

std::string http_endpoint::respond(std::string_view method, std::string_view target) const {
    constexpr std::string_view plain = "text/plain; charset=utf-8";
    if (method != "GET") return page("405 Method Not Allowed", plain, "only GET\n");
    if (target == "/metrics") {
        return page("200 OK", "text/plain; version=0.0.4; charset=utf-8", exposition(here_));
    }
    if (target != "/healthz") return page("404 Not Found", plain, "try /metrics or /healthz\n");
    for (const storage::log_directory* directory : here_.directories) {
        if (const auto reason = directory->offline_reason()) {
            return page("503 Service Unavailable",
                        plain,
                        fmt::format("{}: {}\n", directory->path().string(), *reason));
        }
        if (directory->stalled()) {
            return page("503 Service Unavailable",
                        plain,
                        fmt::format("{}: the disk hangs\n", directory->path().string()));
        }
    }
    if (here_.stopping) return page("503 Service Unavailable", plain, "shutting down\n");
    return page("200 OK", plain, "ok\n");
}

}  // namespace verdikt::broker::server
