/// UnregisterBroker: forgets a broker that will not come back.
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <optional>
#include <string>

namespace verdikt::kafka::messages {

/// The broker may still be named by the replicas of partitions.
struct unregister_broker_request {
    static const message_schema schema;

    std::int32_t broker_id = 0;

    bool operator==(const unregister_broker_request&) const = default;
};

/// One error for the whole request.
struct unregister_broker_response {
    static const message_schema schema;

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::optional<std::string> error_message = "";

    bool operator==(const unregister_broker_response&) const = default;
};

}  // namespace verdikt::kafka::messages
