/// UpdateRaftVoter: a voter tells the leader its endpoints and the versions that it speaks
/// (KIP-853).
#pragma once

#include "kafka/messages/schema.h"
#include "kafka/types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::kafka::messages {

/// The voter, by id and directory, as it wants to be known.
struct update_raft_voter_request {
    static const message_schema schema;

    struct listener {
        static const struct_schema schema;

        std::string name;
        std::string host;
        std::uint16_t port = 0;

        bool operator==(const listener&) const = default;
    };

    struct kraft_version_feature_type {
        static const struct_schema schema;

        std::int16_t min_supported_version = 0;
        std::int16_t max_supported_version = 0;

        bool operator==(const kraft_version_feature_type&) const = default;
    };

    std::optional<std::string> cluster_id = "";
    std::int32_t current_leader_epoch = 0;
    std::int32_t voter_id = 0;
    uuid voter_directory_id;
    std::vector<listener> listeners;
    kraft_version_feature_type kraft_version_feature;

    bool operator==(const update_raft_voter_request&) const = default;
};

/// With the leader, so that a voter that asked the wrong one finds it.
struct update_raft_voter_response {
    static const message_schema schema;

    struct current_leader_type {
        static const struct_schema schema;

        std::int32_t leader_id = -1;
        std::int32_t leader_epoch = -1;
        std::string host;
        std::int32_t port = 0;

        bool operator==(const current_leader_type&) const = default;
    };

    std::int32_t throttle_time_ms = 0;
    std::int16_t error_code = 0;
    current_leader_type current_leader;

    bool operator==(const update_raft_voter_response&) const = default;
};

}  // namespace verdikt::kafka::messages
