/// What a topic's configuration comes to: its own settings over the broker's defaults.
#pragma once

#include "broker/server/broker_config.h"
#include "broker/storage/log_config.h"
#include "kafka/records/compression.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace verdikt::broker::server {

struct topic_settings {
    storage::log_config log;
    bool log_append_time = false;                             ///< message.timestamp.type
    std::chrono::milliseconds timestamp_before_max{};         ///< message.timestamp.before.max.ms
    std::chrono::milliseconds timestamp_after_max{};          ///< message.timestamp.after.max.ms
    std::int32_t min_insync_replicas = 1;                     ///< min.insync.replicas
    std::optional<kafka::records::codec> stored_compression;  ///< Nothing: what the producer chose.
};

/// Requires: `overrides` holds topic keys with checked values.
[[nodiscard]] topic_settings settings_of(const config_map& overrides, const broker_config& broker);

/// The value in force. Requires: `key` is a topic key.
[[nodiscard]] const std::string& topic_value(std::string_view key,
                                             const config_map& overrides,
                                             const broker_config& broker);

/// Why these overrides cannot be a topic's: an unknown key, a value its key does not allow, or two
/// that contradict each other. Nothing if they can.
[[nodiscard]] std::optional<std::string> topic_config_fault(const config_map& overrides,
                                                            const broker_config& broker);

}  // namespace verdikt::broker::server
