/// Bodies of messages for the toys, which only ever meet well-formed ones.
#pragma once

#include "kafka/messages/decode.h"
#include "kafka/messages/encode.h"
#include "runtime/check.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace verdikt::client {

template <typename Message>
std::vector<std::byte> encoded_body(const Message& message, std::int16_t version) {
    kafka::messages::encoded out;
    const auto done = kafka::messages::encode(message, version, out);
    CHECK(done.has_value(), "{} {}", describe(done.error().what), done.error().where);
    return std::move(out.bytes);
}

template <typename Message>
Message decoded_body(std::span<const std::byte> body, std::int16_t version) {
    auto message =
        kafka::messages::decode<Message>(body, version, kafka::messages::trailing_bytes::refused);
    CHECK(message.has_value(), "{}", kafka::describe(message.error().what));
    return std::move(*message);
}

}  // namespace verdikt::client
