/// How the tables of served requests are written; included by their .cpp files only.
#pragma once

#include "broker/server/api_table.h"
#include "kafka/messages/decode.h"
#include "kafka/messages/frame.h"

#include <fmt/format.h>

#include <expected>
#include <utility>

namespace verdikt::broker::server {

namespace messages = kafka::messages;

template <typename Request>
std::expected<Request, unanswerable> decode_body(kafka::buffer_reader& body, std::int16_t version) {
    auto request = messages::decode<Request>(body, version);
    if (request) return std::move(*request);
    return std::unexpected(unanswerable{fmt::format("{} v{}: {} at byte {} ({})",
                                                    Request::schema.name(),
                                                    version,
                                                    kafka::describe(request.error().what),
                                                    request.error().position,
                                                    request.error().where)});
}

template <typename Response>
serve_result encode_answer(const Response& response, const request_context& asked, reply& answer) {
    const auto encoded =
        messages::encode_response_frame(asked.correlation_id, response, asked.version, answer.head);
    if (encoded) return {};
    return std::unexpected(unanswerable{fmt::format("{} v{}: {} ({})",
                                                    Response::schema.name(),
                                                    asked.version,
                                                    messages::describe(encoded.error().what),
                                                    encoded.error().where)});
}

template <typename Request, auto Handler>
runtime::awaitable<serve_result> serve_with(node_services& here,
                                            const request_context& asked,
                                            kafka::buffer_reader body,
                                            reply& answer) {
    auto request = decode_body<Request>(body, asked.version);
    if (!request) co_return std::unexpected(std::move(request.error()));
    const auto response = co_await Handler(here, asked, std::move(*request));
    co_return encode_answer(response, asked, answer);
}

template <typename Request, auto Handler>
api entry(kafka::api_key key, messages::version_range versions) {
    return {
        .key = key, .listed = versions, .served = versions, .serve = &serve_with<Request, Handler>};
}

}  // namespace verdikt::broker::server
