/// `verdikt transactions`: shows transactions, finds those that hang and ends them, as
/// kafka-transactions does.
#include "cli/transactions.h"

#include "cli/subcommands.h"
#include "cli/text_table.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace verdikt::cli {

namespace {

using client::topic_partition;
using rows = std::vector<std::vector<std::string>>;

std::string text_of(std::optional<kafka::offset> offset) {
    return offset ? fmt::format("{}", *offset) : "None";
}

bool names_partition(const transactions_options& options) {
    return !options.topic.empty() && options.partition.has_value();
}

void check_flags(const transactions_options& options) {
    if ((options.describe_producers || options.abort) && !names_partition(options)) {
        throw bad_arguments("give --topic and --partition");
    }
    const bool names_producer = options.producer && options.epoch && options.coordinator_epoch;
    if (options.abort && !options.start_offset && !names_producer) {
        throw bad_arguments(
            "give --start-offset, or --producer-id, --producer-epoch and --coordinator-epoch");
    }
}

/// Requires: names_partition.
topic_partition chosen_partition(const transactions_options& options) {
    return {options.topic, kafka::partition_index(options.partition.value_or(0))};
}

runtime::awaitable<int> list(client::admin& admin, const transactions_options& options) {
    client::transaction_filter filter;
    filter.states.insert(options.states.begin(), options.states.end());
    filter.duration_min = std::chrono::milliseconds(options.duration_min_ms.value_or(-1));
    auto listing = admin.list_transactions(std::move(filter));
    const auto listed = value_or_fail(co_await std::move(listing), "list transactions");
    rows table{{"TransactionalId", "Coordinator", "ProducerId", "TransactionState"}};
    for (const auto& each : listed) {
        table.push_back({each.transactional_id,
                         std::to_string(each.coordinator),
                         fmt::format("{}", each.producer),
                         each.state});
    }
    fmt::print("{}", format_table(table));
    co_return 0;
}

runtime::awaitable<int> describe(client::admin& admin, const transactions_options& options) {
    auto describing = admin.describe_transactions({options.transactional_id});
    const auto described = value_or_fail(co_await std::move(describing), "describe transactions");
    const auto& found = value_or_fail(described.at(options.transactional_id),
                                      "describe " + options.transactional_id);
    std::vector<std::string> partitions;
    partitions.reserve(found.partitions.size());
    for (const topic_partition& each : found.partitions) {
        partitions.push_back(kafka::to_text(each));
    }
    const bool is_open = found.started != kafka::no_timestamp;
    fmt::print("{}",
               format_table({{"TransactionalId",
                              "ProducerId",
                              "ProducerEpoch",
                              "TransactionState",
                              "TransactionTimeoutMs",
                              "CurrentTransactionStartTimeMs",
                              "TopicPartitions"},
                             {found.transactional_id,
                              fmt::format("{}", found.producer),
                              fmt::format("{}", found.epoch),
                              found.state,
                              std::to_string(found.timeout.count()),
                              is_open ? fmt::format("{}", found.started) : "None",
                              fmt::format("{}", fmt::join(partitions, ","))}}));
    co_return 0;
}

runtime::awaitable<std::vector<client::producer_description>> producers_of(client::admin& admin,
                                                                           topic_partition where) {
    auto describing = admin.describe_producers({where});
    auto described = value_or_fail(co_await std::move(describing), "describe producers");
    co_return value_or_fail(std::move(described.at(where)), kafka::to_text(where));
}

runtime::awaitable<int> describe_producers(client::admin& admin,
                                           const transactions_options& options) {
    auto asking = producers_of(admin, chosen_partition(options));
    rows table{{"ProducerId",
                "ProducerEpoch",
                "LatestCoordinatorEpoch",
                "LastSequence",
                "LastTimestamp",
                "CurrentTransactionStartOffset"}};
    for (const auto& each : co_await std::move(asking)) {
        table.push_back({fmt::format("{}", each.id),
                         fmt::format("{}", each.epoch),
                         std::to_string(each.coordinator_epoch),
                         std::to_string(each.last_sequence),
                         fmt::format("{}", each.last_time),
                         text_of(each.transaction_start)});
    }
    fmt::print("{}", format_table(table));
    co_return 0;
}

/// The transaction that begins at that offset, or the one that the flags spell out.
runtime::awaitable<client::transaction_to_abort> transaction_to_abort_of(
    client::admin& admin, const transactions_options& options) {
    const topic_partition where = chosen_partition(options);
    if (!options.start_offset) {
        co_return client::transaction_to_abort{
            .where = where,
            .producer = kafka::producer_id(options.producer.value_or(-1)),
            .epoch = kafka::producer_epoch(static_cast<std::int16_t>(options.epoch.value_or(-1))),
            .coordinator_epoch = options.coordinator_epoch.value_or(-1)};
    }
    const kafka::offset start(*options.start_offset);
    auto asking = producers_of(admin, where);
    for (const auto& each : co_await std::move(asking)) {
        if (each.transaction_start != start) continue;
        co_return client::transaction_to_abort{
            .where = where,
            .producer = each.id,
            .epoch = each.epoch,
            // None has written a marker for it yet, or it would not be open.
            .coordinator_epoch = std::max(each.coordinator_epoch, 0)};
    }
    throw tool_failure(fmt::format("no open transaction of {} begins at {}", where, start));
}

runtime::awaitable<int> abort(client::admin& admin, const transactions_options& options) {
    auto finding = transaction_to_abort_of(admin, options);
    auto aborting = admin.abort_transaction(co_await std::move(finding));
    value_or_fail(co_await std::move(aborting), "abort the transaction");
    co_return 0;
}

runtime::awaitable<std::set<topic_partition>> partitions_to_search(
    client::admin& admin, const transactions_options& options) {
    if (names_partition(options)) {
        co_return std::set<topic_partition>{chosen_partition(options)};
    }
    auto naming = admin.list_topics();
    std::set<std::string> topics;
    for (const std::string& name : value_or_fail(co_await std::move(naming), "list topics")) {
        if (options.topic.empty() || name == options.topic) topics.insert(name);
    }
    auto describing = admin.describe_topics(std::move(topics));
    const auto described = value_or_fail(co_await std::move(describing), "describe topics");
    std::set<topic_partition> all;
    for (const auto& [name, topic] : described) {
        for (const auto& each : value_or_fail(topic, name).partitions) {
            all.insert({name, kafka::partition_index(each.index)});
        }
    }
    co_return all;
}

runtime::awaitable<int> find_hanging(client::admin& admin,
                                     runtime::environment& world,
                                     const transactions_options& options) {
    auto searching = partitions_to_search(admin, options);
    auto partitions = co_await std::move(searching);
    const kafka::timestamp now(world.wall_time().time_since_epoch().count());
    auto finding = hanging_transactions(
        admin, std::move(partitions), now, std::chrono::minutes(options.timeout_minutes_max));
    rows table{{"Topic",
                "Partition",
                "ProducerId",
                "ProducerEpoch",
                "CoordinatorEpoch",
                "StartOffset",
                "LastTimestamp"}};
    for (const auto& [where, producer] : co_await std::move(finding)) {
        table.push_back({where.topic,
                         fmt::format("{}", where.partition),
                         fmt::format("{}", producer.id),
                         fmt::format("{}", producer.epoch),
                         std::to_string(producer.coordinator_epoch),
                         text_of(producer.transaction_start),
                         fmt::format("{}", producer.last_time)});
    }
    fmt::print("{}", format_table(table));
    co_return 0;
}

runtime::awaitable<int> act(client::admin& admin,
                            runtime::environment& world,
                            const transactions_options& options) {
    if (options.list) return list(admin, options);
    if (options.describe) return describe(admin, options);
    if (options.describe_producers) return describe_producers(admin, options);
    if (options.abort) return abort(admin, options);
    return find_hanging(admin, world, options);
}

int run(const transactions_options& options) {
    check_flags(options);
    auto settings = options.cluster.settings(client::role::admin);
    return run_tool([&](runtime::real::world& world) {
        return with_client<client::admin>(
            world, settings, [&](client::admin& admin) { return act(admin, world, options); });
    });
}

void declare_partition(flags& act, transactions_options& options) {
    act.add_option("--topic", options.topic, "the partition's topic");
    act.add_option("--partition", options.partition, "its number").non_negative();
}

}  // namespace

