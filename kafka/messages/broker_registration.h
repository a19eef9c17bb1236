/// BrokerRegistration: a broker process makes itself known to the controller.
#pragma once

#include "kafka/messages/schema.h"
#include "kafka/types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// `previous_broker_epoch` proves, since version 3, that the process before this one stopped
/// cleanly.
struct broker_registration_request {
    static const message_schema schema;

    struct listener {
        static const struct_schema schema;

        std::string name;
        std::string host;
        std::uint16_t port = 0;
        std::int16_t security_protocol = 0;

        bool operator==(const listener&) const = default;
    };

    struct feature {
        static const struct_schema schema;

        std::string name;
        std::int16_t min_supported_version = 0;
        std::int16_t max_supported_version = 0;

        bool operator==(const feature&) const = default;
    };

    std::int32_t broker_id = 0;
    std::string cluster_id;
    uuid incarnation_id;
    std::vector<listener> listeners;
    std::vector<feature> features;
    std::optional<std::string> rack = "";
    bool is_migrating_zk_broker = false;
    std::vector<uuid> log_dirs;
    std::int64_t previous_broker_epoch = -1;

    bool operator==(const broker_registration_request&) const = default;
};

/// The epoch that fences all earlier processes of that broker.
struct broker_registration_response {
    static const message_schema schema;

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::int64_t broker_epoch = -1;

    bool operator==(const broker_registration_response&) const = default;
};

}  // namespace verdikt::kafka::messages
