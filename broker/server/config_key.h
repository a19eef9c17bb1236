/// Every configuration key that this broker knows, declared once.
///
/// The tables feed the parser of `server.properties`, the topic configuration of the admin
/// requests, DescribeConfigs, and the generated reference in docs/configuration.md. Names and
/// defaults are Kafka's; where a default differs, the meaning says so.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace verdikt::broker::server {

enum class config_type { boolean, int16, int32, int64, real, text, list };

enum class config_scope {
    fixed,      ///< Read at start only.
    dynamic,    ///< May be changed while running, by AlterConfigs on the broker.
    no_effect,  ///< Accepted so that Kafka's own files load, and reported at start as without
                ///< effect.
};

struct config_key {
    std::string_view name = {};
    config_type type = config_type::text;
    std::string_view unit = {};      ///< Empty where the value has none.
    std::string_view fallback = {};  ///< The default, as it would stand in the file.
    std::int64_t min = std::numeric_limits<std::int64_t>::min();
    std::int64_t max = std::numeric_limits<std::int64_t>::max();
    std::span<const std::string_view> choices = {};  ///< Empty: any value of the type.
    config_scope scope = config_scope::fixed;
    /// Another spelling of `alias_of`, worth `alias_factor` of its units. A value given under the
    /// canonical name wins, then the alias that the table lists first.
    std::string_view alias_of = {};
    std::int64_t alias_factor = 1;
    /// For a topic key: the broker key that holds the default of all topics.
    std::string_view broker_key = {};
    std::string_view meaning = {};
};

/// Keys of `server.properties`, sorted by subject.
[[nodiscard]] std::span<const config_key> broker_keys();
/// Keys that a topic may override.
[[nodiscard]] std::span<const config_key> topic_keys();

/// Null if there is none of that name.
[[nodiscard]] const config_key* find_key(std::span<const config_key> keys, std::string_view name);

[[nodiscard]] std::string_view type_name(config_type type);

}  // namespace verdikt::broker::server
