/// JoinGroup: enter a group and wait for its next generation.
#pragma once

#include "kafka/messages/schema.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Members of their own name (static membership) since version 5 (KIP-345), a reason for joining
/// since 8 (KIP-800). Since version 4 a first join without a member id is told to come back with
/// one (KIP-394).
struct join_group_request {
    static const message_schema schema;

    struct join_group_request_protocol {
        static const struct_schema schema;

        std::string name;
        std::vector<std::byte> metadata;

        bool operator==(const join_group_request_protocol&) const = default;
    };

    std::string group_id;
    std::int32_t session_timeout_ms = 0;
    std::int32_t rebalance_timeout_ms = -1;
    std::string member_id;
    std::optional<std::string> group_instance_id;
    std::string protocol_type;
    std::vector<join_group_request_protocol> protocols;
    std::optional<std::string> reason;

    bool operator==(const join_group_request&) const = default;
};

/// The leader alone gets the members. Since version 9 the leader may be told to skip the assignment
/// (KIP-814).
struct join_group_response {
    static const message_schema schema;

    struct join_group_response_member {
        static const struct_schema schema;

        std::string member_id;
        std::optional<std::string> group_instance_id;
        std::vector<std::byte> metadata;

        bool operator==(const join_group_response_member&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::int32_t generation_id = -1;
    std::optional<std::string> protocol_type;
    std::optional<std::string> protocol_name = "";
    std::string leader;
    bool skip_assignment = false;
    std::string member_id;
    std::vector<join_group_response_member> members;

    bool operator==(const join_group_response&) const = default;
};

}  // namespace verdikt::kafka::messages
