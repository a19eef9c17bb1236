/// Heartbeat: a group member is alive.
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <optional>
#include <string>

namespace verdikt::kafka::messages {

/// Static membership since version 3 (KIP-345).
struct heartbeat_request {
    static const message_schema schema;

    std::string group_id;
    std::int32_t generation_id = 0;
    std::string member_id;
    std::optional<std::string> group_instance_id;

    bool operator==(const heartbeat_request&) const = default;
};

/// REBALANCE_IN_PROGRESS is how a member learns that it must join again.
struct heartbeat_response {
    static const message_schema schema;

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;

    bool operator==(const heartbeat_response&) const = default;
};

}  // namespace verdikt::kafka::messages
