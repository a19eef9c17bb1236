#include "broker/metadata/record.h"

#include "kafka/buffer_writer.h"
#include "kafka/messages/decode.h"
#include "kafka/messages/encode.h"
#include "runtime/check.h"

#include <optional>
#include <type_traits>
#include <utility>

namespace verdikt::broker::metadata {

namespace messages = kafka::messages;

namespace {

constexpr std::uint32_t frame_version = 1;

using decoded = std::expected<record, record_fault>;

std::unexpected<record_fault> malformed(const kafka::buffer_reader& reader) {
    return std::unexpected(record_fault{.what = record_errc::malformed,
                                        .detail = reader.error().value_or(kafka::decode_error{})});
}

template <typename Body>
decoded decode_body(kafka::buffer_reader& reader, std::uint32_t version) {
    const auto newest = static_cast<std::uint32_t>(Body::schema.versions.last);
    if (version > newest) return std::unexpected(record_fault{record_errc::unknown_version});
    auto body = messages::decode<Body>(reader, static_cast<std::int16_t>(version));
    if (body && reader.remaining() != 0) reader.fail(kafka::decode_errc::trailing_bytes);
    if (reader.failed()) return malformed(reader);
    return record(std::move(*body));
}

/// Tries the alternatives of `record` in turn.
template <std::size_t Index = 0>
decoded decode_with_key(kafka::buffer_reader& reader, std::uint32_t key, std::uint32_t version) {
    if constexpr (Index == std::variant_size_v<record>) {
        return std::unexpected(record_fault{record_errc::unknown_record});
    } else {
        using body = std::variant_alternative_t<Index, record>;
        if (static_cast<std::uint32_t>(body::schema.key) == key)
            return decode_body<body>(reader, version);
        return decode_with_key<Index + 1>(reader, key, version);
    }
}

}  // namespace

std::string_view describe(record_errc what) {
    switch (what) {
        case record_errc::unknown_frame:
            return "a frame of an unknown version";
        case record_errc::unknown_record:
            return "an unknown record";
        case record_errc::unknown_version:
            return "a record of an unknown version";
        case record_errc::malformed:
            return "a malformed record";
    }
    return "unknown";
}

std::string_view name(const record& which) {
    return std::visit([]<typename Body>(const Body&) { return Body::schema.name(); }, which);
}

std::vector<std::byte> encode_record(const record& which) {
    messages::encoded out;
    kafka::buffer_writer writer(out.bytes);
    std::visit(
        [&]<typename Body>(const Body& body) {
            const std::int16_t version = Body::schema.versions.last;
            writer.write_uvarint(frame_version);
            writer.write_uvarint(static_cast<std::uint64_t>(Body::schema.key));
            writer.write_uvarint(static_cast<std::uint64_t>(version));
            const auto written = messages::encode(body, version, out);
            // Names and addresses were bounded when the request that brought them was read.
            CHECK(written.has_value(), "{}: {}", Body::schema.name(), written.error().where);
        },
        which);
    return std::move(out.bytes);
}

std::expected<record, record_fault> decode_record(std::span<const std::byte> frame) {
    kafka::buffer_reader reader(frame);
    const std::uint32_t frame_is = reader.read_uvarint();
    const std::uint32_t key = reader.read_uvarint();
    const std::uint32_t version = reader.read_uvarint();
    if (reader.failed()) return malformed(reader);
    if (frame_is != frame_version) return std::unexpected(record_fault{record_errc::unknown_frame});
    return decode_with_key(reader, key, version);
}

}  // namespace verdikt::broker::metadata
