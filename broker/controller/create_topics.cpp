#include "broker/controller/assignment.h"
#include "broker/controller/refused.h"
#include "broker/controller/topics.h"
#include "broker/metadata/partition_records.h"
#include "broker/metadata/topic_names.h"
#include "kafka/error_codes.h"

#include <fmt/format.h>

#include <map>
#include <set>

namespace verdikt::broker::controller {

namespace messages = kafka::messages;
using kafka::error_code;
using creatable_topic = messages::create_topics_request::creatable_topic;
using creatable_topic_result = messages::create_topics_response::creatable_topic_result;

namespace {

constexpr std::int32_t by_default = -1;

struct topic_plan {
    assignment replicas;
    metadata::config_values configs;
};

std::optional<fault> name_fault(const metadata::image& image, const std::string& name) {
    if (auto wrong = metadata::topic_name_fault(name))
        return fault{error_code::invalid_topic_exception, std::move(*wrong)};
    if (image.find_topic(name) != nullptr)
        return fault{error_code::topic_already_exists,
                     fmt::format("topic '{}' exists already", name)};
    // Only these letters make names collide: most names need not be compared with all others.
    if (name.find_first_of("._") == std::string::npos) return std::nullopt;
    for (const auto& [id, existing] : image.topics()) {
        if (metadata::topic_names_collide(existing.name, name))
            return fault{
                error_code::invalid_topic_exception,
                fmt::format("topic '{}' collides with existing topic '{}'", name, existing.name)};
    }
    return std::nullopt;
}

std::expected<assignment, fault> manual_assignment(const metadata::image& image,
                                                   const creatable_topic& asked) {
    if (asked.num_partitions != by_default || asked.replication_factor != by_default)
        return refused(error_code::invalid_request,
                       "an assignment excludes a number of partitions and a replication factor");
    std::map<std::int32_t, metadata::nodes> by_index;
    for (const auto& partition : asked.assignments)
        by_index[partition.partition_index] = metadata::from_wire(partition.broker_ids);
    const auto last = static_cast<std::int32_t>(asked.assignments.size()) - 1;
    // As many as were named, from 0 to the last: none twice, none left out.
    if (by_index.size() != asked.assignments.size() || by_index.begin()->first != 0 ||
        by_index.rbegin()->first != last)
        return refused(error_code::invalid_replica_assignment,
                       "partitions must be numbered from 0, each once");
    assignment result;
    for (auto& [index, replicas] : by_index) result.push_back(std::move(replicas));
    if (auto wrong = assignment_fault(image, result)) return std::unexpected(std::move(*wrong));
    return result;
}

std::expected<assignment, fault> assignment_of(const draft& into,
                                               const creatable_topic& asked,
                                               runtime::random_source& chance) {
    if (!asked.assignments.empty()) return manual_assignment(into.image(), asked);
    const std::int32_t partitions =
        asked.num_partitions == by_default ? into.settings().num_partitions : asked.num_partitions;
    if (partitions < 1 || partitions > topic_partitions_max)
        return refused(
            error_code::invalid_partitions,
            fmt::format("{} partitions; 1 to {} are possible", partitions, topic_partitions_max));
    const std::int32_t replicas = asked.replication_factor == by_default
                                      ? into.settings().default_replication_factor
                                      : asked.replication_factor;
    return placed(into.image(), partitions, replicas, chance);
}

std::expected<metadata::config_values, fault> configs_of(const config_rules& rules,
                                                         const creatable_topic& asked) {
    const metadata::config_resource resource{metadata::resource_type::topic, asked.name};
    metadata::config_values values;
    for (const auto& config : asked.configs) {
        // Null means the default, which needs no setting.
        if (!config.value) continue;
        auto checked = rules.checked(resource, config.name, *config.value);
        if (!checked) return std::unexpected(std::move(checked.error()));
        values.insert_or_assign(config.name, std::move(*checked));
    }
    if (auto wrong = rules.conflict(resource, values)) return std::unexpected(std::move(*wrong));
    return values;
}

std::expected<topic_plan, fault> plan_of(const draft& into,
                                         const config_rules& rules,
                                         const creatable_topic& asked,
                                         runtime::random_source& chance) {
    if (auto wrong = name_fault(into.image(), asked.name)) return std::unexpected(*wrong);
    auto replicas = assignment_of(into, asked, chance);
    if (!replicas) return std::unexpected(std::move(replicas.error()));
    auto configs = configs_of(rules, asked);
    if (!configs) return std::unexpected(std::move(configs.error()));
    return topic_plan{.replicas = std::move(*replicas), .configs = std::move(*configs)};
}

/// A random id (RFC 4122, version 4) that no topic has.
kafka::uuid new_topic_id(const metadata::image& image, runtime::random_source& chance) {
    kafka::uuid id;
    do {
        chance.fill(id.bytes);
        id.bytes[6] = (id.bytes[6] & std::byte{0x0f}) | std::byte{0x40};
        id.bytes[8] = (id.bytes[8] & std::byte{0x3f}) | std::byte{0x80};
    } while (image.find_topic(id) != nullptr);
    return id;
}

void carry_out(draft& into, const std::string& name, const kafka::uuid& id, topic_plan plan) {
    into.append(messages::topic_record{.name = name, .topic_id = id});
    for (auto& [key, value] : plan.configs) {
        into.append(messages::config_record{
            .resource_type = static_cast<std::int8_t>(metadata::resource_type::topic),
            .resource_name = name,
            .name = key,
            .value = std::move(value)});
    }
    kafka::partition_index index{0};
    for (const metadata::nodes& replicas : plan.replicas) {
        into.append(metadata::to_record({id, index}, new_partition(into.image(), replicas)));
        index = index.next();
    }
}

creatable_topic_result refusal(const std::string& name, const fault& why) {
    creatable_topic_result answer;
    answer.name = name;
    answer.error_code = kafka::to_wire(why.code);
    answer.error_message = why.message;
    answer.num_partitions = -1;
    answer.replication_factor = -1;
    answer.configs.reset();
    return answer;
}

creatable_topic_result success(const std::string& name, const topic_plan& plan) {
    creatable_topic_result answer;
    answer.name = name;
    answer.error_message.reset();
    answer.num_partitions = static_cast<std::int32_t>(plan.replicas.size());
    answer.replication_factor = static_cast<std::int16_t>(plan.replicas.front().size());
    answer.configs.reset();
    return answer;
}

std::set<std::string> repeated_names(const std::vector<creatable_topic>& topics) {
    std::set<std::string> seen;
    std::set<std::string> repeated;
    for (const creatable_topic& asked : topics) {
        if (!seen.insert(asked.name).second) repeated.insert(asked.name);
    }
    return repeated;
}

}  // namespace

messages::create_topics_response create_topics(draft& into,
                                               const config_rules& rules,
                                               const messages::create_topics_request& request,
                                               runtime::random_source& chance) {
    messages::create_topics_response response;
    const std::set<std::string> repeated = repeated_names(request.topics);
    for (const std::string& name : repeated)
        response.topics.push_back(
            refusal(name, {error_code::invalid_request, "the request names this topic twice"}));
    std::size_t room = partitions_per_request_max;
    for (const creatable_topic& asked : request.topics) {
        if (repeated.contains(asked.name)) continue;
        auto plan = plan_of(into, rules, asked, chance);
        if (plan && plan->replicas.size() > room)
            plan = refused(
                error_code::policy_violation,
                fmt::format("one request can make {} partitions", partitions_per_request_max));
        if (!plan) {
            response.topics.push_back(refusal(asked.name, plan.error()));
            continue;
        }
        room -= plan->replicas.size();
        creatable_topic_result& answer = response.topics.emplace_back(success(asked.name, *plan));
        if (request.validate_only) continue;
        answer.topic_id = new_topic_id(into.image(), chance);
        carry_out(into, asked.name, answer.topic_id, std::move(*plan));
    }
    return response;
}

}  // namespace verdikt::broker::controller
