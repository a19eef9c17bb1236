/// Speaks to a broker as a client does, one encoded request at a time. For tests.
#pragma once

#include "kafka/buffer_reader.h"
#include "kafka/buffer_writer.h"
#include "kafka/messages/decode.h"
#include "kafka/messages/encode.h"
#include "runtime/check.h"
#include "runtime/environment.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace verdikt::broker::server {

class wire_client {
  public:
    explicit wire_client(std::unique_ptr<runtime::stream> wire) : wire_(std::move(wire)) {}

    static runtime::awaitable<wire_client> connect(runtime::environment& world,
                                                   runtime::endpoint to) {
        auto wire = co_await world.net().connect(std::move(to));
        CHECK(wire.has_value(), "cannot connect: {}", runtime::describe(wire.error()));
        co_return wire_client(std::move(*wire));
    }

    /// Sends and waits for the answer.
    template <typename Response, typename Request>
    runtime::awaitable<Response> ask(Request request, std::int16_t version) {
        CHECK(co_await send(request, version));
        co_return co_await receive<Response>(version);
    }

    /// False if the connection is gone.
    template <typename Request>
    runtime::awaitable<bool> send(Request request, std::int16_t version) {
        co_return co_await send_bytes(framed(request, version));
    }

    runtime::awaitable<bool> send_bytes(std::vector<std::byte> bytes) {
        const runtime::const_bytes piece(bytes);
        const auto written = co_await wire_->write(std::span(&piece, 1));
        co_return written.has_value();
    }

    /// Requires: an answer comes, and it is one to this request.
    template <typename Response>
    runtime::awaitable<Response> receive(std::int16_t version) {
        const auto body = co_await receive_frame();
        CHECK(body.has_value(), "the connection was closed");
        received_ = std::move(*body);
        kafka::buffer_reader reader(received_);
        CHECK(reader.read<std::int32_t>() == answered_++, "an answer out of order");
        const bool tags = Response::schema.is_flexible(version) && Response::schema.key != 18;
        if (tags) CHECK(reader.read_uvarint() == 0);
        auto response = kafka::messages::decode<Response>(reader, version);
        CHECK(response.has_value(), "{}", kafka::describe(response.error().what));
        CHECK(reader.remaining() == 0);
        co_return std::move(*response);
    }

    /// Nothing once the broker has closed the connection.
    runtime::awaitable<std::optional<std::vector<std::byte>>> receive_frame() {
        std::vector<std::byte> size(4);
        if (!co_await read_all(size)) co_return std::nullopt;
        const auto length = kafka::load_big_endian<std::int32_t>(size.data());
        std::vector<std::byte> body(static_cast<std::size_t>(length));
        if (!co_await read_all(body)) co_return std::nullopt;
        co_return body;
    }

    template <typename Request>
    [[nodiscard]] std::vector<std::byte> framed(const Request& request, std::int16_t version) {
        kafka::messages::encoded out;
        kafka::buffer_writer writer(out.bytes);
        writer.write<std::int32_t>(0);
        writer.write<std::int16_t>(Request::schema.key);
        writer.write<std::int16_t>(version);
        writer.write<std::int32_t>(sent_++);
        writer.write<std::int16_t>(4);
        writer.write_text("test");
        if (Request::schema.is_flexible(version)) writer.write_uvarint(0);
        const auto encoded = kafka::messages::encode(request, version, out);
        CHECK(encoded.has_value(), "{}", kafka::messages::describe(encoded.error().what));
        writer.patch<std::int32_t>(0, static_cast<std::int32_t>(out.bytes.size() - 4));
        return out.bytes;
    }

    void close() { wire_->close(); }

  private:
    runtime::awaitable<bool> read_all(runtime::mutable_bytes into) {
        while (!into.empty()) {
            const auto read = co_await wire_->read_some(into);
            if (!read || *read == 0) co_return false;
            into = into.subspan(*read);
        }
        co_return true;
    }

    std::unique_ptr<runtime::stream> wire_;
    std::vector<std::byte> received_;
    std::int32_t sent_ = 0;
    std::int32_t answered_ = 0;
};

}  // namespace verdikt::broker::server
