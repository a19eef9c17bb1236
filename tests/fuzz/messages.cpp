/// Any bytes as any message: whatever is accepted must survive being written and read again.
///
/// The first byte says what follows:
///     0  a request frame without its size: header, message
///     1  an api key, a version, then a response frame without its size
///     2  the place of a message in the catalogue, a version, then the message alone
#include "kafka/messages/catalogue.h"
#include "kafka/messages/decode.h"
#include "kafka/messages/encode.h"
#include "kafka/messages/frame.h"
#include "runtime/check.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace verdikt::kafka::messages {
namespace {

void check_message(buffer_reader& reader, const message_schema& schema, std::int16_t version) {
    const auto first = schema.make();
    decode_object(reader, schema, version, first.get());
    if (reader.failed()) return;

    encoded written;
    CHECK(encode_object(first.get(), schema, version, written).has_value());
    const auto second = schema.make();
    buffer_reader again(written.bytes);
    decode_object(again, schema, version, second.get());
    CHECK(!again.failed());
    CHECK(again.remaining() == 0);
    CHECK(schema.body.equal(first.get(), second.get()));

    encoded rewritten;
    CHECK(encode_object(second.get(), schema, version, rewritten).has_value());
    CHECK(rewritten.bytes == written.bytes);
}

void check_request(buffer_reader& reader) {
    const auto header = decode_request_header(reader);
    if (!header) return;
    const auto key = to_api_key(header->request_api_key);
    const message_schema* schema = key ? find_message(*key, message_role::request) : nullptr;
    if (schema != nullptr) check_message(reader, *schema, header->request_api_version);
}

void check_response(buffer_reader& reader) {
    const auto key = to_api_key(reader.read<std::uint8_t>());
    const std::int16_t version = reader.read<std::int8_t>();
    const message_schema* schema = key ? find_message(*key, message_role::response) : nullptr;
    if (schema == nullptr || !decode_response_header(reader, *schema, version)) return;
    check_message(reader, *schema, version);
}

void check_any(buffer_reader& reader) {
    const std::size_t place = reader.read<std::uint8_t>();
    const std::int16_t version = reader.read<std::int8_t>();
    if (place < all_messages().size()) check_message(reader, *all_messages()[place], version);
}

}  // namespace
}  // namespace verdikt::kafka::messages

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace verdikt::kafka;
    buffer_reader reader(std::as_bytes(std::span(data, size)));
    switch (reader.read<std::uint8_t>()) {
        case 0:
            messages::check_request(reader);
            break;
        case 1:
            messages::check_response(reader);
            break;
        case 2:
            messages::check_any(reader);
            break;
        default:
            break;
    }
    return 0;
}
