/// One request and its answer over a connection, with the message types that belong together.
#pragma once

#include "client/connection.h"
#include "kafka/messages/decode.h"
#include "kafka/messages/schema.h"

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <utility>

namespace verdikt::client {

/// A decoded answer with the bytes that its records borrow.
template <typename Response>
struct answered {
    Response message;
    std::int16_t version = 0;
    answer_bytes bytes;
};

template <typename Response>
using call_result = std::expected<answered<Response>, call_failure>;

struct call_options {
    std::string client_id;
    runtime::instant deadline;
    std::int16_t version_at_most = kafka::messages::version_max;
};

struct raw_answer {
    answer_bytes bytes;
    std::size_t body_at = 0;
    std::int16_t version = 0;
};

/// Requires: `request` is what `schema` describes, and lives until this returns.
runtime::awaitable<std::expected<raw_answer, call_failure>> call_encoded(
    std::shared_ptr<connection> over,
    const kafka::messages::message_schema& schema,
    const void* request,
    call_options options);

/// As `call`, for a request that is never answered.
runtime::awaitable<std::expected<void, call_failure>> post_encoded(
    std::shared_ptr<connection> over,
    const kafka::messages::message_schema& schema,
    const void* request,
    call_options options);

/// An answer that does not decode is a failure like a lost one: the request did arrive.
template <typename Response, typename Request>
runtime::awaitable<call_result<Response>> call(std::shared_ptr<connection> over,
                                               Request request,
                                               call_options options) {
    std::expected<raw_answer, call_failure> raw =
        co_await call_encoded(std::move(over), Request::schema, &request, std::move(options));
    if (!raw) co_return std::unexpected(std::move(raw.error()));
    auto message =
        kafka::messages::decode<Response>(raw->bytes->bytes().subspan(raw->body_at), raw->version);
    if (!message) {
        co_return std::unexpected(
            call_failure{.why = {.reason = errc::malformed_answer,
                                 .detail = std::string(kafka::describe(message.error().what))},
                         .may_have_arrived = true});
    }
    co_return answered<Response>{
        .message = std::move(*message), .version = raw->version, .bytes = std::move(raw->bytes)};
}

/// Asks which versions the broker speaks and notes them in the connection. An old broker answers an
/// unknown version of this very request in the layout of version 0 (KIP-511); it is then asked so.
runtime::awaitable<std::expected<void, call_failure>> negotiate(std::shared_ptr<connection> over,
                                                                call_options options);

}  // namespace verdikt::client
