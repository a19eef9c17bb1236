#include "broker/server/request_context.h"

#include "kafka/buffer_writer.h"
#include "runtime/check.h"

namespace verdikt::broker::server {

kafka::messages::encode_result encode_reply(const void* message,
                                            const kafka::messages::message_schema& schema,
                                            const request_context& asked,
                                            kafka::messages::encoded& out) {
    CHECK(out.bytes.empty() && out.splices.empty());
    kafka::buffer_writer writer(out.bytes);
    writer.write<std::int32_t>(0);
    writer.write<std::int32_t>(asked.correlation_id);
    // A client reads the answer to ApiVersions before it knows what we speak (KIP-511).
    const bool tags =
        schema.is_flexible(asked.version) && asked.key != kafka::api_key::api_versions;
    if (tags) writer.write_uvarint(0);
    auto encoded = kafka::messages::encode_object(message, schema, asked.version, out);
    if (!encoded) {
        out.clear();
        return encoded;
    }
    const std::size_t size = out.size() - sizeof(std::int32_t);
    CHECK(size <= INT32_MAX, "a response of {} bytes", size);
    writer.patch<std::int32_t>(0, static_cast<std::int32_t>(size));
    return encoded;
}

}  // namespace verdikt::broker::server
