/// Speaks to a broker as a client does, one encoded request at a time. For tests.
#pragma once

#include "kafka/messages/decode.h"
#include "kafka/messages/frame.h"
#include "runtime/check.h"
#include "runtime/environment.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace verdikt::tests {

class wire_client {
  public:
    explicit wire_client(std::unique_ptr<runtime::stream> wire) : wire_(std::move(wire)) {}

    static runtime::awaitable<wire_client> connect(runtime::environment& world,
                                                   runtime::endpoint to) {
        auto wire = co_await world.net().connect(std::move(to));
        CHECK(wire.has_value(), "cannot connect: {}", runtime::describe(wire.error()));
        co_return wire_client(std::move(*wire));
    }

    /// Sends and waits for the answer. Requires: one comes.
    template <typename Response, typename Request>
    runtime::awaitable<Response> ask(Request request, std::int16_t version) {
        CHECK(co_await send(request, version));
        co_return co_await receive<Response>(version);
    }

    /// As `ask`, and nothing if the connection was lost instead.
    template <typename Response, typename Request>
    runtime::awaitable<std::optional<Response>> try_ask(Request request, std::int16_t version) {
        if (!co_await send(request, version)) co_return std::nullopt;
        auto body = co_await receive_frame();
        if (!body) co_return std::nullopt;
        co_return std::move(*std::static_pointer_cast<Response>(
            decoded(std::move(*body), Response::schema, version)));
    }

    /// As `ask`, for those who walk all messages without knowing their types.
    runtime::awaitable<std::shared_ptr<void>> ask(const void* request,
                                                  const kafka::messages::message_schema& asked,
                                                  const kafka::messages::message_schema& answered,
                                                  std::int16_t version) {
        CHECK(co_await send_bytes(framed(request, asked, version)));
        auto body = co_await receive_frame();
        CHECK(body.has_value(), "the connection was closed");
        co_return decoded(std::move(*body), answered, version);
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
        auto body = co_await receive_frame();
        CHECK(body.has_value(), "the connection was closed");
        co_return std::move(*std::static_pointer_cast<Response>(
            decoded(std::move(*body), Response::schema, version)));
    }

    /// Nothing once the broker has closed the connection.
    runtime::awaitable<std::optional<std::vector<std::byte>>> receive_frame() {
        std::vector<std::byte> size(kafka::messages::frame_prefix_size);
        if (!co_await read_all(size)) co_return std::nullopt;
        const auto length = kafka::load_big_endian<std::int32_t>(size.data());
        std::vector<std::byte> body(static_cast<std::size_t>(length));
        if (!co_await read_all(body)) co_return std::nullopt;
        co_return body;
    }

    template <typename Request>
    [[nodiscard]] std::vector<std::byte> framed(const Request& request, std::int16_t version) {
        return framed(&request, Request::schema, version);
    }

    void close() { wire_->close(); }

  private:
    std::vector<std::byte> framed(const void* request,
                                  const kafka::messages::message_schema& schema,
                                  std::int16_t version) {
        kafka::messages::encoded out;
        const auto encoded = kafka::messages::encode_request_frame(
            {.correlation_id = sent_++, .client_id = "test"}, request, schema, version, out);
        CHECK(encoded.has_value(), "{}", kafka::messages::describe(encoded.error().what));
        return std::move(out.bytes);
    }

    /// Records in the result live until the next answer.
    std::shared_ptr<void> decoded(std::vector<std::byte> body,
                                  const kafka::messages::message_schema& schema,
                                  std::int16_t version) {
        received_ = std::move(body);
        kafka::buffer_reader reader(received_);
        const auto header = kafka::messages::decode_response_header(reader, schema, version);
        CHECK(header.has_value() && header->correlation_id == answered_++, "out of order");
        auto response = schema.make();
        kafka::messages::decode_object(reader, schema, version, response.get());
        CHECK(!reader.failed(),
              "{} v{}: {}",
              schema.name(),
              version,
              kafka::describe(reader.error()->what));
        CHECK(reader.remaining() == 0, "{} v{} has a tail", schema.name(), version);
        return response;
    }

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

}  // namespace verdikt::tests
