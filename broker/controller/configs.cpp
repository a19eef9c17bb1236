#include "broker/controller/configs.h"

#include "broker/controller/config_effects.h"
#include "broker/controller/config_list.h"
#include "broker/controller/refused.h"
#include "kafka/error_codes.h"
#include "runtime/parse_number.h"

#include <fmt/format.h>

#include <set>

namespace verdikt::broker::controller {

namespace messages = kafka::messages;
using kafka::error_code;
using metadata::config_resource;
using metadata::config_values;
using metadata::resource_type;

namespace {

/// The numbers are those of IncrementalAlterConfigs.
enum class operation : std::int8_t { set = 0, remove = 1, append = 2, subtract = 3 };

struct edit {
    std::string key;
    std::int8_t operation = 0;
    std::optional<std::string> value;
};

bool is_node_id(const std::string& text) {
    return runtime::parse_number<std::int32_t>(text) >= 0;
}

std::expected<config_resource, fault> resource_of(const metadata::image& image,
                                                  std::int8_t type,
                                                  const std::string& name) {
    switch (static_cast<resource_type>(type)) {
        case resource_type::topic:
            if (image.find_topic(name) == nullptr)
                return refused(error_code::unknown_topic_or_partition, "there is no such topic");
            return config_resource{resource_type::topic, name};
        case resource_type::broker:
            if (!name.empty() && !is_node_id(name))
                return refused(error_code::invalid_request,
                               fmt::format("'{}' is no broker id", name));
            return config_resource{resource_type::broker, name};
        case resource_type::group:
            if (name.empty()) return refused(error_code::invalid_request, "a group has a name");
            return config_resource{resource_type::group, name};
    }
    return refused(error_code::invalid_request,
                   fmt::format("resources of type {} have no settings here", type));
}

/// Work on one resource.
class editing {
  public:
    editing(const config_rules& rules, config_resource of, config_values present)
        : rules_(rules), of_(std::move(of)), values_(std::move(present)) {}

    std::expected<config_values, fault> after(const std::vector<edit>& edits) && {
        std::set<std::string> seen;
        for (const edit& each : edits) {
            if (!seen.insert(each.key).second)
                return refused(error_code::invalid_request,
                               fmt::format("{} is changed twice", each.key));
            if (auto wrong = apply(each)) return std::unexpected(std::move(*wrong));
        }
        if (auto wrong = rules_.conflict(of_, values_)) return std::unexpected(std::move(*wrong));
        return std::move(values_);
    }

  private:
    std::optional<fault> apply(const edit& with) {
        switch (static_cast<operation>(with.operation)) {
            case operation::remove:
                values_.erase(with.key);
                return std::nullopt;
            case operation::set:
                if (!with.value)
                    return fault{error_code::invalid_request,
                                 fmt::format("{}: no value", with.key)};
                return set(with.key, *with.value);
            case operation::append:
            case operation::subtract:
                return edit_list(with);
        }
        return fault{error_code::invalid_request,
                     fmt::format("operation {} is unknown", with.operation)};
    }

    std::optional<fault> set(const std::string& key, const std::string& value) {
        // All must hold the same value, or leaders would acknowledge on fewer replicas than the
        // controller counts on.
        if (key == "min.insync.replicas" && of_.type == resource_type::broker && !of_.name.empty())
            return fault{error_code::invalid_config,
                         "min.insync.replicas can be set for all brokers or for a topic"};
        auto checked = rules_.checked(of_, key, value);
        if (!checked) return std::move(checked.error());
        values_.insert_or_assign(key, std::move(*checked));
        return std::nullopt;
    }

    std::optional<fault> edit_list(const edit& with) {
        const auto by_default = rules_.default_list(of_, with.key);
        if (!by_default)
            return fault{error_code::invalid_config, fmt::format("{} is not a list", with.key)};
        const auto present = values_.find(with.key);
        const std::string& start = present == values_.end() ? *by_default : present->second;
        const std::string& items = with.value ? *with.value : std::string();
        const bool adds = static_cast<operation>(with.operation) == operation::append;
        return set(with.key, adds ? list_with(start, items) : list_without(start, items));
    }

    const config_rules& rules_;
    config_resource of_;
    config_values values_;
};

config_values present_values(const metadata::image& image, const config_resource& of) {
    const auto found = image.configs().find(of);
    return found == image.configs().end() ? config_values{} : found->second;
}

void carry_out(draft& into, const config_resource& of, const config_values& after) {
    const config_values before = present_values(into.image(), of);
    const auto append = [&](const std::string& key, std::optional<std::string> value) {
        into.append(messages::config_record{.resource_type = static_cast<std::int8_t>(of.type),
                                            .resource_name = of.name,
                                            .name = key,
                                            .value = std::move(value)});
    };
    for (const auto& [key, value] : before) {
        if (!after.contains(key)) append(key, std::nullopt);
    }
    for (const auto& [key, value] : after) {
        const auto old = before.find(key);
        if (old == before.end() || old->second != value) append(key, value);
    }
    follow_config_change(into, of);
}

struct plan {
    std::int8_t type = 0;
    const std::string& name;
    std::vector<edit> edits;
    bool replace = false;
    bool validate_only = false;
};

fault change(draft& into, const config_rules& rules, const plan& asked) {
    auto of = resource_of(into.image(), asked.type, asked.name);
    if (!of) return std::move(of.error());
    config_values before = asked.replace ? config_values{} : present_values(into.image(), *of);
    auto after = editing(rules, *of, std::move(before)).after(asked.edits);
    if (!after) return std::move(after.error());
    if (!asked.validate_only) carry_out(into, *of, *after);
    return {};
}

template <typename Answer>
void report(Answer& into, const plan& asked, fault result) {
    auto& answer = into.responses.emplace_back();
    answer.resource_type = asked.type;
    answer.resource_name = asked.name;
    answer.error_code = kafka::to_wire(result.code);
    answer.error_message.reset();
    if (result.code != error_code::none) answer.error_message = std::move(result.message);
}

}  // namespace

messages::incremental_alter_configs_response incremental_alter_configs(
    draft& into,
    const config_rules& rules,
    const messages::incremental_alter_configs_request& request) {
    messages::incremental_alter_configs_response response;
    for (const auto& resource : request.resources) {
        plan asked{.type = resource.resource_type,
                   .name = resource.resource_name,
                   .edits = {},
                   .replace = false,
                   .validate_only = request.validate_only};
        for (const auto& config : resource.configs)
            asked.edits.push_back({config.name, config.config_operation, config.value});
        report(response, asked, change(into, rules, asked));
    }
    return response;
}

messages::alter_configs_response alter_configs(draft& into,
                                               const config_rules& rules,
                                               const messages::alter_configs_request& request) {
    messages::alter_configs_response response;
    for (const auto& resource : request.resources) {
        plan asked{.type = resource.resource_type,
                   .name = resource.resource_name,
                   .edits = {},
                   .replace = true,
                   .validate_only = request.validate_only};
        for (const auto& config : resource.configs) {
            if (config.value) asked.edits.push_back({config.name, std::int8_t{0}, config.value});
        }
        report(response, asked, change(into, rules, asked));
    }
    return response;
}

}  // namespace verdikt::broker::controller
