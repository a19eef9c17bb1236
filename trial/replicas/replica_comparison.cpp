#include "trial/replicas/replica_comparison.h"

#include "broker/storage/file_names.h"
#include "runtime/scope.h"
#include "trial/replicas/compacted_topics.h"
#include "trial/replicas/replica_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace verdikt::trial {

using namespace std::chrono_literals;
using checker::replica_logs::comparison;
using runtime::awaitable;
using outcome = std::expected<void, std::string>;

namespace {

/// No schedule has so many acts.
constexpr nemesis::act_id first_act = nemesis::act_id{1} << 62U;
/// The lab is taken down before.
constexpr std::chrono::milliseconds until_started_again = 1h;

awaitable<void> stop_broker(nemesis::lab& where, std::int32_t node, outcome& all) {
    const auto done = co_await where.apply(first_act + static_cast<nemesis::act_id>(node),
                                           {node, nemesis::stop_process{}},
                                           until_started_again);
    if (!done && all) {
        all = std::unexpected(fmt::format("node {} could not be stopped: {}", node, done.error()));
    }
}

/// All at once, as when a lab is taken down.
awaitable<outcome> stop_brokers(runtime::environment& world, nemesis::lab& where) {
    outcome all;
    runtime::scope stopping(world.get_executor());
    for (const std::int32_t node : where.nodes()) stopping.spawn(stop_broker(where, node, all));
    co_await stopping.join();
    co_return all;
}

/// Where the node's data can be read: in their place, or in a copy.
awaitable<std::expected<std::filesystem::path, std::string>> reachable_data(
    runtime::environment& world,
    nemesis::lab& where,
    std::int32_t node,
    std::filesystem::path scratch) {
    std::filesystem::path place = where.folder_of(node) / "data";
    const auto found = co_await world.files().list(place);
    const bool there = found && std::ranges::any_of(*found, [](const auto& each) {
                           return each.name == broker::storage::meta_properties_name;
                       });
    if (there) co_return place;
    std::filesystem::path copy = scratch / fmt::format("node-{}", node);
    const auto copied = co_await where.collect_data(node, copy);
    if (!copied) {
        co_return std::unexpected(
            fmt::format("the data of node {} could not be copied: {}", node, copied.error()));
    }
    co_return copy;
}

/// Who has replicas of what: one of another topic of the same name is none.
using partition_id = std::pair<kafka::topic_partition, kafka::uuid>;
std::map<partition_id, std::vector<const replica_files*>> replicas_by_partition(
    const std::vector<replica_files>& nodes) {
    std::map<partition_id, std::vector<const replica_files*>> all;
    for (const replica_files& node : nodes) {
        for (const auto& [which, id] : node.partitions()) all[{which, id}].push_back(&node);
    }
    return all;
}

bool is_compacted(const kafka::topic_partition& which,
                  const std::vector<const replica_files*>& on,
                  const std::set<std::string>& compacted) {
    return compacted.contains(which.topic) ||
           std::ranges::any_of(on, [&](const auto* node) { return node->was_compacted(which); });
}

awaitable<outcome> compare_partition(kafka::topic_partition which,
                                     std::vector<const replica_files*> on,
                                     bool compacted,
                                     comparison& into) {
    checker::replica_logs::partition read{
        .name = fmt::format("{}/{}", which.topic, which.partition),
        .compacted = compacted,
        .replicas = {}};
    for (const replica_files* const node : on) {
        auto one = co_await node->read(which, compacted);
        if (!one) co_return std::unexpected(one.error());
        read.replicas.push_back(std::move(*one));
    }
    into.add(read);
    co_return outcome();
}

awaitable<outcome> compare_all(runtime::environment& world,
                               nemesis::lab& where,
                               std::filesystem::path scratch,
                               comparison& into) {
    const auto compacted = co_await compacted_topics(world, where.bootstrap_servers());
    if (!compacted) co_return std::unexpected(compacted.error());
    auto stopped = co_await stop_brokers(world, where);
    if (!stopped) co_return stopped;
    std::vector<replica_files> nodes;
    for (const std::int32_t node : where.nodes()) {
        const auto data = co_await reachable_data(world, where, node, scratch);
        if (!data) co_return std::unexpected(data.error());
        auto opened = co_await replica_files::open(world.files(), node, *data);
        if (!opened) co_return std::unexpected(opened.error());
        nodes.push_back(std::move(*opened));
    }
    for (auto& [which, on] : replicas_by_partition(nodes)) {
        const bool rewritten = is_compacted(which.first, on, *compacted);
        auto compared = co_await compare_partition(which.first, on, rewritten, into);
        if (!compared) co_return compared;
    }
    co_return outcome();
}

}  // namespace

awaitable<comparison> compare_replicas(runtime::environment& world,
                                       nemesis::lab& where,
                                       std::filesystem::path scratch) {
    comparison made;
    std::exception_ptr failure;
    try {
        const auto compared = co_await compare_all(world, where, scratch, made);
        if (!compared) made = {.not_made_because = compared.error()};
    } catch (...) {
        failure = std::current_exception();
    }
    (void)co_await world.files().remove_all(scratch);  // Only space is at stake.
    if (failure) std::rethrow_exception(failure);
    co_return made;
}

}  // namespace verdikt::trial
