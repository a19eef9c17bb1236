#include "broker/server/transactions_topic.h"

#include "broker/server/node_transactions.h"

namespace verdikt::broker::server {

void take_over_transactions(coordinator::transactions::transaction_host& transactions,
                            const topic& state) {
    for (const auto& log : state.partitions) {
        transactions.partition_elected(log->partition().partition, sole_leader_epoch);
    }
}

void give_up_transactions(coordinator::transactions::transaction_host& transactions,
                          const topic& state) {
    for (const auto& log : state.partitions) {
        transactions.partition_resigned(log->partition().partition);
    }
}

runtime::awaitable<change_result> ensure_transactions_topic(node_services& here) {
    if (here.topics.find(coordinator::transactions_topic) != nullptr) co_return change_result{};
    const auto partitions =
        static_cast<std::int32_t>(here.config.integer("transaction.state.log.num.partitions"));
    config_map configs{{"cleanup.policy", "compact"},
                       {"compression.type", "uncompressed"},
                       {"segment.bytes", here.config.text("transaction.state.log.segment.bytes")}};
    const auto created = co_await here.topics.create(
        std::string(coordinator::transactions_topic), partitions, std::move(configs));
    if (created) take_over_transactions(here.transactions.coordinator(), **created);
    if (!created && created.error() != kafka::error_code::topic_already_exists) {
        co_return std::unexpected(created.error());
    }
    co_return change_result{};
}

}  // namespace verdikt::broker::server
