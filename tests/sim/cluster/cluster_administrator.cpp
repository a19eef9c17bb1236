#include "tests/sim/cluster/cluster_administrator.h"

#include "client/closing.h"
#include "tests/sim/client_programs/impatient_client.h"

#include <numeric>
#include <span>

namespace verdikt::tests {

using namespace std::chrono_literals;
using runtime::awaitable;

namespace {

constexpr std::int32_t partitions_max = 5;

client::config_change set_to(std::string key, std::string value) {
    return {.name = std::move(key), .value = std::move(value)};
}

client::config_resource topic_named(std::string name) {
    return {.type = client::config_resource_type::topic, .name = std::move(name)};
}

}  // namespace

void cluster_administrator::draw_habits(runtime::random_source& random) {
    for (std::uint64_t& each : habits_) each = random.chance(0.5) ? random.below(10) : 0;
    habits_.at(static_cast<std::size_t>(act::look)) += 1;
    // With more brokers than replicas there is always somewhere to move to.
    if (plan_.shape.brokers > 3) habits_.at(static_cast<std::size_t>(act::move)) += 5;
    // A quorum of two stands still whenever one of them is down.
    auto& voters = habits_.at(static_cast<std::size_t>(act::change_voters));
    if (random.chance(0.5)) voters = 0;
}

awaitable<void> cluster_administrator::run(runtime::environment& world) {
    client::client_config config = impatient_client(cluster_addresses(plan_.shape));
    config.client_id = "administrator";
    config.default_api_timeout_ms = 5s;
    client::admin through(world, config);
    co_await client::use_and_close(through, work(world, through));
}

awaitable<void> cluster_administrator::work(runtime::environment& world, client::admin& through) {
    co_await make_compacted_topic(through);
    while (!plan_.calm) {
        runtime::random_source& random = world.random();
        co_await world.sleep_for(std::chrono::milliseconds(random.between(100, 2'500)));
        std::uint64_t drawn =
            random.below(std::accumulate(habits_.begin(), habits_.end(), std::uint64_t{0}));
        std::size_t which = 0;
        while (drawn >= habits_.at(which)) drawn -= habits_.at(which++);
        co_await perform(static_cast<act>(which), world, through);
    }
    co_await leave_in_order(world, through);
}

/// Until it is done: the cluster is healed by now.
awaitable<void> cluster_administrator::leave_in_order(runtime::environment& world,
                                                      client::admin& through) {
    for (;;) {
        const auto missing = missing_voters();
        if (missing && missing->empty()) break;
        if (missing) co_await add_voter(world, missing->front());
        co_await world.sleep_for(200ms);
    }
    for (;;) {
        std::vector<client::config_change> back{set_to("min.insync.replicas", "2")};
        const auto done = co_await through.alter_configs({{topic_named(plan_.main), back}});
        if (done && done->at(topic_named(plan_.main))) break;
        co_await world.sleep_for(200ms);
    }
}

awaitable<void> cluster_administrator::perform(act which,
                                               runtime::environment& world,
                                               client::admin& on) {
    switch (which) {
        case act::delete_records:
            co_return co_await delete_records(world, on);
        case act::move:
            co_return co_await move(world, on, false);
        case act::cancel_moves:
            co_return co_await move(world, on, true);
        case act::add_partitions: {
            const auto count = static_cast<std::int32_t>(world.random().between(4, partitions_max));
            (void)co_await on.create_partitions({{plan_.main, count}});
            co_return;
        }
        case act::make_topic:
            co_return co_await make_topic(world, on);
        case act::delete_topic:
            (void)co_await on.delete_topics({plan_.passing});
            co_return;
        case act::change_setting:
            co_return co_await change_setting(world, on);
        case act::prefer_leaders:
            (void)co_await on.elect_leaders(client::election_type::preferred);
            co_return;
        case act::change_voters:
            co_return co_await change_voters(world);
        case act::look:
            co_return co_await look(on);
    }
}

awaitable<void> cluster_administrator::make_compacted_topic(client::admin& on) {
    std::vector<client::new_topic> wanted{{.name = plan_.compacted,
                                           .partitions = 1,
                                           .configs = {{"cleanup.policy", "compact"},
                                                       {"segment.bytes", "2000"},
                                                       {"min.cleanable.dirty.ratio", "0.1"}}}};
    (void)co_await on.create_topics(std::move(wanted));
}

awaitable<void> cluster_administrator::delete_records(runtime::environment& world,
                                                      client::admin& on) {
    const client::topic_partition where{
        plan_.main, kafka::partition_index(static_cast<std::int32_t>(world.random().below(3)))};
    const auto end = co_await on.list_offsets({{where, client::offset_spec::latest}});
    if (!end || !end->at(where)) co_return;
    const auto start = co_await on.list_offsets({{where, client::offset_spec::earliest}});
    if (!start || !start->at(where)) co_return;
    const std::int64_t from = start->at(where)->offset.value();
    const std::int64_t to = end->at(where)->offset.value();
    if (to <= from) co_return;
    const kafka::offset below(world.random().between(from, to));
    produced_.may_be_gone(where, below);
    consumed_.may_be_gone(where, below);
    const auto* const topic = watch_.newest().find_topic(where.topic);
    const auto index = static_cast<std::size_t>(where.partition.value());
    const auto before =
        topic == nullptr ? kafka::no_leader_epoch : topic->partitions.at(index).leader_epoch;
    const auto done = co_await on.delete_records({{where, below}});
    const auto* const after = watch_.newest().find_topic(where.topic);
    if (after != nullptr && after->partitions.at(index).leader_epoch != before)
        marks_.count(mark::records_deleted_across_a_leader_change);
    if (done && done->at(where)) marks_.count(mark::records_deleted);
}

client::topic_partition cluster_administrator::draw_partition(
    runtime::random_source& random) const {
    std::vector<client::topic_partition> all;
    for (const auto& [id, topic] : watch_.newest().topics()) {
        for (std::size_t at = 0; at < topic.partitions.size(); ++at)
            all.push_back({topic.name, kafka::partition_index(static_cast<std::int32_t>(at))});
    }
    if (all.empty()) return {plan_.main, kafka::partition_index(0)};
    return all.at(random.below(all.size()));
}

std::vector<std::int32_t> cluster_administrator::draw_replicas(runtime::random_source& random,
                                                               bool all) const {
    std::vector<std::int32_t> brokers(static_cast<std::size_t>(plan_.shape.brokers));
    std::iota(brokers.begin(), brokers.end(), 1);
    random.shuffle(std::span(brokers));
    brokers.resize(all || random.chance(0.5) ? 3 : 2);
    return brokers;
}

awaitable<void> cluster_administrator::move(runtime::environment& world,
                                            client::admin& on,
                                            bool cancel) {
    std::map<client::topic_partition, std::optional<std::vector<std::int32_t>>> moves;
    if (cancel) {
        const auto under_way = co_await on.list_partition_reassignments();
        if (!under_way) co_return;
        for (const auto& [where, what] : *under_way) moves.emplace(where, std::nullopt);
        if (moves.empty()) co_return;
    } else {
        const auto where = draw_partition(world.random());
        // Fewer of these would keep the calm from going on without one broker.
        const bool all = where.topic == plan_.main || where.topic.starts_with("__");
        moves.emplace(where, draw_replicas(world.random(), all));
    }
    (void)co_await on.alter_partition_reassignments(std::move(moves));
}

awaitable<void> cluster_administrator::make_topic(runtime::environment& world, client::admin& on) {
    runtime::random_source& random = world.random();
    client::new_topic wanted{.name = plan_.passing,
                             .partitions = static_cast<std::int32_t>(random.between(1, 2)),
                             .replication_factor = static_cast<std::int16_t>(random.between(1, 3))};
    if (random.chance(0.3)) wanted.configs["unclean.leader.election.enable"] = "true";
    if (random.chance(0.3)) wanted.configs["min.insync.replicas"] = "1";
    if (random.chance(0.3)) wanted.configs["segment.bytes"] = "1000";
    std::vector<client::new_topic> all{std::move(wanted)};
    (void)co_await on.create_topics(std::move(all));
}

awaitable<void> cluster_administrator::change_setting(runtime::environment& world,
                                                      client::admin& on) {
    runtime::random_source& random = world.random();
    std::vector<client::config_change> changes;
    std::string topic = plan_.main;
    if (random.chance(0.6)) {
        changes.push_back(set_to("min.insync.replicas", std::to_string(random.between(1, 3))));
    } else if (random.chance(0.5)) {
        changes.push_back(set_to("segment.bytes", std::to_string(random.between(1'000, 50'000))));
    } else {
        topic = plan_.compacted;
        changes.push_back(set_to("segment.bytes", std::to_string(random.between(1'000, 5'000))));
    }
    (void)co_await on.alter_configs({{topic_named(std::move(topic)), std::move(changes)}});
}

awaitable<void> cluster_administrator::look(client::admin& on) {
    (void)co_await on.list_group_offsets(plan_.group);
    (void)co_await on.describe_topics({plan_.main, plan_.passing});
    (void)co_await on.list_partition_reassignments();
    (void)co_await on.list_transactions();
    (void)co_await on.describe_quorum();
}

}  // namespace verdikt::tests
