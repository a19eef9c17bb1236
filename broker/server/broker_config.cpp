#include "broker/server/broker_config.h"

#include "broker/server/cluster_setup.h"
#include "broker/server/config_value.h"
#include "runtime/check.h"
#include "runtime/nearest_name.h"
#include "runtime/parse_number.h"

#include <algorithm>
#include <optional>

namespace verdikt::broker::server {

namespace {

struct ranked_value {
    std::string value;
    std::ptrdiff_t rank = 0;  ///< Lower wins: the canonical name, then aliases in table order.
};

using ranked_values = std::map<std::string, ranked_value, std::less<>>;

std::expected<std::string, std::string> canonical_value(const config_key& key,
                                                        std::string_view text) {
    auto checked = check_value(key, text);
    if (!checked || key.alias_of.empty()) return checked;
    const config_key* canonical = find_key(broker_keys(), key.alias_of);
    CHECK(canonical != nullptr, "{} is an alias of nothing", key.name);
    if (key.alias_factor == 1) return check_value(*canonical, *checked);
    const std::int64_t count = to_integer(*checked);
    // A negative value means "no limit" in every unit.
    return check_value(*canonical, fmt::to_string(count < 0 ? count : count * key.alias_factor));
}

std::string_view nearest_key(std::string_view name) {
    std::vector<std::string_view> names;
    for (const config_key& key : broker_keys()) names.push_back(key.name);
    return runtime::nearest_name(name, names);
}

std::optional<config_error> take_property(const property& given, ranked_values& values) {
    const config_key* key = find_key(broker_keys(), given.key);
    if (key == nullptr) {
        return config_error{
            given.line,
            fmt::format("unknown key '{}'; did you mean '{}'?", given.key, nearest_key(given.key))};
    }
    auto value = canonical_value(*key, given.value);
    if (!value) return config_error{given.line, fmt::format("{}: {}", key->name, value.error())};
    const bool alias = !key->alias_of.empty();
    const std::ptrdiff_t rank = alias ? 1 + (key - broker_keys().data()) : 0;
    const std::string_view name = alias ? key->alias_of : key->name;
    const auto [entry, first] = values.try_emplace(std::string(name), *value, rank);
    if (!first && rank <= entry->second.rank) entry->second = {std::move(*value), rank};
    return std::nullopt;
}

std::optional<config_error> check_listeners(const broker_config& config, std::string_view key) {
    for (const std::string& text : config.list(key)) {
        if (auto parsed = parse_listener(text); !parsed) {
            return config_error{0, fmt::format("{}: {}", key, parsed.error())};
        }
    }
    return std::nullopt;
}

void check_together(const broker_config& config, std::vector<config_error>& errors) {
    for (const std::string_view key : {"listeners", "advertised.listeners", "metrics.listener"}) {
        if (key == "metrics.listener" && config.text(key).empty()) continue;
        if (auto error = check_listeners(config, key)) errors.push_back(std::move(*error));
    }
    if (config.list("listeners").empty()) errors.push_back({0, "listeners: there is none"});
    if (config.list("log.dirs").empty()) errors.push_back({0, "log.dirs: there is none"});
    if (errors.empty()) {
        if (auto place = cluster_place_of(config); !place) {
            errors.push_back({0, std::move(place.error())});
        }
    }
    if (config.integer("group.min.session.timeout.ms") >
        config.integer("group.max.session.timeout.ms")) {
        errors.push_back({0, "group.min.session.timeout.ms is above group.max.session.timeout.ms"});
    }
}

}  // namespace

broker_config::broker_config() {
    for (const config_key& key : broker_keys()) {
        if (key.alias_of.empty()) defaults_.emplace(key.name, key.fallback);
    }
}

std::expected<broker_config, std::vector<config_error>> broker_config::load(
    std::span<const property> properties) {
    std::vector<config_error> errors;
    ranked_values values;
    for (const property& given : properties) {
        if (auto error = take_property(given, values)) errors.push_back(std::move(*error));
    }
    broker_config config;
    for (auto& [name, value] : values) config.set(name, std::move(value.value));
    if (errors.empty()) check_together(config, errors);
    if (!errors.empty()) return std::unexpected(std::move(errors));
    return config;
}

void broker_config::set(std::string_view key, std::string value) {
    CHECK(defaults_.contains(key), "{} is not a broker key", key);
    set_.insert_or_assign(std::string(key), std::move(value));
}

const std::string& broker_config::text(std::string_view key) const {
    if (const auto dynamic = dynamic_.find(key); dynamic != dynamic_.end()) return dynamic->second;
    if (const auto set = set_.find(key); set != set_.end()) return set->second;
    const auto fallback = defaults_.find(key);
    CHECK(fallback != defaults_.end(), "{} is not a broker key", key);
    return fallback->second;
}

config_source broker_config::source(std::string_view key) const {
    if (dynamic_.contains(key)) return config_source::dynamic;
    return set_.contains(key) ? config_source::file : config_source::fallback;
}

std::optional<std::string> broker_config::set_value(std::string_view key) const {
    const auto found = set_.find(key);
    return found == set_.end() ? std::nullopt : std::optional(found->second);
}

bool broker_config::boolean(std::string_view key) const {
    return to_boolean(text(key));
}

std::int64_t broker_config::integer(std::string_view key) const {
    return to_integer(text(key));
}

std::vector<std::string> broker_config::list(std::string_view key) const {
    return to_list(text(key));
}

std::expected<listener_address, std::string> parse_listener(std::string_view text) {
    const std::size_t scheme = text.find("://");
    const std::size_t colon = text.rfind(':');
    if (scheme == std::string_view::npos || scheme == 0 || colon <= scheme) {
        return std::unexpected(fmt::format("'{}' is not NAME://HOST:PORT", text));
    }
    listener_address parsed{.name = std::string(text.substr(0, scheme)), .at = {}};
    std::string_view host = text.substr(scheme + 3, colon - scheme - 3);
    if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    }
    parsed.at.host = host;
    const auto port = runtime::parse_number<std::uint16_t>(text.substr(colon + 1));
    if (!port) {
        return std::unexpected(fmt::format("'{}' has no port between 0 and 65535", text));
    }
    parsed.at.port = *port;
    return parsed;
}

}  // namespace verdikt::broker::server
