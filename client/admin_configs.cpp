#include "client/admin.h"
#include "client/admin_core.h"
#include "kafka/messages/alter_configs.h"
#include "kafka/messages/describe_configs.h"
#include "kafka/messages/describe_log_dirs.h"
#include "kafka/messages/incremental_alter_configs.h"

#include <algorithm>
#include <sstream>

namespace verdikt::client {

namespace {

using namespace kafka::messages;

using changes_by_resource = std::map<config_resource, std::vector<config_change>>;

/// Broker settings are known to that broker; everything else to all of them.
std::optional<kafka::node_id> home_of(const config_resource& which) {
    if (which.type == config_resource_type::topic || which.name.empty()) return std::nullopt;
    return kafka::node_id(static_cast<std::int32_t>(std::strtol(which.name.c_str(), nullptr, 10)));
}

config_resource to_resource(std::int8_t type, const std::string& name) {
    return {.type = static_cast<config_resource_type>(type), .name = name};
}

config_entry to_entry(const describe_configs_response::describe_configs_resource_result& from) {
    config_entry entry{.name = from.name,
                       .value = from.value,
                       .read_only = from.read_only,
                       .sensitive = from.is_sensitive,
                       .source = from.config_source,
                       .synonyms = {}};
    for (const auto& each : from.synonyms) entry.synonyms.emplace_back(each.name, each.value);
    return entry;
}

/// One call to the broker that the resource lives on, or to any.
template <typename Response, typename Request>
runtime::awaitable<result<Response>> ask_home(admin_core& core,
                                              std::optional<kafka::node_id> home,
                                              purpose why,
                                              Request request) {
    if (!home) co_return co_await core.ask<Response>(why, std::move(request), always_stands);
    co_return co_await core.ask_node<Response>(why, *home, std::move(request), always_stands);
}

std::string edit_list(const std::string& before, const config_change& change) {
    std::vector<std::string> items;
    std::istringstream words(before);
    for (std::string word; std::getline(words, word, ',');) items.push_back(word);
    std::erase(items, change.value.value_or(""));
    if (change.operation == alter_operation::append) items.push_back(change.value.value_or(""));
    std::string joined;
    for (const std::string& item : items) joined += (joined.empty() ? "" : ",") + item;
    return joined;
}

/// What AlterConfigs must be told: it replaces all, so what is set already is repeated.
std::map<std::string, std::string> merge(const std::vector<config_entry>& now,
                                         const std::vector<config_change>& changes) {
    constexpr std::int8_t set_for_topic = 1;
    constexpr std::int8_t set_for_broker = 2;
    std::map<std::string, std::string> values;
    std::map<std::string, std::string> effective;
    for (const config_entry& each : now) {
        effective[each.name] = each.value.value_or("");
        if (each.source == set_for_topic || each.source == set_for_broker) {
            values[each.name] = each.value.value_or("");
        }
    }
    for (const config_change& each : changes) {
        switch (each.operation) {
            case alter_operation::set:
                values[each.name] = each.value.value_or("");
                break;
            case alter_operation::remove:
                values.erase(each.name);
                break;
            case alter_operation::append:
            case alter_operation::subtract:
                values[each.name] = edit_list(effective[each.name], each);
                break;
        }
    }
    return values;
}

/// For brokers before Kafka 2.3, which only know how to replace all settings of a resource at once.
runtime::awaitable<result<void>> replace_configs(admin& through,
                                                 admin_core& core,
                                                 config_resource which,
                                                 std::vector<config_change> changes,
                                                 bool validate_only) {
    auto now = co_await through.describe_configs({which});
    if (!now) co_return std::unexpected(now.error());
    const auto found = now->find(which);
    if (found == now->end()) co_return failure(errc::malformed_answer, "a resource is missing");
    if (!found->second) co_return std::unexpected(found->second.error());
    alter_configs_request request;
    request.validate_only = validate_only;
    auto& resource = request.resources.emplace_back();
    resource.resource_type = static_cast<std::int8_t>(which.type);
    resource.resource_name = which.name;
    for (const auto& [name, value] : merge(*found->second, changes)) {
        resource.configs.push_back({.name = name, .value = value});
    }
    const auto answer = co_await ask_home<alter_configs_response>(
        core, home_of(which), purpose::change, std::move(request));
    if (!answer) co_return std::unexpected(answer.error());
    if (answer->responses.empty()) co_return failure(errc::malformed_answer, "no outcome");
    co_return outcome_of(answer->responses.front().error_code,
                         answer->responses.front().error_message);
}

runtime::awaitable<result<void>> alter_one(admin_core& core,
                                           config_resource which,
                                           std::vector<config_change> changes,
                                           bool validate_only) {
    incremental_alter_configs_request request;
    request.validate_only = validate_only;
    auto& resource = request.resources.emplace_back();
    resource.resource_type = static_cast<std::int8_t>(which.type);
    resource.resource_name = which.name;
    for (const config_change& each : changes) {
        resource.configs.push_back({.name = each.name,
                                    .config_operation = static_cast<std::int8_t>(each.operation),
                                    .value = each.value});
    }
    const auto answer = co_await ask_home<incremental_alter_configs_response>(
        core, home_of(which), purpose::change, std::move(request));
    if (!answer) co_return std::unexpected(answer.error());
    if (answer->responses.empty()) co_return failure(errc::malformed_answer, "no outcome");
    co_return outcome_of(answer->responses.front().error_code,
                         answer->responses.front().error_message);
}

replica_directory to_directory(std::int32_t broker,
                               const describe_log_dirs_response::describe_log_dirs_result& from) {
    replica_directory directory{
        .broker = broker, .path = from.log_dir, .fault = std::nullopt, .replicas = {}};
    const auto outcome = outcome_of(from.error_code);
    if (!outcome) directory.fault = outcome.error();
    for (const auto& topic : from.topics) {
        for (const auto& each : topic.partitions) {
            directory.replicas.push_back(
                {.partition = {.topic = topic.name,
                               .partition = kafka::partition_index(each.partition_index)},
                 .size = each.partition_size,
                 .offset_lag = each.offset_lag,
                 .future = each.is_future_key});
        }
    }
    return directory;
}

}  // namespace

admin::reply<outcomes<config_resource, std::vector<config_entry>>> admin::describe_configs(
    std::set<config_resource> resources) {
    outcomes<config_resource, std::vector<config_entry>> all;
    for (const config_resource& which : resources) {
        describe_configs_request request;
        request.include_synonyms = true;
        request.resources.push_back({.resource_type = static_cast<std::int8_t>(which.type),
                                     .resource_name = which.name,
                                     .configuration_keys = std::nullopt});
        const auto answer = co_await ask_home<describe_configs_response>(
            *core_, home_of(which), purpose::question, std::move(request));
        if (!answer) co_return std::unexpected(answer.error());
        for (const auto& each : answer->results) {
            const auto key = to_resource(each.resource_type, each.resource_name);
            const auto outcome = outcome_of(each.error_code, each.error_message);
            if (!outcome) {
                all.insert_or_assign(key, std::unexpected(outcome.error()));
                continue;
            }
            std::vector<config_entry> entries;
            for (const auto& entry : each.configs) entries.push_back(to_entry(entry));
            all.insert_or_assign(key, std::move(entries));
        }
    }
    co_return all;
}

admin::reply<outcomes<config_resource>> admin::alter_configs(changes_by_resource changes,
                                                             bool validate_only) {
    outcomes<config_resource> all;
    for (const auto& [which, wanted] : changes) {
        auto altered = co_await alter_one(*core_, which, wanted, validate_only);
        if (!altered && altered.error().reason == errc::unsupported_version) {
            altered = co_await replace_configs(*this, *core_, which, wanted, validate_only);
        }
        all.insert_or_assign(which, std::move(altered));
    }
    co_return all;
}

admin::reply<std::vector<replica_directory>> admin::describe_log_dirs(
    std::optional<std::set<std::int32_t>> brokers) {
    if (!brokers) {
        const auto cluster = co_await describe_cluster();
        if (!cluster) co_return std::unexpected(cluster.error());
        brokers.emplace();
        for (const broker_description& each : cluster->brokers) brokers->insert(each.id);
    }
    std::vector<replica_directory> directories;
    for (const std::int32_t broker : *brokers) {
        describe_log_dirs_request request;
        request.topics = std::nullopt;
        const auto answer = co_await ask_home<describe_log_dirs_response>(
            *core_, kafka::node_id(broker), purpose::question, std::move(request));
        if (!answer) co_return std::unexpected(answer.error());
        for (const auto& each : answer->results) directories.push_back(to_directory(broker, each));
    }
    co_return directories;
}

}  // namespace verdikt::client