action declare_transactions(flags& app) {
    const auto options = std::make_shared<transactions_options>();
    options->cluster.declare(app, "--command-config");
    flags listing = app.act("list", options->list, "the transactions that coordinators know");
    listing.add_option("--duration-filter",
                       options->duration_min_ms,
                       "only those that are open for longer than so many ms");
    listing.add_option("--state-filter", options->states, "only those in one of these states");
    flags description = app.act("describe", options->describe, "one transactional id");
    description.add_option("--transactional-id", options->transactional_id, "its name").required();
    flags producers = app.act(
        "describe-producers", options->describe_producers, "the producers a partition remembers");
    declare_partition(producers, *options);
    flags hanging = app.act("find-hanging",
                            options->find_hanging,
                            "transactions that are open in a partition and that nobody will end");
    declare_partition(hanging, *options);
    hanging
        .add_option("--max-transaction-timeout",
                    options->timeout_minutes_max,
                    "what is open for fewer minutes is not looked at")
        .non_negative();
    flags aborting =
        app.act("abort", options->abort, "ends a hanging transaction in one partition");
    declare_partition(aborting, *options);
    aborting.add_option("--start-offset", options->start_offset, "where the transaction begins");
    aborting.add_option("--producer-id", options->producer, "for brokers that cannot describe");
    aborting.add_option("--producer-epoch", options->epoch, "of --producer-id");
    aborting.add_option("--coordinator-epoch", options->coordinator_epoch, "of --producer-id");
    app.require_act();
    return [options] { return run(*options); };
}

}  // namespace verdikt::cli
