/// ListGroups: the groups that a broker coordinates.
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Filters by state since version 4 (KIP-518), by type since version 5 (KIP-848).
struct list_groups_request {
    static const message_schema schema;

    std::vector<std::string> states_filter;
    std::vector<std::string> types_filter;

    bool operator==(const list_groups_request&) const = default;
};

/// States since version 4 (KIP-518), types since version 5 (KIP-848).
struct list_groups_response {
    static const message_schema schema;

    struct listed_group {
        static const struct_schema schema;

        std::string group_id;
        std::string protocol_type;
        std::string group_state;
        std::string group_type;

        bool operator==(const listed_group&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::vector<listed_group> groups;

    bool operator==(const list_groups_response&) const = default;
};

}  // namespace verdikt::kafka::messages
