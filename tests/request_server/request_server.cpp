#include "tests/request_server/request_server.h"

#include "kafka/buffer_reader.h"
#include "kafka/endian.h"

#include <array>
#include <exception>

namespace verdikt::tests {

namespace {

using kafka::messages::frame_prefix_size;

runtime::awaitable<bool> read_whole(runtime::stream& from, runtime::mutable_bytes into) {
    while (!into.empty()) {
        const auto got = co_await from.read_some(into);
        if (!got || *got == 0) co_return false;
        into = into.subspan(*got);
    }
    co_return true;
}

}  // namespace

runtime::awaitable<void> request_server::serve(std::uint16_t port) {
    runtime::scope talking(world_.get_executor());
    std::exception_ptr ended;
    try {
        co_await accept(port, talking);
    } catch (...) {
        ended = std::current_exception();
    }
    co_await talking.cancel_and_join();
    if (ended) std::rethrow_exception(ended);
}

runtime::awaitable<void> request_server::accept(std::uint16_t port, runtime::scope& talking) {
    const auto listening = co_await world_.net().listen({.host = "", .port = port});
    CHECK(listening.has_value(), "port {} is taken", port);
    for (;;) {
        auto made = co_await (*listening)->accept();
        if (!made) co_return;
        ++accepted_;
        talking.spawn(talk(std::move(*made), accepted_));
    }
}

runtime::awaitable<void> request_server::talk(std::unique_ptr<runtime::stream> with,
                                              std::uint64_t connection) {
    struct end_of_talk {
        const request_server& of;
        std::uint64_t connection;
        ~end_of_talk() { of.ended_(connection); }
    };
    const end_of_talk at_end{*this, connection};
    for (;;) {
        std::array<std::byte, frame_prefix_size> prefix{};
        if (!co_await read_whole(*with, prefix)) co_return;
        const auto size = kafka::load_big_endian<std::int32_t>(prefix.data());
        std::vector<std::byte> request(static_cast<std::size_t>(size));
        if (!co_await read_whole(*with, request)) co_return;
        kafka::buffer_reader reader(request);
        const auto header = kafka::messages::decode_request_header(reader);
        CHECK(header.has_value());
        const asked what{.key = static_cast<kafka::api_key>(header->request_api_key),
                         .version = header->request_api_version,
                         .correlation = header->correlation_id,
                         .connection = connection,
                         .body = std::span<const std::byte>(request).subspan(reader.position())};
        const reaction back = co_await how_(what);
        const runtime::const_bytes piece = back.bytes;
        if (!piece.empty()) {
            const auto written = co_await with->write({&piece, 1});
            if (!written) co_return;
        }
        if (back.hang_up) co_return;
    }
}

}  // namespace verdikt::tests
