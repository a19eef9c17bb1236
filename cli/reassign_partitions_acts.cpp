#include "cli/reassign_partitions.h"
#include "cli/reassignment_plan.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::cli {

namespace {

using kafka::topic_partition;
using topic_descriptions = std::map<std::string, client::topic_description>;

std::set<topic_partition> partitions_of(const partition_assignment& plan) {
    std::set<topic_partition> partitions;
    for (const auto& [which, replicas] : plan) partitions.insert(which);
    return partitions;
}

/// Fails if one of them does not exist.
runtime::awaitable<topic_descriptions> describe(client::admin& admin,
                                                std::set<std::string> topics) {
    const auto outcomes =
        value_or_fail(co_await admin.describe_topics(std::move(topics)), "describe topics");
    topic_descriptions described;
    for (const auto& [name, outcome] : outcomes) {
        described[name] = value_or_fail(outcome, "describe topic " + name);
    }
    co_return described;
}

/// Where the partitions of the plan are now. Fails if one of them does not exist.
runtime::awaitable<partition_assignment> assignment_now(client::admin& admin,
                                                        partition_assignment plan) {
    std::set<std::string> topics;
    for (const auto& [which, replicas] : plan) topics.insert(which.topic);
    const topic_descriptions described = co_await describe(admin, std::move(topics));
    partition_assignment now;
    for (const auto& [which, replicas] : plan) {
        const auto& partitions = described.at(which.topic).partitions;
        const auto found = std::ranges::find(
            partitions, which.partition.value(), &client::partition_description::index);
        if (found == partitions.end()) {
            throw tool_failure(fmt::format("there is no partition {}", kafka::to_text(which)));
        }
        now[which] = found->replicas;
    }
    co_return now;
}

std::string names_of(const std::vector<std::string>& partitions) {
    return fmt::format("{}", fmt::join(partitions, ","));
}

/// Prints what failed and returns the names of what did not.
std::vector<std::string> report_failures(const client::outcomes<topic_partition>& outcomes,
                                         std::string_view act) {
    std::vector<std::string> done;
    for (const auto& [which, outcome] : outcomes) {
        const std::string name = kafka::to_text(which);
        if (outcome) {
            done.push_back(name);
        } else {
            fmt::print(stderr, "Cannot {} {}: {}\n", act, name, outcome.error().message());
        }
    }
    return done;
}

runtime::awaitable<std::vector<broker_place>> chosen_brokers(client::admin& admin,
                                                             const generation_options& options) {
    const auto cluster = value_or_fail(co_await admin.describe_cluster(), "describe the cluster");
    std::vector<broker_place> chosen;
    for (const auto& each : cluster.brokers) {
        if (!options.brokers.contains(each.id)) continue;
        chosen.push_back({.id = each.id, .rack = options.rack_aware ? each.rack : std::nullopt});
    }
    if (chosen.size() != options.brokers.size()) {
        throw tool_failure("some brokers of --broker-list are unknown or not active");
    }
    co_return chosen;
}

}  // namespace

runtime::awaitable<int> generate_plan(client::admin& admin,
                                      runtime::environment& world,
                                      generation_options options) {
    const auto brokers = co_await chosen_brokers(admin, options);
    const topic_descriptions described = co_await describe(admin, options.topics);
    partition_assignment now;
    std::map<std::string, topic_shape> shapes;
    for (const auto& [name, topic] : described) {
        for (const auto& each : topic.partitions) {
            now[{.topic = name, .partition = kafka::partition_index(each.index)}] = each.replicas;
        }
        if (topic.partitions.empty()) continue;
        shapes[name] = {
            .partitions = static_cast<std::int32_t>(topic.partitions.size()),
            .replicas = static_cast<std::int32_t>(topic.partitions.front().replicas.size())};
    }
    const round_start start{
        .leader = static_cast<std::uint32_t>(world.random().below(1U << 16U)),
        .distance = static_cast<std::uint32_t>(world.random().below(1U << 16U))};
    const auto proposed = propose_assignment(shapes, brokers, start);
    if (!proposed) throw tool_failure(proposed.error());
    fmt::print("Current partition replica assignment\n{}\n\n", print_assignment(now));
    fmt::print("Proposed partition reassignment configuration\n{}\n", print_assignment(*proposed));
    co_return 0;
}

