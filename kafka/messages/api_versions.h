/// ApiVersions: what a broker can do.
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Asks which requests a broker speaks, in which versions. Since version 3 it names the client
/// software (KIP-511). A broker that lacks the version answers UNSUPPORTED_VERSION in the layout of
/// version 0.
struct api_versions_request {
    static const message_schema schema;

    std::string client_software_name;
    std::string client_software_version;

    bool operator==(const api_versions_request&) const = default;
};

/// Version ranges by api key; since version 3 also features of the cluster as tagged fields
/// (KIP-584). Its header is always version 0, so that a client can read it before it knows
/// anything.
struct api_versions_response {
    static const message_schema schema;

    struct api_version {
        static const struct_schema schema;

        std::int16_t api_key = 0;
        std::int16_t min_version = 0;
        std::int16_t max_version = 0;

        bool operator==(const api_version&) const = default;
    };

    struct supported_feature_key {
        static const struct_schema schema;

        std::string name;
        std::int16_t min_version = 0;
        std::int16_t max_version = 0;

        bool operator==(const supported_feature_key&) const = default;
    };

    struct finalized_feature_key {
        static const struct_schema schema;

        std::string name;
        std::int16_t max_version_level = 0;
        std::int16_t min_version_level = 0;

        bool operator==(const finalized_feature_key&) const = default;
    };

    std::int16_t error_code = 0;
    std::vector<api_version> api_keys;
    std::int32_t throttle_time_ms = 0;
    std::vector<supported_feature_key> supported_features;
    std::int64_t finalized_features_epoch = -1;
    std::vector<finalized_feature_key> finalized_features;
    bool zk_migration_ready = false;

    bool operator==(const api_versions_response&) const = default;
};

}  // namespace verdikt::kafka::messages
