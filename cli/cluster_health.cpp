#include "cli/cluster_health.h"

#include <fmt/format.h>

#include <utility>

namespace verdikt::cli {

namespace {

void count(const client::topic_description& topic, cluster_health& health) {
    for (const client::partition_description& each : topic.partitions) {
        health.under_replicated += each.isr.size() < each.replicas.size() ? 1 : 0;
        health.leaderless += health.active_brokers.contains(each.leader) ? 0 : 1;
    }
}

}  // namespace

runtime::awaitable<std::optional<cluster_health>> look_at_health(client::admin& admin) {
    const auto cluster = co_await admin.describe_cluster();
    if (!cluster) co_return std::nullopt;
    cluster_health health;
    for (const auto& each : cluster->brokers) health.active_brokers.insert(each.id);
    const auto names = co_await admin.list_topics(true);
    if (!names) co_return std::nullopt;
    const auto topics = co_await admin.describe_topics(*names);
    if (!topics) co_return std::nullopt;
    for (const auto& [name, topic] : *topics) {
        if (topic) count(*topic, health);  // It may have been deleted just now.
    }
    if (const auto quorum = co_await admin.describe_quorum(); quorum) {
        health.controller = quorum->leader;
    }
    co_return health;
}

std::string describe(const std::optional<cluster_health>& health, std::size_t nodes) {
    if (!health) return "health: no broker answers";
    std::string line = health->controller
                           ? fmt::format("health: controller {}", *health->controller)
                           : "health: no controller";
    line += fmt::format(", {} of {} brokers active", health->active_brokers.size(), nodes);
    line += fmt::format(", {} partitions under-replicated", health->under_replicated);
    if (health->leaderless != 0) line += fmt::format(", {} without leader", health->leaderless);
    return line;
}

}  // namespace verdikt::cli
