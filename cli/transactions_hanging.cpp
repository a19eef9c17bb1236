// A transaction hangs if a partition holds it open and its coordinator knows nothing of that. Its
// records, and everything behind them, are then hidden from read_committed readers for ever.
#include "cli/transactions.h"

#include <utility>

namespace verdikt::cli {

namespace {

using client::topic_partition;

/// Open for longer than any producer may ask for.
std::vector<hanging_transaction> long_open(
    const client::outcomes<topic_partition, std::vector<client::producer_description>>& described,
    kafka::timestamp before) {
    std::vector<hanging_transaction> found;
    for (const auto& [where, producers] : described) {
        const auto& all = value_or_fail(producers, kafka::to_text(where));
        for (const auto& each : all) {
            if (each.transaction_start && each.last_time < before) found.push_back({where, each});
        }
    }
    return found;
}

runtime::awaitable<bool> is_known(client::admin& admin, hanging_transaction which) {
    auto listing = admin.list_transactions({.producers = {which.producer.id}});
    const auto listed = value_or_fail(co_await std::move(listing), "list transactions");
    std::set<std::string> ids;
    for (const auto& each : listed) ids.insert(each.transactional_id);
    auto describing = admin.describe_transactions(std::move(ids));
    const auto described = value_or_fail(co_await std::move(describing), "describe transactions");
    for (const auto& [id, transaction] : described) {
        // One that could not be described may still be known.
        if (!transaction || transaction->partitions.contains(which.where)) co_return true;
    }
    co_return false;
}

}  // namespace

runtime::awaitable<std::vector<hanging_transaction>> hanging_transactions(
    client::admin& admin,
    std::set<topic_partition> partitions,
    kafka::timestamp now,
    std::chrono::milliseconds patience) {
    auto describing = admin.describe_producers(std::move(partitions));
    const auto described = value_or_fail(co_await std::move(describing), "describe producers");
    std::vector<hanging_transaction> hanging;
    for (hanging_transaction& each : long_open(described, now - patience.count())) {
        auto asking = is_known(admin, each);
        if (!co_await std::move(asking)) hanging.push_back(std::move(each));
    }
    co_return hanging;
}

}  // namespace verdikt::cli
