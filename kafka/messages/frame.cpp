#include "kafka/messages/frame.h"

#include "kafka/api_keys.h"
#include "kafka/buffer_writer.h"
#include "kafka/messages/catalogue.h"
#include "kafka/messages/decode.h"

#include <limits>
#include <utility>

namespace verdikt::kafka::messages {
namespace {

/// Appends a header and a message and puts their size in front, spliced bytes counted.
encode_result encode_frame(const void* header,
                           const message_schema& header_schema,
                           std::int16_t header_version,
                           const void* message,
                           const message_schema& schema,
                           std::int16_t version,
                           encoded& out) {
    const std::size_t start = out.bytes.size();
    const std::size_t splices_before = out.splices.size();
    const std::size_t size_before = out.size();
    buffer_writer writer(out.bytes);
    writer.write<std::int32_t>(0);
    auto written = encode_object(header, header_schema, header_version, out);
    if (written) written = encode_object(message, schema, version, out);
    const std::size_t frame_size = out.size() - size_before - frame_prefix_size;
    if (written && frame_size > std::numeric_limits<std::int32_t>::max())
        written = std::unexpected(encode_error{encode_errc::too_long, schema.name()});
    if (!written) {
        out.bytes.resize(start);
        out.splices.resize(splices_before);
        return written;
    }
    writer.patch<std::int32_t>(start, static_cast<std::int32_t>(frame_size));
    return {};
}

}  // namespace

std::int16_t request_header_version(const message_schema& request, std::int16_t version) {
    return request.is_flexible(version) ? 2 : 1;
}

std::int16_t response_header_version(const message_schema& response, std::int16_t version) {
    if (response.key == static_cast<std::int16_t>(api_key::api_versions)) return 0;
    return response.is_flexible(version) ? 1 : 0;
}

std::expected<request_header, decode_error> decode_request_header(buffer_reader& reader) {
    buffer_reader ahead = reader;
    const auto key = to_api_key(ahead.read<std::int16_t>());
    const auto version = ahead.read<std::int16_t>();
    const message_schema* schema = key ? find_message(*key, message_role::request) : nullptr;
    return decode<request_header>(reader,
                                  schema != nullptr ? request_header_version(*schema, version) : 1);
}

std::expected<response_header, decode_error> decode_response_header(buffer_reader& reader,
                                                                    const message_schema& response,
                                                                    std::int16_t version) {
    return decode<response_header>(reader, response_header_version(response, version));
}

encode_result encode_request_frame(request_header header,
                                   const void* request,
                                   const message_schema& schema,
                                   std::int16_t version,
                                   encoded& out) {
    header.request_api_key = schema.key;
    header.request_api_version = version;
    const std::int16_t header_version = request_header_version(schema, version);
    return encode_frame(
        &header, request_header::schema, header_version, request, schema, version, out);
}

encode_result encode_response_frame(std::int32_t correlation_id,
                                    const void* response,
                                    const message_schema& schema,
                                    std::int16_t version,
                                    encoded& out) {
    const response_header header{.correlation_id = correlation_id};
    const std::int16_t header_version = response_header_version(schema, version);
    return encode_frame(
        &header, response_header::schema, header_version, response, schema, version, out);
}

}  // namespace verdikt::kafka::messages
