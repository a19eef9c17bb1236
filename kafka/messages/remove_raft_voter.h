/// RemoveRaftVoter: makes a voter of the controller quorum an observer (KIP-853).
#pragma once

#include "kafka/messages/schema.h"
#include "kafka/types.h"

#include <cstdint>
#include <optional>
#include <string>

namespace verdikt::kafka::messages {

/// The voter, by id and directory.
struct remove_raft_voter_request {
    static const message_schema schema;

    std::optional<std::string> cluster_id = "";
    std::int32_t voter_id = 0;
    uuid voter_directory_id;

    bool operator==(const remove_raft_voter_request&) const = default;
};

/// Sent once the new set of voters is committed.
struct remove_raft_voter_response {
    static const message_schema schema;

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    std::optional<std::string> error_message = "";

    bool operator==(const remove_raft_voter_response&) const = default;
};

}  // namespace verdikt::kafka::messages
