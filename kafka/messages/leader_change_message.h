/// The first record of every epoch of the controller quorum: who leads and who voted (KIP-595).
///
/// The value of a control record of type `leader_change`.
#pragma once

#include "kafka/messages/schema.h"
#include "kafka/types.h"

#include <cstdint>
#include <vector>

namespace verdikt::kafka::messages {

/// Directory ids since version 1 (KIP-853).
struct leader_change_message {
    static const message_schema schema;

    struct voter {
        static const struct_schema schema;

        std::int32_t voter_id = 0;
        uuid voter_directory_id;

        bool operator==(const voter&) const = default;
    };

    std::int16_t version = 0;
    std::int32_t leader_id = 0;
    std::vector<voter> voters;
    std::vector<voter> granting_voters;

    bool operator==(const leader_change_message&) const = default;
};

}  // namespace verdikt::kafka::messages
