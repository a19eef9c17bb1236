/// AddRaftVoter: makes an observer a voter of the controller quorum (KIP-853).
#pragma once

#include "kafka/messages/schema.h"
#include "kafka/types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// The voter, by id and directory, and where it can be reached.
struct add_raft_voter_request {
    static const message_schema schema;

    struct listener {
        static const struct_schema schema;

        std::string name;
        std::string host;
        std::uint16_t port = 0;

        bool operator==(const listener&) const = default;
    };

    std::optional<std::string> cluster_id = "";
    std::int32_t timeout_ms = 0;
    std::int32_t voter_id = 0;
    uuid voter_directory_id;
    std::vector<listener> listeners;

    bool operator==(const add_raft_voter_request&) const = default;
};

/// Sent once the new set of voters is committed.
struct add_raft_voter_response {
    static const message_schema schema;

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::optional<std::string> error_message = "";

    bool operator==(const add_raft_voter_response&) const = default;
};

}  // namespace verdikt::kafka::messages
