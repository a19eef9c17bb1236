#include "broker/server/declared_keys.h"

#include "broker/server/config_value.h"
#include "broker/server/topic_settings.h"
#include "runtime/nearest_name.h"

#include <fmt/format.h>

#include <span>
#include <vector>

namespace verdikt::broker::server {

using controller::fault;
using kafka::error_code;

namespace {

std::span<const config_key> keys_of(const metadata::config_resource& of) {
    switch (of.type) {
        case metadata::resource_type::topic:
            return topic_keys();
        case metadata::resource_type::broker:
            return broker_keys();
        case metadata::resource_type::group:
            return {};
    }
    return {};
}

fault unknown(const metadata::config_resource& of, const std::string& key) {
    const auto keys = keys_of(of);
    if (keys.empty()) {
        return {error_code::invalid_request, "only topics and brokers have configurations"};
    }
    std::vector<std::string_view> names;
    for (const config_key& known : keys) names.push_back(known.name);
    return {error_code::invalid_config,
            fmt::format(
                "unknown config '{}'; did you mean '{}'?", key, runtime::nearest_name(key, names))};
}

}  // namespace

std::expected<std::string, fault> declared_keys::checked(const metadata::config_resource& of,
                                                         const std::string& key,
                                                         const std::string& value) const {
    const config_key* declared = find_key(keys_of(of), key);
    if (declared == nullptr) return std::unexpected(unknown(of, key));
    if (of.type == metadata::resource_type::broker && declared->scope != config_scope::dynamic) {
        return std::unexpected(fault{error_code::invalid_request,
                                     fmt::format("{} cannot be changed while running", key)});
    }
    auto kept = check_value(*declared, value);
    if (kept) return std::move(*kept);
    return std::unexpected(
        fault{error_code::invalid_config, fmt::format("{}: {}", key, kept.error())});
}

std::optional<std::string> declared_keys::default_list(const metadata::config_resource& of,
                                                       const std::string& key) const {
    const config_key* declared = find_key(keys_of(of), key);
    if (declared == nullptr || declared->type != config_type::list) return std::nullopt;
    return of.type == metadata::resource_type::topic ? topic_value(key, {}, config_)
                                                     : config_.text(key);
}

std::optional<fault> declared_keys::conflict(const metadata::config_resource& of,
                                             const metadata::config_values& values) const {
    if (of.type != metadata::resource_type::topic) return std::nullopt;
    auto wrong = topic_config_fault(values, config_);
    if (!wrong) return std::nullopt;
    return fault{error_code::invalid_config, std::move(*wrong)};
}

}  // namespace verdikt::broker::server
