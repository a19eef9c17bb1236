#include "broker/controller/features.h"

#include "broker/controller/decision.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace verdikt::broker::controller {

namespace messages = kafka::messages;
using kafka::error_code;
using asked_update = messages::update_features_request::feature_update_key;

namespace {

/// Kafka's numbers.
enum class upgrade_type : std::int8_t { upgrade = 1, safe_downgrade = 2, unsafe_downgrade = 3 };

fault failed(std::string message) {
    return {.code = error_code::feature_update_failed, .message = std::move(message)};
}

bool may_lower(const asked_update& asked) {
    const auto type = static_cast<upgrade_type>(asked.upgrade_type);
    return asked.allow_downgrade || type == upgrade_type::safe_downgrade ||
           type == upgrade_type::unsafe_downgrade;
}

fault check(const draft& into, const asked_update& asked) {
    if (asked.upgrade_type < 1 || asked.upgrade_type > 3)
        return {error_code::invalid_request,
                fmt::format("{} is no kind of update", asked.upgrade_type)};
    const auto known = into.settings().features.find(asked.feature);
    const std::int16_t level = std::max(asked.max_version_level, std::int16_t{0});
    const std::int16_t present = into.image().feature_level(asked.feature);
    if (known == into.settings().features.end() || !known->second.levels.contains(level))
        return failed(fmt::format("the controller does not have {} {}", asked.feature, level));
    if (level < present && !may_lower(asked))
        return failed(fmt::format("{} would be lowered from {}", asked.feature, present));
    if (level > present && may_lower(asked))
        return failed(fmt::format("{} would be raised from {}", asked.feature, present));
    for (const auto& [which, broker] : into.image().brokers()) {
        const auto supported = broker.features.find(asked.feature);
        const bool has_it = supported != broker.features.end() && supported->second.contains(level);
        if (level != 0 && !has_it)
            return failed(
                fmt::format("broker {} does not have {} {}", which, asked.feature, level));
    }
    return {};
}

}  // namespace

messages::update_features_response update_features(
    draft& into, const messages::update_features_request& request) {
    messages::update_features_response response;
    response.error_message.reset();
    std::set<std::string> seen;
    for (const asked_update& asked : request.feature_updates) {
        fault wrong = check(into, asked);
        if (!seen.insert(asked.feature).second)
            wrong = {error_code::invalid_request, fmt::format("{} is named twice", asked.feature)};
        auto& result = response.results.emplace_back();
        result.feature = asked.feature;
        result.error_code = kafka::to_wire(wrong.code);
        result.error_message.reset();
        if (wrong.code == error_code::none) continue;
        result.error_message = wrong.message;
        response.error_code = result.error_code;
        response.error_message = std::move(wrong.message);
    }
    if (response.error_code != 0 || request.validate_only) return response;
    for (const asked_update& asked : request.feature_updates) {
        into.append(messages::feature_level_record{
            .name = asked.feature,
            .feature_level = std::max(asked.max_version_level, std::int16_t{0})});
    }
    return response;
}

void begin_cluster(draft& into) {
    const bool is_new = into.image().brokers().empty() && into.image().features().empty();
    for (const auto& [name, feature] : into.settings().features) {
        if (feature.initial == 0 || !is_new) continue;
        into.append(messages::feature_level_record{.name = name, .feature_level = feature.initial});
    }
    const metadata::config_resource all_brokers{metadata::resource_type::broker, ""};
    if (into.image().find_config(all_brokers, "min.insync.replicas") != nullptr) return;
    into.append(
        messages::config_record{.resource_type = static_cast<std::int8_t>(all_brokers.type),
                                .resource_name = all_brokers.name,
                                .name = "min.insync.replicas",
                                .value = fmt::to_string(into.settings().min_insync_replicas)});
}

}  // namespace verdikt::broker::controller
