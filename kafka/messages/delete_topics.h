/// DeleteTopics.
#pragma once

#include "kafka/messages/schema.h"
#include "kafka/types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// By name up to version 5, by name or id since version 6 (KIP-516).
struct delete_topics_request {
    static const message_schema schema;

    struct delete_topic_state {
        static const struct_schema schema;

        std::optional<std::string> name;
        uuid topic_id;

        bool operator==(const delete_topic_state&) const = default;
    };

    std::vector<delete_topic_state> topics;
    std::vector<std::string> topic_names;
    std::int32_t timeout_ms = 0;

    bool operator==(const delete_topics_request&) const = default;
};

/// One error for each topic; with ids since version 6 (KIP-516).
struct delete_topics_response {
    static const message_schema schema;

    struct deletable_topic_result {
        static const struct_schema schema;

        std::optional<std::string> name = "";
        uuid topic_id;
        std::int16_t error_code = 0;
        std::optional<std::string> error_message;

        bool operator==(const deletable_topic_result&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::vector<deletable_topic_result> responses;

    bool operator==(const delete_topics_response&) const = default;
};

}  // namespace verdikt::kafka::messages
