/// From bytes to a message. Takes any bytes: what it allocates is bounded, and what is wrong is a
/// value.
///
/// Accepts what Kafka accepts: unknown tags are skipped, and bytes after a message are left to the
/// caller (librdkafka sends stray ones). Refuses what cannot be meant: tags out of order, null
/// where the version has no null, lengths beyond the input.
#pragma once

#include "kafka/buffer_reader.h"
#include "kafka/messages/schema.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>

namespace verdikt::kafka::messages {

/// The memory that the arrays of one message may take, strings and bytes not counted: those are no
/// larger than the input. A message of 100,000 partitions needs about 25 MB.
inline constexpr std::size_t decoded_arrays_size_max = std::size_t{128} << 20;

enum class trailing_bytes { allowed, refused };

/// Reads `schema.body` of `version` into a default-constructed `object`. A failure is left in
/// `reader`, and `object` half filled.
void decode_object(buffer_reader& reader,
                   const message_schema& schema,
                   std::int16_t version,
                   void* object);

/// Reads a message and leaves `reader` after it. Records in it borrow the reader's input.
template <typename Message>
std::expected<Message, decode_error> decode(buffer_reader& reader, std::int16_t version) {
    std::expected<Message, decode_error> result;
    decode_object(reader, Message::schema, version, &*result);
    if (const auto& failure = reader.error()) result = std::unexpected(*failure);
    return result;
}

template <typename Message>
std::expected<Message, decode_error> decode(std::span<const std::byte> input,
                                            std::int16_t version,
                                            trailing_bytes trailing = trailing_bytes::allowed) {
    buffer_reader reader(input);
    auto result = decode<Message>(reader, version);
    if (result && trailing == trailing_bytes::refused && reader.remaining() != 0) {
        reader.fail(decode_errc::trailing_bytes, Message::schema.name());
        result = std::unexpected(*reader.error());
    }
    return result;
}

}  // namespace verdikt::kafka::messages
