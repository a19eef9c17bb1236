/// Data messages that carry their own version in front, as an int16: offsets and generations in
/// __consumer_offsets, and what consumers tell one another.
#pragma once

#include "kafka/buffer_writer.h"
#include "kafka/messages/decode.h"
#include "kafka/messages/encode.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <vector>

namespace verdikt::kafka::messages {

/// What a version above those we know means: a format that we cannot read, or one that only grew at
/// its end, so that the newest that we know reads its beginning (the consumer protocol promises
/// that).
enum class newer_version { refused, read_as_newest };

template <typename Message>
std::expected<std::vector<std::byte>, encode_error> encode_versioned(const Message& message,
                                                                     std::int16_t version) {
    encoded out;
    buffer_writer(out.bytes).write<std::int16_t>(version);
    if (auto written = encode(message, version, out); !written)
        return std::unexpected(written.error());
    return std::move(out.bytes);
}

template <typename Message>
std::expected<Message, decode_error> decode_versioned(
    std::span<const std::byte> input, newer_version newer = newer_version::refused) {
    buffer_reader reader(input);
    auto version = reader.read<std::int16_t>();
    if (newer == newer_version::read_as_newest)
        version = std::min(version, Message::schema.versions.last);
    return decode<Message>(reader, version);
}

}  // namespace verdikt::kafka::messages
