/// BrokerHeartbeat: how a broker keeps its session with the controller.
#pragma once

#include "kafka/messages/schema.h"
#include "kafka/types.h"

#include <cstdint>
#include <vector>

namespace verdikt::kafka::messages {

/// `current_metadata_offset` is how far the broker has applied the metadata log.
struct broker_heartbeat_request {
    static const message_schema schema;

    std::int32_t broker_id = 0;
    std::int64_t broker_epoch = -1;
    std::int64_t current_metadata_offset = 0;
    bool want_fence = false;
    bool want_shut_down = false;
    std::vector<uuid> offline_log_dirs;

    bool operator==(const broker_heartbeat_request&) const = default;
};

/// What the controller holds the broker to be, which it then acts by.
struct broker_heartbeat_response {
    static const message_schema schema;

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    bool is_caught_up = false;
    bool is_fenced = true;
    bool should_shut_down = false;

    bool operator==(const broker_heartbeat_response&) const = default;
};

}  // namespace verdikt::kafka::messages
