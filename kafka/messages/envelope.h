/// Envelope: a client's request as a broker forwards it to the controller (KIP-590).
#pragma once

#include "kafka/messages/schema.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace verdikt::kafka::messages {

/// `request_data` is a whole request with its header, but without the size in front.
struct envelope_request {
    static const message_schema schema;

    std::vector<std::byte> request_data;
    std::optional<std::vector<std::byte>> request_principal{std::in_place};
    std::vector<std::byte> client_host_address;

    bool operator==(const envelope_request&) const = default;
};

/// `response_data` is a whole response with its header; null if the envelope itself failed.
struct envelope_response {
    static const message_schema schema;

    std::optional<std::vector<std::byte>> response_data;
    std::int16_t error_code = 0;

    bool operator==(const envelope_response&) const = default;
};

}  // namespace verdikt::kafka::messages
