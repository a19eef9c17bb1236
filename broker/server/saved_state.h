/// What a single node must remember beside its logs: which topics there are, their settings, the
/// broker's settings changed while running, and how many producer ids were given out.
///
/// Kept as one JSON file in the log directory, replaced as a whole. A metadata log takes its place
/// once there is more than one node, so nothing but `topic_registry` sees it.
#pragma once

#include "broker/server/broker_config.h"
#include "kafka/types.h"

#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::broker::server {

struct saved_topic {
    kafka::uuid id;
    std::int32_t partitions = 0;
    config_map configs;

    bool operator==(const saved_topic&) const = default;
};

/// Removed from the topics, but its partitions may still be on the disk.
struct deleted_topic {
    std::string name;
    std::int32_t partitions = 0;

    bool operator==(const deleted_topic&) const = default;
};

struct saved_state {
    std::string cluster_id;
    std::int64_t next_producer_id = 0;
    config_map broker_configs;
    std::map<std::string, saved_topic, std::less<>> topics;
    std::vector<deleted_topic> deleted;

    bool operator==(const saved_state&) const = default;
};

[[nodiscard]] std::string encode_state(const saved_state& state);
/// The error says what is wrong with the text.
[[nodiscard]] std::expected<saved_state, std::string> decode_state(std::string_view text);

}  // namespace verdikt::broker::server
