#include "client/call.h"

#include "kafka/buffer_reader.h"
#include "kafka/buffer_writer.h"
#include "kafka/messages/api_versions.h"
#include "kafka/messages/encode.h"

#include <fmt/format.h>

namespace verdikt::client {

namespace {

using kafka::messages::message_schema;

struct frame {
    std::vector<std::byte> bytes;
    std::int32_t correlation = 0;
    std::int16_t version = 0;
};

struct frame_order {
    const message_schema& schema;
    const void* request;
    std::int16_t version;
    std::int32_t correlation;
    std::string_view client_id;
};

/// Size, header (its client id is never compact, KIP-482), body.
std::expected<frame, error> make_frame(const frame_order& order) {
    kafka::messages::encoded out;
    kafka::buffer_writer writer(out.bytes);
    writer.write<std::int32_t>(0);
    writer.write<std::int16_t>(order.schema.key);
    writer.write<std::int16_t>(order.version);
    writer.write<std::int32_t>(order.correlation);
    writer.write<std::int16_t>(static_cast<std::int16_t>(order.client_id.size()));
    writer.write_text(order.client_id);
    if (order.schema.is_flexible(order.version)) writer.write_uvarint(0);
    const auto encoded =
        kafka::messages::encode_object(order.request, order.schema, order.version, out);
    if (!encoded) {
        return failure(errc::unsupported_version,
                       fmt::format("{} version {}: {} ({})",
                                   order.schema.name(),
                                   order.version,
                                   kafka::messages::describe(encoded.error().what),
                                   encoded.error().where));
    }
    writer.patch<std::int32_t>(0, static_cast<std::int32_t>(out.bytes.size() - 4));
    return frame{
        .bytes = std::move(out.bytes), .correlation = order.correlation, .version = order.version};
}

std::expected<frame, error> make_frame(connection& over,
                                       const message_schema& schema,
                                       const void* request,
                                       const call_options& options) {
    const auto key = static_cast<kafka::api_key>(schema.key);
    const auto version = over.versions.choose(
        key, std::min<std::int16_t>(options.version_at_most, schema.versions.last));
    if (!version || *version < schema.versions.first) {
        return failure(errc::unsupported_version, std::string(kafka::name(key)));
    }
    return make_frame({.schema = schema,
                       .request = request,
                       .version = *version,
                       .correlation = over.next_correlation_id(),
                       .client_id = options.client_id});
}

/// Where the body starts behind the answer's header: its correlation id, and tags if flexible.
std::optional<std::size_t> skip_header(const answer_bytes& answer, bool has_tags) {
    kafka::buffer_reader reader(answer->bytes());
    reader.skip(sizeof(std::int32_t));
    if (has_tags) {
        for (auto left = reader.read_uvarint(); left > 0 && !reader.failed(); --left) {
            reader.read_uvarint();
            reader.skip(reader.read_uvarint());
        }
    }
    if (reader.failed()) return std::nullopt;
    return reader.position();
}

}  // namespace

runtime::awaitable<std::expected<raw_answer, call_failure>> call_encoded(
    std::shared_ptr<connection> over,
    const message_schema& schema,
    const void* request,
    call_options options) {
    auto made = make_frame(*over, schema, request, options);
    if (!made) co_return std::unexpected(call_failure{.why = std::move(made.error())});
    const auto correlation = made->correlation;
    exchange_result answer =
        co_await over->exchange(std::move(made->bytes), correlation, options.deadline);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    const auto body_at = skip_header(*answer, schema.is_flexible(made->version));
    if (!body_at) {
        co_return std::unexpected(
            call_failure{.why = {.reason = errc::malformed_answer, .detail = "its header"},
                         .may_have_arrived = true});
    }
    co_return raw_answer{
        .bytes = std::move(*answer), .body_at = *body_at, .version = made->version};
}

runtime::awaitable<std::expected<void, call_failure>> post_encoded(std::shared_ptr<connection> over,
                                                                   const message_schema& schema,
                                                                   const void* request,
                                                                   call_options options) {
    auto made = make_frame(*over, schema, request, options);
    if (!made) co_return std::unexpected(call_failure{.why = std::move(made.error())});
    co_return co_await over->post(std::move(made->bytes), options.deadline);
}

namespace {

using kafka::messages::api_versions_request;
using kafka::messages::api_versions_response;

/// ApiVersions answers have header version 0 whatever their own version.
runtime::awaitable<std::expected<api_versions_response, call_failure>> ask_versions(
    std::shared_ptr<connection> over, std::int16_t version, call_options options) {
    api_versions_request request;
    if (version >= 3) {
        request.client_software_name = "verdikt";
        request.client_software_version = "1";
    }
    auto made = make_frame({.schema = api_versions_request::schema,
                            .request = &request,
                            .version = version,
                            .correlation = over->next_correlation_id(),
                            .client_id = options.client_id});
    if (!made) co_return std::unexpected(call_failure{.why = std::move(made.error())});
    const auto correlation = made->correlation;
    exchange_result answer =
        co_await over->exchange(std::move(made->bytes), correlation, options.deadline);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    const auto body = (*answer)->bytes().subspan(sizeof(std::int32_t));
    const bool refused = body.size() >= 2 &&
                         kafka::to_error_code(kafka::load_big_endian<std::int16_t>(body.data())) ==
                             kafka::error_code::unsupported_version;
    auto decoded = kafka::messages::decode<api_versions_response>(body, refused ? 0 : version);
    if (!decoded) {
        co_return std::unexpected(
            call_failure{.why = {.reason = errc::malformed_answer, .detail = "to ApiVersions"},
                         .may_have_arrived = true});
    }
    co_return std::move(*decoded);
}

}  // namespace

runtime::awaitable<std::expected<void, call_failure>> negotiate(std::shared_ptr<connection> over,
                                                                call_options options) {
    const std::int16_t newest = spoken_versions(kafka::api_key::api_versions).last;
    auto told = co_await ask_versions(over, newest, options);
    if (!told) co_return std::unexpected(std::move(told.error()));
    if (kafka::to_error_code(told->error_code) == kafka::error_code::unsupported_version) {
        told = co_await ask_versions(over, 0, options);
        if (!told) co_return std::unexpected(std::move(told.error()));
    }
    const auto code = kafka::to_error_code(told->error_code);
    if (code != kafka::error_code::none) {
        co_return std::unexpected(
            call_failure{.why = refused(code, "ApiVersions"), .may_have_arrived = true});
    }
    for (const auto& each : told->api_keys) {
        over->versions.add(each.api_key, {.first = each.min_version, .last = each.max_version});
    }
    for (const auto& each : told->finalized_features) {
        over->versions.add_feature(each.name, each.max_version_level);
    }
    co_return std::expected<void, call_failure>();
}

}  // namespace verdikt::client
