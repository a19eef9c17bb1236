/// Metadata: which brokers and topics there are. Asking for a topic may create it.
#include "broker/server/handlers.h"

#include <algorithm>
#include "broker/metadata/topic_names.h"

namespace verdikt::broker::server {

namespace {

using response_topic = messages::metadata_response::metadata_response_topic;
using response_partition = messages::metadata_response::metadata_response_partition;

/// From here on a topic in an answer may lack its name.
constexpr std::int16_t nameless_version = 12;

/// Until topic ids are what clients fetch by, a topic asked for by id alone is looked up by it.
struct wanted_topic {
    std::optional<std::string> name;
    kafka::uuid id;
};

std::int16_t partition_error(const storage::partition_log& log) {
    const bool offline = log.failure().has_value();
    return kafka::to_wire(offline ? kafka::error_code::kafka_storage_error
                                  : kafka::error_code::none);
}

response_topic describe_topic(const topic& which, kafka::node_id node) {
    response_topic answer;
    answer.name = which.name;
    answer.topic_id = which.id;
    answer.is_internal = metadata::is_internal_topic(which.name);
    for (const auto& log : which.partitions) {
        response_partition partition;
        partition.error_code = partition_error(*log);
        partition.partition_index = log->partition().partition.value();
        partition.leader_id = node.value();
        partition.leader_epoch = sole_leader_epoch.value();
        partition.replica_nodes = {node.value()};
        partition.isr_nodes = {node.value()};
        if (partition.error_code != 0) partition.offline_replicas = {node.value()};
        answer.partitions.push_back(std::move(partition));
    }
    return answer;
}

response_topic refuse(const wanted_topic& wanted, kafka::error_code code) {
    response_topic answer;
    answer.error_code = kafka::to_wire(code);
    answer.name = wanted.name;
    answer.topic_id = wanted.id;
    return answer;
}

bool collides(const topic_registry& topics, std::string_view name) {
    return std::ranges::any_of(topics.topics(), [name](const auto& entry) {
        return metadata::topic_names_collide(entry.first, name);
    });
}

/// Creates the topic with the broker's defaults.
runtime::awaitable<response_topic> create_automatically(node_services& here, wanted_topic wanted) {
    if (metadata::topic_name_fault(*wanted.name) || collides(here.topics, *wanted.name)) {
        co_return refuse(wanted, kafka::error_code::invalid_topic_exception);
    }
    if (here.config.integer("default.replication.factor") != 1) {
        co_return refuse(wanted, kafka::error_code::invalid_replication_factor);
    }
    const auto partitions = static_cast<std::int32_t>(here.config.integer("num.partitions"));
    const auto created = co_await here.topics.create(*wanted.name, partitions, {});
    if (created) co_return describe_topic(**created, here.node);
    // Somebody else created it while we waited for our turn.
    if (const auto found = here.topics.find(*wanted.name)) {
        co_return describe_topic(*found, here.node);
    }
    co_return refuse(wanted, created.error());
}

runtime::awaitable<response_topic> look_up(node_services& here, wanted_topic wanted, bool create) {
    const bool by_id = !wanted.id.is_zero();
    const auto found = by_id ? here.topics.find(wanted.id) : here.topics.find(*wanted.name);
    if (found != nullptr) co_return describe_topic(*found, here.node);
    if (by_id) co_return refuse(wanted, kafka::error_code::unknown_topic_id);
    if (metadata::topic_name_fault(*wanted.name)) {
        co_return refuse(wanted, kafka::error_code::invalid_topic_exception);
    }
    if (!create || metadata::is_internal_topic(*wanted.name)) {
        co_return refuse(wanted, kafka::error_code::unknown_topic_or_partition);
    }
    co_return co_await create_automatically(here, std::move(wanted));
}

/// What was asked for by its id and not found has no name.
void give_names(messages::metadata_response& answer) {
    for (response_topic& topic : answer.topics) {
        if (!topic.name) topic.name = "";
    }
}

bool wants_all(const messages::metadata_request& request, std::int16_t version) {
    // Version 0 has no null: there an empty list means all, later it means none.
    return !request.topics || (version == 0 && request.topics->empty());
}

}  // namespace

runtime::awaitable<messages::metadata_response> handle_metadata(
    node_services& here, const request_context& asked, messages::metadata_request request) {
    messages::metadata_response answer;
    answer.brokers.push_back({.node_id = here.node.value(),
                              .host = asked.advertised.host,
                              .port = asked.advertised.port,
                              .rack = std::nullopt});
    answer.cluster_id = here.topics.cluster_id();
    answer.controller_id = here.node.value();
    if (wants_all(request, asked.version)) {
        for (const auto& [name, which] : here.topics.topics()) {
            answer.topics.push_back(describe_topic(*which, here.node));
        }
        co_return answer;
    }
    const bool create =
        request.allow_auto_topic_creation && here.config.boolean("auto.create.topics.enable");
    for (auto& topic : *request.topics) {
        wanted_topic wanted{std::move(topic.name), topic.topic_id};
        if (!wanted.name && wanted.id.is_zero()) {
            answer.topics.push_back(refuse(wanted, kafka::error_code::invalid_request));
            continue;
        }
        answer.topics.push_back(co_await look_up(here, std::move(wanted), create));
    }
    if (asked.version < nameless_version) give_names(answer);
    co_return answer;
}

}  // namespace verdikt::broker::server
