/// Records of the metadata log about the cluster as a whole.
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <optional>
#include <string>

namespace verdikt::kafka::messages {

/// A setting of a topic, a broker or all brokers; null removes it.
struct config_record {
    static const message_schema schema;

    std::int8_t resource_type = 0;
    std::string resource_name;
    std::string name;
    std::optional<std::string> value = "";

    bool operator==(const config_record&) const = default;
};

/// The level at which the whole cluster uses a feature; 0 where it does not.
struct feature_level_record {
    static const message_schema schema;

    std::string name;
    std::int16_t feature_level = 0;

    bool operator==(const feature_level_record&) const = default;
};

/// All producer ids below `next_producer_id` are given out.
struct producer_ids_record {
    static const message_schema schema;

    std::int32_t broker_id = 0;
    std::int64_t broker_epoch = -1;
    std::int64_t next_producer_id = 0;

    bool operator==(const producer_ids_record&) const = default;
};

/// Changes nothing, except how far the log reaches.
struct no_op_record {
    static const message_schema schema;

    bool operator==(const no_op_record&) const = default;
};

}  // namespace verdikt::kafka::messages
