/// UpdateFeatures: raises or lowers the finalized levels of features (KIP-584).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Up to version 0 a flag allows to lower a level; since version 1 `upgrade_type` says so: 1
/// raises, 2 lowers without loss, 3 lowers with loss.
struct update_features_request {
    static const message_schema schema;

    struct feature_update_key {
        static const struct_schema schema;

        std::string feature;
        std::int16_t max_version_level = 0;
        bool allow_downgrade = false;
        std::int8_t upgrade_type = 1;

        bool operator==(const feature_update_key&) const = default;
    };

    std::int32_t timeout_ms = 60000;
    std::vector<feature_update_key> feature_updates;
    bool validate_only = false;

    bool operator==(const update_features_request&) const = default;
};

/// All updates succeed or none does; a result for each up to version 1.
struct update_features_response {
    static const message_schema schema;

    struct updatable_feature_result {
        static const struct_schema schema;

        std::string feature;
        std::int16_t error_code = 0;
        std::optional<std::string> error_message = "";

        bool operator==(const updatable_feature_result&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::optional<std::string> error_message = "";
    std::vector<updatable_feature_result> results;

    bool operator==(const update_features_response&) const = default;
};

}  // namespace verdikt::kafka::messages
