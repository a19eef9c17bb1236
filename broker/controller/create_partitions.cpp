#include "broker/controller/assignment.h"
#include "broker/controller/refused.h"
#include "broker/controller/topics.h"
#include "broker/metadata/partition_records.h"
#include "kafka/error_codes.h"

#include <fmt/format.h>

#include <set>

namespace verdikt::broker::controller {

namespace messages = kafka::messages;
using kafka::error_code;
using create_partitions_topic = messages::create_partitions_request::create_partitions_topic;

namespace {

std::expected<assignment, fault> manual_assignment(const metadata::image& image,
                                                   const metadata::topic& present,
                                                   const create_partitions_topic& asked) {
    const auto added = static_cast<std::size_t>(asked.count) - present.partitions.size();
    assignment result;
    for (const auto& partition : *asked.assignments)
        result.push_back(metadata::from_wire(partition.broker_ids));
    if (result.size() != added)
        return refused(error_code::invalid_replica_assignment,
                       fmt::format("{} partitions are new, {} assigned", added, result.size()));
    if (auto wrong = assignment_fault(image, result)) return std::unexpected(std::move(*wrong));
    return result;
}

std::expected<assignment, fault> plan_of(const draft& into,
                                         const create_partitions_topic& asked,
                                         runtime::random_source& chance) {
    const metadata::topic* present = into.image().find_topic(asked.name);
    if (present == nullptr)
        return refused(error_code::unknown_topic_or_partition, "there is no such topic");
    const auto count = static_cast<std::int32_t>(present->partitions.size());
    if (asked.count <= count || asked.count > topic_partitions_max)
        return refused(error_code::invalid_partitions,
                       fmt::format("the topic has {} partitions; {} to {} are possible",
                                   count,
                                   count + 1,
                                   topic_partitions_max));
    if (asked.assignments && !asked.assignments->empty())
        return manual_assignment(into.image(), *present, asked);
    const auto replicas =
        metadata::without(present->partitions.front().replicas, present->partitions.front().adding)
            .size();
    return placed(into.image(), asked.count - count, static_cast<std::int32_t>(replicas), chance);
}

void carry_out(draft& into, const std::string& name, const assignment& plan) {
    const metadata::topic& present = *into.image().find_topic(name);
    for (const metadata::nodes& replicas : plan) {
        const kafka::partition_index index(static_cast<std::int32_t>(present.partitions.size()));
        into.append(
            metadata::to_record({present.id, index}, new_partition(into.image(), replicas)));
    }
}

}  // namespace

messages::create_partitions_response create_partitions(
    draft& into,
    const messages::create_partitions_request& request,
    runtime::random_source& chance) {
    messages::create_partitions_response response;
    std::set<std::string> seen;
    for (const create_partitions_topic& asked : request.topics) {
        auto plan = plan_of(into, asked, chance);
        if (!seen.insert(asked.name).second)
            plan = refused(error_code::invalid_request, "the request names this topic twice");
        auto& answer = response.results.emplace_back();
        answer.name = asked.name;
        answer.error_message.reset();
        if (!plan) {
            answer.error_code = kafka::to_wire(plan.error().code);
            answer.error_message = plan.error().message;
        } else if (!request.validate_only) {
            carry_out(into, asked.name, *plan);
        }
    }
    return response;
}

}  // namespace verdikt::broker::controller
