/// What stands before every request and response.
///
/// frame.h reads and writes them with their messages; start there.
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <optional>
#include <string>

namespace verdikt::kafka::messages {

/// Version 2 is the flexible one, yet its client id keeps the old form: a broker must be able to
/// read the header of an ApiVersions request from the future (KIP-511). Version 0 lacks the client
/// id and belongs to ControlledShutdown alone.
struct request_header {
    static const message_schema schema;

    std::int16_t request_api_key = 0;
    std::int16_t request_api_version = 0;
    std::int32_t correlation_id = 0;
    std::optional<std::string> client_id = "";

    bool operator==(const request_header&) const = default;
};

/// Version 1 is the flexible one.
struct response_header {
    static const message_schema schema;

    std::int32_t correlation_id = 0;

    bool operator==(const response_header&) const = default;
};

}  // namespace verdikt::kafka::messages
