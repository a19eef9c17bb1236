/// DescribeGroups: state and members of groups.
#pragma once

#include "kafka/messages/schema.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// Authorized operations since version 3 (KIP-430).
struct describe_groups_request {
    static const message_schema schema;

    std::vector<std::string> groups;
    bool include_authorized_operations = false;

    bool operator==(const describe_groups_request&) const = default;
};

/// Metadata and assignments are the members' own bytes (consumer_protocol.h reads those of
/// consumers).
struct describe_groups_response {
    static const message_schema schema;

    struct described_group_member {
        static const struct_schema schema;

        std::string member_id;
        std::optional<std::string> group_instance_id;
        std::string client_id;
        std::string client_host;
        std::vector<std::byte> member_metadata;
        std::vector<std::byte> member_assignment;

        bool operator==(const described_group_member&) const = default;
    };

    struct described_group {
        static const struct_schema schema;

        std::int16_t error_code = 0;
        std::string group_id;
        std::string group_state;
        std::string protocol_type;
        std::string protocol_data;
        std::vector<described_group_member> members;
        std::int32_t authorized_operations = std::numeric_limits<std::int32_t>::min();

        bool operator==(const described_group&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::vector<described_group> groups;

    bool operator==(const describe_groups_response&) const = default;
};

}  // namespace verdikt::kafka::messages
