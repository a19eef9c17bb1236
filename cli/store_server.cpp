#include "cli/store_server.h"

#include "runtime/deadline.h"
#include "runtime/http_head.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace verdikt::cli {

namespace {

using namespace std::chrono_literals;
using runtime::awaitable;

constexpr std::size_t connections_max = 64;
constexpr runtime::duration head_time_max = 5s;
/// A large history over a slow line takes its time.
constexpr runtime::duration answer_time_max = 30min;
constexpr runtime::duration accept_pause = 100ms;

std::string head_of(const http_answer& what, std::uint64_t size) {
    std::string head = fmt::format(
        "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n"
        "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        "Referrer-Policy: no-referrer\r\n"
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n",
        what.status,
        what.type,
        size);
    if (what.download) head += "Content-Disposition: attachment\r\n";
    return head + "\r\n";
}

awaitable<void> write_text(runtime::stream& wire, std::string text) {
    const runtime::const_bytes piece = std::as_bytes(std::span(text));
    co_await wire.write(std::span(&piece, 1));
}

}  // namespace

store_server::store_server(runtime::environment& world, store& from)
    : world_(world), from_(from), tasks_(world.get_executor()) {}

awaitable<std::expected<runtime::endpoint, runtime::errc>> store_server::listen(
    runtime::endpoint at) {
    auto listener = co_await world_.net().listen(std::move(at));
    if (!listener) co_return std::unexpected(listener.error());
    listener_ = std::move(*listener);
    co_return listener_->local();
}

awaitable<void> store_server::run() {
    while (true) {
        auto wire = co_await listener_->accept();
        if (wire && tasks_.running() < connections_max) {
            tasks_.spawn(serve(std::move(*wire)));
        } else if (!wire) {
            co_await world_.sleep_for(accept_pause);
        }
    }
}

awaitable<void> store_server::stop() {
    if (listener_) listener_->close();
    co_await tasks_.cancel_and_join();
}

awaitable<void> store_server::serve(std::unique_ptr<runtime::stream> wire) {
    co_await runtime::with_deadline(world_, world_.now() + answer_time_max, answer(*wire));
}

awaitable<void> store_server::answer(runtime::stream& wire) {
    const auto head = co_await runtime::with_deadline(
        world_, world_.now() + head_time_max, runtime::read_http_head(wire));
    if (!head || !*head) co_return;
    const auto& [method, target] = **head;
    http_answer made = answer_of(from_, method, target);
    std::unique_ptr<runtime::file> file;
    if (!made.file.empty()) {
        auto opened = co_await world_.files().open(made.file, runtime::open_mode::read);
        if (opened) {
            file = std::move(*opened);
        } else {
            made = {.status = "404 Not Found",
                    .type = "text/plain; charset=utf-8",
                    .body = fmt::format("{}\n", runtime::describe(opened.error()))};
        }
    }
    // What a run that still goes on adds meanwhile is left out.
    const std::uint64_t size = file ? file->size() : made.body.size();
    const bool only_head = method == "HEAD";
    co_await write_text(wire, head_of(made, size) + (only_head ? std::string() : made.body));
    if (file && !only_head) co_await wire.write_file(*file, 0, size);
}

}  // namespace verdikt::cli
