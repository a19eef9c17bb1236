/// Frames: a size, a header, and a message, as they travel over a connection.
///
///     request   int32 size | request_header version 1 or 2  | message
///     response  int32 size | response_header version 0 or 1 | message
///
/// The header is flexible where the message is, with one exception: the response to ApiVersions
/// always has header version 0, since whoever reads it does not know yet what the other side speaks
/// (KIP-511).
#pragma once

#include "kafka/buffer_reader.h"
#include "kafka/messages/encode.h"
#include "kafka/messages/headers.h"
#include "kafka/messages/schema.h"

#include <cstddef>
#include <cstdint>
#include <expected>

namespace verdikt::kafka::messages {

/// The int32 in front of every request and response; it does not count itself.
inline constexpr std::size_t frame_prefix_size = 4;
/// Kafka's default for socket.request.max.bytes.
inline constexpr std::int32_t frame_size_max_default = 100 * 1024 * 1024;

[[nodiscard]] std::int16_t request_header_version(const message_schema& request,
                                                  std::int16_t version);
[[nodiscard]] std::int16_t response_header_version(const message_schema& response,
                                                   std::int16_t version);

/// Reads the header of any request and leaves `reader` at its message. Of a request that this code
/// has no schema for, the key, version, correlation id and client id are still right, but where the
/// message starts is not known.
std::expected<request_header, decode_error> decode_request_header(buffer_reader& reader);

/// Reads the header of the response to a request of `version` and leaves `reader` at its message.
std::expected<response_header, decode_error> decode_response_header(buffer_reader& reader,
                                                                    const message_schema& response,
                                                                    std::int16_t version);

/// Appends a whole frame; on failure `out` is as it was before. `header` need not have the key and
/// version of the request: they are filled in.
encode_result encode_request_frame(request_header header,
                                   const void* request,
                                   const message_schema& schema,
                                   std::int16_t version,
                                   encoded& out);
encode_result encode_response_frame(std::int32_t correlation_id,
                                    const void* response,
                                    const message_schema& schema,
                                    std::int16_t version,
                                    encoded& out);

template <typename Request>
encode_result encode_request_frame(request_header header,
                                   const Request& request,
                                   std::int16_t version,
                                   encoded& out) {
    return encode_request_frame(std::move(header), &request, Request::schema, version, out);
}

template <typename Response>
encode_result encode_response_frame(std::int32_t correlation_id,
                                    const Response& response,
                                    std::int16_t version,
                                    encoded& out) {
    return encode_response_frame(correlation_id, &response, Response::schema, version, out);
}

}  // namespace verdikt::kafka::messages
