/// Keys and values of committed offsets in the topic __consumer_offsets.
///
/// Each starts with its version as int16 (versioned.h).
#pragma once

#include "kafka/messages/schema.h"

#include <cstdint>
#include <string>

namespace verdikt::kafka::messages {

/// Versions 0 and 1 are the same.
struct offset_commit_key {
    static const message_schema schema;

    std::string group;
    std::string topic;
    std::int32_t partition = 0;

    bool operator==(const offset_commit_key&) const = default;
};

/// Version 1 alone has an expiry of its own; the leader epoch came with version 3 (KIP-320).
/// Version 4 is the flexible one.
struct offset_commit_value {
    static const message_schema schema;

    std::int64_t offset = 0;
    std::int32_t leader_epoch = -1;
    std::string metadata;
    std::int64_t commit_timestamp = 0;
    std::int64_t expire_timestamp = -1;

    bool operator==(const offset_commit_value&) const = default;
};

}  // namespace verdikt::kafka::messages
