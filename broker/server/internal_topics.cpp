#include "broker/server/internal_topics.h"

#include "broker/metadata/topic_names.h"
#include "broker/server/cluster_setup.h"
#include "broker/server/forwarding.h"
#include "kafka/messages/create_topics.h"

#include <chrono>
#include <string>

namespace verdikt::broker::server {

namespace messages = kafka::messages;
using kafka::error_code;

namespace {

using creatable_topic = messages::create_topics_request::creatable_topic;

creatable_topic offsets_topic(const broker_config& config) {
    creatable_topic topic;
    topic.name = metadata::offsets_topic_name;
    topic.num_partitions =
        static_cast<std::int32_t>(config.integer("offsets.topic.num.partitions"));
    topic.replication_factor =
        internal_replication_factor(config, "offsets.topic.replication.factor");
    topic.configs = {
        {.name = "cleanup.policy", .value = "compact"},
        {.name = "compression.type", .value = "producer"},
        {.name = "segment.bytes", .value = config.text("offsets.topic.segment.bytes")}};
    return topic;
}

creatable_topic transactions_topic(const broker_config& config) {
    creatable_topic topic;
    topic.name = metadata::transactions_topic_name;
    topic.num_partitions =
        static_cast<std::int32_t>(config.integer("transaction.state.log.num.partitions"));
    topic.replication_factor =
        internal_replication_factor(config, "transaction.state.log.replication.factor");
    const std::string& min_isr = config.text("transaction.state.log.min.isr");
    topic.configs = {
        {.name = "cleanup.policy", .value = "compact"},
        {.name = "compression.type", .value = "uncompressed"},
        {.name = "min.insync.replicas",
         .value = min_isr.empty() ? (topic.replication_factor > 1 ? "2" : "1") : min_isr},
        {.name = "segment.bytes", .value = config.text("transaction.state.log.segment.bytes")}};
    return topic;
}

}  // namespace

coordinator::coordinator_config coordinator_config_of(const broker_config& config) {
    using coordinator::milliseconds;
    coordinator::coordinator_config made;
    made.offsets_partitions =
        static_cast<std::int32_t>(config.integer("offsets.topic.num.partitions"));
    made.min_session_timeout = milliseconds(config.integer("group.min.session.timeout.ms"));
    made.max_session_timeout = milliseconds(config.integer("group.max.session.timeout.ms"));
    made.groups.initial_delay = milliseconds(config.integer("group.initial.rebalance.delay.ms"));
    made.groups.max_size = static_cast<std::size_t>(config.integer("group.max.size"));
    made.offsets_retention = std::chrono::minutes(config.integer("offsets.retention.minutes"));
    made.retention_check_interval =
        milliseconds(config.integer("offsets.retention.check.interval.ms"));
    made.metadata_max_bytes = static_cast<std::size_t>(config.integer("offset.metadata.max.bytes"));
    return made;
}

bool known_topics::exists(std::string_view name, kafka::partition_index partition) const {
    const auto found = node_.topics().find(name);
    return found != nullptr && found->has(partition);
}

runtime::awaitable<error_code> ensure_internal_topic(node_services& here, std::string_view name) {
    if (here.topics.find(name) != nullptr) co_return error_code::none;
    messages::create_topics_request request;
    request.topics.push_back(name == metadata::offsets_topic_name
                                 ? offsets_topic(here.config)
                                 : transactions_topic(here.config));
    request.timeout_ms = static_cast<std::int32_t>(forwarding_patience.count());
    const auto made = co_await ask_controller<messages::create_topics_response>(here, request);
    for (const auto& topic : made.topics) {
        const auto code = kafka::to_error_code(topic.error_code);
        // Somebody else may have been faster.
        if (code == error_code::none || code == error_code::topic_already_exists) continue;
        here.world.log().write(
            runtime::log_level::warning,
            "internal_topic_not_created",
            {{"topic", topic.name}, {"why", topic.error_message.value_or("no reason given")}});
    }
    co_await settle(here);
    co_return here.topics.find(name) == nullptr ? error_code::coordinator_not_available
                                                : error_code::none;
}

}  // namespace verdikt::broker::server
