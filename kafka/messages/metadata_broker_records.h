/// Records of the metadata log about brokers.
#pragma once

#include "kafka/messages/schema.h"
#include "kafka/types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// A broker process. Its epoch is the offset of this record.
struct register_broker_record {
    static const message_schema schema;

    struct broker_endpoint {
        static const struct_schema schema;

        std::string name;
        std::string host;
        std::uint16_t port = 0;
        std::int16_t security_protocol = 0;

        bool operator==(const broker_endpoint&) const = default;
    };

    struct broker_feature {
        static const struct_schema schema;

        std::string name;
        std::int16_t min_supported_version = 0;
        std::int16_t max_supported_version = 0;

        bool operator==(const broker_feature&) const = default;
    };

    std::int32_t broker_id = 0;
    bool is_migrating_zk_broker = false;
    uuid incarnation_id;
    std::int64_t broker_epoch = 0;
    std::vector<broker_endpoint> end_points;
    std::vector<broker_feature> features;
    std::optional<std::string> rack = "";
    bool fenced = true;
    bool in_controlled_shutdown = false;
    std::vector<uuid> log_dirs;

    bool operator==(const register_broker_record&) const = default;
};

/// The broker is forgotten.
struct unregister_broker_record {
    static const message_schema schema;

    std::int32_t broker_id = 0;
    std::int64_t broker_epoch = 0;

    bool operator==(const unregister_broker_record&) const = default;
};

/// `fenced`: 1 fences, -1 unfences; `in_controlled_shutdown`: 1 begins it; 0 leaves either as it
/// is, as no directories leave those.
struct broker_registration_change_record {
    static const message_schema schema;

    std::int32_t broker_id = 0;
    std::int64_t broker_epoch = 0;
    std::int8_t fenced = 0;
    std::int8_t in_controlled_shutdown = 0;
    std::vector<uuid> log_dirs;

    bool operator==(const broker_registration_change_record&) const = default;
};

}  // namespace verdikt::kafka::messages
