#include "broker/server/config_change.h"

#include "broker/server/config_value.h"
#include "broker/server/topic_settings.h"
#include "runtime/nearest_name.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace verdikt::broker::server {

namespace {

using kafka::error_code;

std::string value_in_force(const std::vector<reported_config>& in_force, std::string_view name) {
    const auto found = std::ranges::find(
        in_force, name, [](const reported_config& entry) { return entry.key->name; });
    return found == in_force.end() ? std::string() : found->value;
}

std::string edited_list(const std::string& present, const config_edit& edit) {
    std::vector<std::string> items = to_list(present);
    for (const std::string& item : to_list(edit.value.value_or(""))) {
        std::erase(items, item);
        if (edit.operation == config_operation::append) items.push_back(item);
    }
    return fmt::format("{}", fmt::join(items, ","));
}

config_fault unknown_name(std::span<const config_key> keys, std::string_view name) {
    std::vector<std::string_view> names;
    for (const config_key& key : keys) names.push_back(key.name);
    return {
        error_code::invalid_config,
        fmt::format(
            "unknown config '{}'; did you mean '{}'?", name, runtime::nearest_name(name, names))};
}

/// The value that the edit sets.
std::expected<std::string, config_fault> new_value(const config_key& key,
                                                   const config_edit& edit,
                                                   const std::string& present) {
    if (edit.operation == config_operation::set) {
        if (edit.value) return *edit.value;
        return std::unexpected(
            config_fault{error_code::invalid_request, fmt::format("{}: no value", key.name)});
    }
    if (key.type != config_type::list) {
        return std::unexpected(
            config_fault{error_code::invalid_config, fmt::format("{} is not a list", key.name)});
    }
    return edited_list(present, edit);
}

config_fault apply_edit(config_map& result,
                        const config_edit& edit,
                        std::span<const config_key> keys,
                        const std::vector<reported_config>& in_force) {
    const config_key* key = find_key(keys, edit.name);
    if (key == nullptr) return unknown_name(keys, edit.name);
    if (edit.operation == config_operation::remove) {
        result.erase(edit.name);
        return {};
    }
    const auto set = result.find(edit.name);
    const std::string present =
        set == result.end() ? value_in_force(in_force, edit.name) : set->second;
    auto value = new_value(*key, edit, present);
    if (!value) return std::move(value.error());
    auto checked = check_value(*key, *value);
    if (!checked) {
        return {error_code::invalid_config, fmt::format("{}: {}", key->name, checked.error())};
    }
    result.insert_or_assign(edit.name, std::move(*checked));
    return {};
}

runtime::awaitable<config_fault> finish(runtime::awaitable<change_result> change) {
    const change_result done = co_await std::move(change);
    if (done) co_return config_fault{};
    co_return config_fault{done.error(), std::string(kafka::describe(done.error()))};
}

runtime::awaitable<config_fault> change_topic(node_services& here,
                                              std::string name,
                                              std::vector<config_edit> edits,
                                              bool replace,
                                              bool validate_only) {
    const auto which = here.topics.find(name);
    if (which == nullptr) {
        co_return config_fault{error_code::unknown_topic_or_partition, "there is no such topic"};
    }
    const config_map present = replace ? config_map{} : which->configs;
    auto changed =
        edited(present, edits, topic_keys(), report_topic_configs(which->configs, here.config));
    if (!changed) co_return std::move(changed.error());
    if (auto fault = topic_config_fault(*changed, here.config)) {
        co_return config_fault{error_code::invalid_config, std::move(*fault)};
    }
    if (validate_only) co_return config_fault{};
    co_return co_await finish(here.topics.set_configs(std::move(name), std::move(*changed)));
}

std::optional<config_fault> fixed_key_fault(const std::vector<config_edit>& edits) {
    for (const config_edit& edit : edits) {
        const config_key* key = find_key(broker_keys(), edit.name);
        if (key == nullptr || key->scope == config_scope::dynamic) continue;
        return config_fault{error_code::invalid_request,
                            fmt::format("{} cannot be changed while running", key->name)};
    }
    return std::nullopt;
}

runtime::awaitable<config_fault> change_broker(node_services& here,
                                               std::string name,
                                               std::vector<config_edit> edits,
                                               bool replace,
                                               bool validate_only) {
    if (!name.empty() && name != fmt::to_string(here.node.value())) {
        co_return config_fault{error_code::invalid_request,
                               fmt::format("this is broker {}", here.node.value())};
    }
    if (auto fault = fixed_key_fault(edits)) co_return std::move(*fault);
    const config_map present = replace ? config_map{} : here.config.dynamic_values();
    auto changed = edited(present, edits, broker_keys(), report_broker_configs(here.config));
    if (!changed) co_return std::move(changed.error());
    if (validate_only) co_return config_fault{};
    co_return co_await finish(here.topics.set_broker_configs(std::move(*changed)));
}

}  // namespace

std::expected<config_map, config_fault> edited(const config_map& present,
                                               const std::vector<config_edit>& edits,
                                               std::span<const config_key> keys,
                                               const std::vector<reported_config>& in_force) {
    config_map result = present;
    std::set<std::string> seen;
    for (const config_edit& edit : edits) {
        if (!seen.insert(edit.name).second) {
            return std::unexpected(config_fault{error_code::invalid_request,
                                                fmt::format("{} is changed twice", edit.name)});
        }
        config_fault fault = apply_edit(result, edit, keys, in_force);
        if (fault.code != error_code::none) return std::unexpected(std::move(fault));
    }
    return result;
}

runtime::awaitable<config_fault> apply_change(node_services& here,
                                              config_resource which,
                                              std::vector<config_edit> edits,
                                              bool replace,
                                              bool validate_only) {
    if (which.type == static_cast<std::int8_t>(resource_type::topic)) {
        return change_topic(here, std::move(which.name), std::move(edits), replace, validate_only);
    }
    if (which.type == static_cast<std::int8_t>(resource_type::broker)) {
        return change_broker(here, std::move(which.name), std::move(edits), replace, validate_only);
    }
    return []() -> runtime::awaitable<config_fault> {
        co_return config_fault{error_code::invalid_request,
                               "only topics and brokers have configurations"};
    }();
}

}  // namespace verdikt::broker::server
