#include "broker/server/offsets_topic.h"

namespace verdikt::broker::server {

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

void take_over_groups(coordinator::group_coordinator& groups, const topic& offsets) {
    for (const auto& log : offsets.partitions) {
        groups.elected(log->partition().partition, sole_leader_epoch);
    }
}

void give_up_groups(coordinator::group_coordinator& groups, const topic& offsets) {
    for (const auto& log : offsets.partitions) groups.resigned(log->partition().partition);
}

runtime::awaitable<change_result> ensure_offsets_topic(node_services& here) {
    if (here.topics.find(coordinator::offsets_topic) != nullptr) co_return change_result{};
    const auto partitions =
        static_cast<std::int32_t>(here.config.integer("offsets.topic.num.partitions"));
    config_map configs{{"cleanup.policy", "compact"},
                       {"compression.type", "producer"},
                       {"segment.bytes", here.config.text("offsets.topic.segment.bytes")}};
    const auto created = co_await here.topics.create(
        std::string(coordinator::offsets_topic), partitions, std::move(configs));
    if (created) take_over_groups(here.groups, **created);
    if (!created && created.error() != kafka::error_code::topic_already_exists) {
        co_return std::unexpected(created.error());
    }
    co_return change_result{};
}

}  // namespace verdikt::broker::server
