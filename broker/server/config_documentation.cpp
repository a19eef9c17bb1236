#include "broker/server/config_documentation.h"

#include "broker/server/config_key.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>
#include <limits>

namespace verdikt::broker::server {

namespace {

constexpr std::string_view introduction = R"(# Configuration of verdikt-broker

Written by `verdikt-broker --print-config-docs`; change the tables in `broker/server`, not this file.

The broker reads a file in Java's `.properties` syntax (`--config FILE`) and then single settings
(`--override key=value`, which win). Names and defaults are Kafka's unless a meaning says otherwise. An unknown key or
a malformed value is an error that names the line and the nearest known key.

)";

constexpr std::string_view broker_introduction = R"(## Broker

A dynamic key may be changed while the broker runs, by AlterConfigs on the broker.

)";

constexpr std::string_view topic_introduction = R"(
## Topics

Set when a topic is created or by AlterConfigs on it. What a topic leaves out comes from the broker key.

)";

std::string allowed_values(const config_key& key) {
    using limits = std::numeric_limits<std::int64_t>;
    if (!key.choices.empty()) return fmt::format("{}", fmt::join(key.choices, ", "));
    const bool has_min = key.min != limits::min();
    const bool has_max =
        key.max != limits::max() && key.max != std::numeric_limits<std::int32_t>::max();
    if (has_min && has_max) return fmt::format("{} to {}", key.min, key.max);
    if (has_min) return fmt::format("{} or more", key.min);
    return {};
}

std::string shown_default(const config_key& key) {
    if (!key.alias_of.empty()) return {};
    return key.fallback.empty() ? "(empty)" : fmt::format("`{}`", key.fallback);
}

std::string_view shown_scope(config_scope scope) {
    switch (scope) {
        case config_scope::fixed:
            return "";
        case config_scope::dynamic:
            return "dynamic";
        case config_scope::no_effect:
            return "no effect";
    }
    return "";
}

std::string unit_of(const config_key& key) {
    return key.unit.empty() ? std::string() : fmt::format(", {}", key.unit);
}

std::string meaning_of(const config_key& key) {
    if (key.scope != config_scope::no_effect) return std::string(key.meaning);
    return fmt::format("Accepted, so that Kafka's own files load. {}", key.meaning);
}

}  // namespace

std::string configuration_document() {
    std::string text(introduction);
    auto out = std::back_inserter(text);
    text += broker_introduction;
    text += "| key | type | default | allowed | | meaning |\n|---|---|---|---|---|---|\n";
    for (const config_key& key : broker_keys()) {
        fmt::format_to(out,
                       "| `{}` | {}{} | {} | {} | {} | {} |\n",
                       key.name,
                       type_name(key.type),
                       unit_of(key),
                       shown_default(key),
                       allowed_values(key),
                       shown_scope(key.scope),
                       meaning_of(key));
    }
    text += topic_introduction;
    text += "| key | type | allowed | broker key | meaning |\n|---|---|---|---|---|\n";
    for (const config_key& key : topic_keys()) {
        fmt::format_to(out,
                       "| `{}` | {}{} | {} | `{}` | {} |\n",
                       key.name,
                       type_name(key.type),
                       unit_of(key),
                       allowed_values(key),
                       key.broker_key,
                       key.meaning);
    }
    return text;
}

}  // namespace verdikt::broker::server