runtime::awaitable<int> execute_plan(client::admin& admin,
                                     partition_assignment plan,
                                     bool additional) {
    const auto moving = value_or_fail(co_await admin.list_partition_reassignments(), "list moves");
    if (!moving.empty() && !additional) {
        throw tool_failure(
            "partitions are being moved already; use --additional to move these as well");
    }
    const partition_assignment now = co_await assignment_now(admin, plan);
    fmt::print("Current partition replica assignment\n\n{}\n\n", print_assignment(now));
    fmt::print("Save this to use as the --reassignment-json-file option during rollback\n");
    std::map<topic_partition, std::optional<std::vector<std::int32_t>>> moves(plan.begin(),
                                                                              plan.end());
    const auto outcomes = value_or_fail(
        co_await admin.alter_partition_reassignments(std::move(moves)), "begin the moves");
    const auto begun = report_failures(outcomes, "move");
    if (!begun.empty()) {
        fmt::print("Successfully started partition reassignment{} for {}\n",
                   begun.size() == 1 ? "" : "s",
                   names_of(begun));
    }
    co_return begun.size() == outcomes.size() ? 0 : exit_failed;
}

runtime::awaitable<int> verify_plan(client::admin& admin, partition_assignment plan) {
    const partition_assignment now = co_await assignment_now(admin, plan);
    const auto moving = value_or_fail(
        co_await admin.list_partition_reassignments(partitions_of(plan)), "list moves");
    fmt::print("Status of partition reassignment:\n");
    for (const auto& [which, wanted] : plan) {
        const std::string name = kafka::to_text(which);
        if (moving.contains(which)) {
            fmt::print("Reassignment of partition {} is still in progress.\n", name);
        } else if (now.at(which) == wanted) {
            fmt::print("Reassignment of partition {} is completed.\n", name);
        } else {
            fmt::print(
                "There is no active reassignment of partition {}, but replica set is {} rather "
                "than {}.\n",
                name,
                fmt::join(now.at(which), ","),
                fmt::join(wanted, ","));
        }
    }
    co_return 0;
}

runtime::awaitable<int> cancel_plan(client::admin& admin, partition_assignment plan) {
    const auto moving = value_or_fail(
        co_await admin.list_partition_reassignments(partitions_of(plan)), "list moves");
    if (moving.empty()) {
        fmt::print("None of the specified partition reassignments are active.\n");
        co_return 0;
    }
    std::map<topic_partition, std::optional<std::vector<std::int32_t>>> ends;
    for (const auto& [which, move] : moving) ends.emplace(which, std::nullopt);
    const auto outcomes =
        value_or_fail(co_await admin.alter_partition_reassignments(std::move(ends)), "cancel");
    const auto cancelled = report_failures(outcomes, "cancel the move of");
    if (!cancelled.empty()) {
        fmt::print("Successfully cancelled partition reassignment{} for: {}\n",
                   cancelled.size() == 1 ? "" : "s",
                   names_of(cancelled));
    }
    co_return cancelled.size() == outcomes.size() ? 0 : exit_failed;
}

runtime::awaitable<int> list_moves(client::admin& admin, runtime::environment& /*world*/) {
    const auto moving = value_or_fail(co_await admin.list_partition_reassignments(), "list moves");
    if (moving.empty()) {
        fmt::print("No partition reassignments found.\n");
        co_return 0;
    }
    fmt::print("Current partition reassignments:\n");
    for (const auto& [which, move] : moving) {
        std::string line =
            fmt::format("{}: replicas: {}.", kafka::to_text(which), fmt::join(move.replicas, ","));
        if (!move.adding.empty()) line += fmt::format(" adding: {}.", fmt::join(move.adding, ","));
        if (!move.removing.empty()) {
            line += fmt::format(" removing: {}.", fmt::join(move.removing, ","));
        }
        fmt::print("{}\n", line);
    }
    co_return 0;
}

}  // namespace verdikt::cli
