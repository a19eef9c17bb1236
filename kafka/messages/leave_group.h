/// LeaveGroup: members go of their own accord.
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// One member up to version 2, a list of them since version 3 (KIP-345), with reasons since 5
/// (KIP-800).
struct leave_group_request {
    static const message_schema schema;

    struct member_identity {
        static const struct_schema schema;

        std::string member_id;
        std::optional<std::string> group_instance_id;
        std::optional<std::string> reason;

        bool operator==(const member_identity&) const = default;
    };

    std::string group_id;
    std::string member_id;
    std::vector<member_identity> members;

    bool operator==(const leave_group_request&) const = default;
};

/// Since version 3 with an error for each member (KIP-345).
struct leave_group_response {
    static const message_schema schema;

    struct member_response {
        static const struct_schema schema;

        std::string member_id;
        std::optional<std::string> group_instance_id = "";
        std::int16_t error_code = 0;

        bool operator==(const member_response&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::vector<member_response> members;

    bool operator==(const leave_group_response&) const = default;
};

}  // namespace verdikt::kafka::messages
