/// CreateTopics: topics with their partitions and settings, all checked before any is made.
#include "broker/metadata/topic_names.h"
#include "broker/server/config_report.h"
#include "broker/server/handlers.h"

#include <algorithm>
#include <set>

namespace verdikt::broker::server {

namespace {

using kafka::error_code;
using asked_topic = messages::create_topics_request::creatable_topic;
using answered_topic = messages::create_topics_response::creatable_topic_result;

constexpr std::int32_t by_default = -1;

struct fault {
    error_code code;
    std::string message;
};

/// What a request for one topic comes to.
struct topic_plan {
    std::int32_t partitions = 1;
    config_map configs;
};

using plan_result = std::expected<topic_plan, fault>;

/// Kafka's warning for a name that could collide with another; nothing if it cannot.
std::optional<std::string> name_warning(std::string_view name) {
    if (name.find_first_of("._") == std::string_view::npos) return std::nullopt;
    return fmt::format(
        "'{}' has a period or an underscore, and metric names take both for the same: it is best "
        "to use one of them only",
        name);
}

std::optional<fault> name_fault(const topic_registry& topics, const std::string& name) {
    if (auto wrong = metadata::topic_name_fault(name)) {
        return fault{error_code::invalid_topic_exception, std::move(*wrong)};
    }
    if (metadata::is_internal_topic(name)) {
        return fault{error_code::invalid_topic_exception,
                     fmt::format("'{}' is made by the broker itself", name)};
    }
    for (const auto& [existing, which] : topics.topics()) {
        if (existing == name) {
            return fault{error_code::topic_already_exists,
                         fmt::format("topic '{}' exists already", name)};
        }
        if (metadata::topic_names_collide(existing, name)) {
            return fault{
                error_code::invalid_topic_exception,
                fmt::format("topic '{}' collides with existing topic '{}'", name, existing)};
        }
    }
    return std::nullopt;
}

/// The partitions that a manual assignment names: 0 to n - 1, each on this node alone.
std::expected<std::int32_t, fault> assigned_partitions(const asked_topic& asked,
                                                       kafka::node_id node) {
    if (asked.num_partitions != by_default || asked.replication_factor != by_default) {
        return std::unexpected(
            fault{error_code::invalid_request,
                  "an assignment excludes a number of partitions and a replication factor"});
    }
    std::set<std::int32_t> seen;
    for (const auto& assignment : asked.assignments) {
        if (!seen.insert(assignment.partition_index).second || assignment.broker_ids.empty()) {
            return std::unexpected(fault{error_code::invalid_replica_assignment,
                                         "a partition is assigned twice or to nobody"});
        }
        if (assignment.broker_ids != std::vector{node.value()}) {
            return std::unexpected(fault{error_code::invalid_replica_assignment,
                                         fmt::format("there is no broker but {}", node.value())});
        }
    }
    const auto count = static_cast<std::int32_t>(seen.size());
    if (*seen.begin() != 0 || *seen.rbegin() != count - 1) {
        return std::unexpected(fault{error_code::invalid_replica_assignment,
                                     "partitions must be numbered from 0 without a gap"});
    }
    return count;
}

std::expected<std::int32_t, fault> partitions_of(const asked_topic& asked,
                                                 const node_services& here) {
    if (!asked.assignments.empty()) return assigned_partitions(asked, here.node);
    const std::int64_t replicas = asked.replication_factor == by_default
                                      ? here.config.integer("default.replication.factor")
                                      : asked.replication_factor;
    if (replicas != 1) {
        return std::unexpected(fault{error_code::invalid_replication_factor,
                                     fmt::format("replication factor {} with 1 broker", replicas)});
    }
    const std::int64_t partitions = asked.num_partitions == by_default
                                        ? here.config.integer("num.partitions")
                                        : asked.num_partitions;
    return static_cast<std::int32_t>(partitions);
}

plan_result plan_topic(const asked_topic& asked, const node_services& here) {
    if (auto wrong = name_fault(here.topics, asked.name)) return std::unexpected(std::move(*wrong));
    const auto partitions = partitions_of(asked, here);
    if (!partitions) return std::unexpected(partitions.error());
    if (*partitions < 1 || *partitions > topic_partitions_max) {
        return std::unexpected(fault{
            error_code::invalid_partitions,
            fmt::format("{} partitions; 1 to {} are possible", *partitions, topic_partitions_max)});
    }
    topic_plan plan{.partitions = *partitions, .configs = {}};
    for (const auto& config : asked.configs) {
        // Null means the default, which needs no override.
        if (config.value) plan.configs.insert_or_assign(config.name, *config.value);
    }
    if (auto wrong = topic_config_fault(plan.configs, here.config)) {
        return std::unexpected(fault{error_code::invalid_config, std::move(*wrong)});
    }
    return plan;
}

void refuse(answered_topic& answer, const fault& why) {
    answer.error_code = kafka::to_wire(why.code);
    answer.error_message = why.message;
    answer.num_partitions = -1;
    answer.replication_factor = -1;
    answer.configs.reset();
}

void report_plan(answered_topic& answer, const topic_plan& plan, const broker_config& config) {
    answer.error_message.reset();
    answer.num_partitions = plan.partitions;
    answer.replication_factor = 1;
    answer.configs.emplace();
    for (const reported_config& entry : report_topic_configs(plan.configs, config)) {
        answer.configs->push_back({.name = std::string(entry.key->name),
                                   .value = entry.value,
                                   .read_only = false,
                                   .config_source = static_cast<std::int8_t>(entry.source),
                                   .is_sensitive = false});
    }
}

runtime::awaitable<answered_topic> create(node_services& here,
                                          asked_topic asked,
                                          bool validate_only) {
    answered_topic answer;
    answer.name = asked.name;
    const plan_result plan = plan_topic(asked, here);
    if (!plan) {
        refuse(answer, plan.error());
        co_return answer;
    }
    report_plan(answer, *plan, here.config);
    if (validate_only) co_return answer;
    if (const auto warning = name_warning(asked.name)) {
        here.world.log().write(runtime::log_level::warning,
                               "topic_name_may_collide",
                               {{"topic", asked.name}, {"why", *warning}});
    }
    const auto created = co_await here.topics.create(asked.name, plan->partitions, plan->configs);
    if (!created) {
        refuse(answer, {created.error(), std::string(kafka::describe(created.error()))});
        co_return answer;
    }
    answer.topic_id = (*created)->id;
    co_return answer;
}

std::set<std::string> repeated_names(const std::vector<asked_topic>& topics) {
    std::set<std::string> seen;
    std::set<std::string> repeated;
    for (const asked_topic& asked : topics) {
        if (!seen.insert(asked.name).second) repeated.insert(asked.name);
    }
    return repeated;
}

}  // namespace

runtime::awaitable<messages::create_topics_response> handle_create_topics(
    node_services& here,
    const request_context& /*asked*/,
    messages::create_topics_request request) {
    messages::create_topics_response response;
    std::set<std::string> repeated = repeated_names(request.topics);
    for (const std::string& name : repeated) {
        auto& answer = response.topics.emplace_back();
        answer.name = name;
        refuse(answer, {error_code::invalid_request, "the request names this topic twice"});
    }
    for (asked_topic& asked : request.topics) {
        if (repeated.contains(asked.name)) continue;
        response.topics.push_back(co_await create(here, std::move(asked), request.validate_only));
    }
    co_return response;
}

}  // namespace verdikt::broker::server
