/// DeleteGroups: remove groups that have no members (KIP-229).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Names the groups to remove.
struct delete_groups_request {
    static const message_schema schema;

    std::vector<std::string> groups_names;

    bool operator==(const delete_groups_request&) const = default;
};

/// One error for each group.
struct delete_groups_response {
    static const message_schema schema;

    struct deletable_group_result {
        static const struct_schema schema;

        std::string group_id;
        std::int16_t error_code = 0;

        bool operator==(const deletable_group_result&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::vector<deletable_group_result> results;

    bool operator==(const delete_groups_response&) const = default;
};

}  // namespace verdikt::kafka::messages
