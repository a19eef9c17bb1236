#include "nemesis/selector.h"

#include "runtime/check.h"
#include "runtime/nearest_name.h"
#include "runtime/parse_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace verdikt::nemesis {

namespace {

enum class operand { none, partition, id, node };

struct role_row {
    role who;
    std::string_view name;
    operand takes;
};

constexpr std::array<role_row, 13> rows{{
    {role::leader, "leader", operand::partition},
    {role::followers, "followers", operand::partition},
    {role::in_sync, "in-sync", operand::partition},
    {role::lagging, "lagging", operand::partition},
    {role::controller, "controller", operand::none},
    {role::group_coordinator, "group-coordinator", operand::id},
    {role::transaction_coordinator, "transaction-coordinator", operand::id},
    {role::one, "one", operand::none},
    {role::minority, "minority", operand::none},
    {role::majority, "majority", operand::none},
    {role::all, "all", operand::none},
    {role::node, "node", operand::node},
    {role::clients, "clients", operand::none},
}};

const role_row& row_of(role who) {
    const auto& row = rows.at(static_cast<std::size_t>(who));
    CHECK(row.who == who);
    return row;
}

using nodes_or_reason = std::expected<std::vector<std::int32_t>, std::string>;

nodes_or_reason some(std::size_t count, const cluster_view& view, runtime::random_source& random) {
    std::vector<std::int32_t> nodes(view.nodes.begin(), view.nodes.end());
    random.shuffle(std::span(nodes));
    nodes.resize(count);
    std::ranges::sort(nodes);
    return nodes;
}

nodes_or_reason only(std::int32_t node, const cluster_view& view, std::string_view what) {
    if (node < 0) return std::unexpected(fmt::format("there is no {} just now", what));
    if (!view.nodes.contains(node)) {
        return std::unexpected(fmt::format("node {} is none of the lab's", node));
    }
    return std::vector{node};
}

nodes_or_reason one_of(std::vector<std::int32_t> nodes,
                       runtime::random_source& random,
                       const std::string& reason) {
    if (nodes.empty()) return std::unexpected(reason);
    return std::vector{nodes[random.below(nodes.size())]};
}

nodes_or_reason of_partition(const selector& which,
                             const cluster_view& view,
                             runtime::random_source& random) {
    const auto found = view.partitions.find(which.partition);
    if (found == view.partitions.end()) {
        return std::unexpected(fmt::format("the cluster does not tell of {}", which.partition));
    }
    const partition_roles& roles = found->second;
    if (which.who == role::leader) {
        return only(roles.leader, view, fmt::format("leader of {}", which.partition));
    }
    const bool wants_isr = which.who == role::in_sync;
    std::vector<std::int32_t> chosen;
    for (const std::int32_t node : roles.replicas) {
        if (node == roles.leader || !view.nodes.contains(node)) continue;
        const bool in_sync = std::ranges::find(roles.isr, node) != roles.isr.end();
        if (which.who == role::followers || in_sync == wants_isr) chosen.push_back(node);
    }
    std::ranges::sort(chosen);
    if (which.who != role::followers) {
        return one_of(
            chosen,
            random,
            fmt::format(
                "no follower of {} is {}", which.partition, wants_isr ? "in sync" : "lagging"));
    }
    if (chosen.empty()) return std::unexpected(fmt::format("{} has no follower", which.partition));
    return chosen;
}

nodes_or_reason coordinator(const std::map<std::string, std::int32_t>& known,
                            const std::string& id,
                            const cluster_view& view) {
    const auto found = known.find(id);
    return only(found == known.end() ? -1 : found->second, view, "coordinator of " + id);
}

std::expected<selector, std::string> with_operand(const role_row& row, std::string_view text) {
    selector parsed{.who = row.who};
    if (row.takes == operand::id) {
        parsed.id = text;
        if (text.empty()) return std::unexpected("whose coordinator is missing");
    }
    if (row.takes == operand::node) {
        const auto number = runtime::parse_number<std::int32_t>(text);
        if (!number || *number < 1) return std::unexpected(fmt::format("'{}' is no node", text));
        parsed.node = *number;
    }
    if (row.takes == operand::partition) {
        const std::size_t slash = text.rfind('/');
        const auto number = slash == std::string_view::npos
                                ? std::nullopt
                                : runtime::parse_number<std::int32_t>(text.substr(slash + 1));
        if (!number || *number < 0 || slash == 0) {
            return std::unexpected(fmt::format("'{}' is no partition (topic/number)", text));
        }
        parsed.partition = {.topic = std::string(text.substr(0, slash)),
                            .partition = kafka::partition_index(*number)};
    }
    return parsed;
}

}  // namespace

std::string to_text(const selector& which) {
    const role_row& row = row_of(which.who);
    switch (row.takes) {
        case operand::none:
            return std::string(row.name);
        case operand::partition:
            return fmt::format(
                "{}:{}/{}", row.name, which.partition.topic, which.partition.partition);
        case operand::id:
            return fmt::format("{}:{}", row.name, which.id);
        case operand::node:
            return fmt::format("{}:{}", row.name, which.node);
    }
    CHECK(false, "operand {}", static_cast<int>(row.takes));
    return {};
}

std::vector<std::string_view> role_names() {
    std::vector<std::string_view> names;
    names.reserve(rows.size());
    for (const role_row& row : rows) names.push_back(row.name);
    return names;
}

std::expected<selector, std::string> parse_selector(std::string_view text) {
    const std::size_t colon = text.find(':');
    const std::string_view name = text.substr(0, colon);
    const auto row = std::ranges::find(rows, name, &role_row::name);
    if (row == rows.end()) {
        return std::unexpected(fmt::format("unknown role '{}'; did you mean {}?",
                                           name,
                                           runtime::nearest_name(name, role_names())));
    }
    if (row->takes == operand::none && colon != std::string_view::npos) {
        return std::unexpected(fmt::format("nothing may follow '{}'", name));
    }
    return with_operand(*row, colon == std::string_view::npos ? "" : text.substr(colon + 1));
}

nodes_or_reason resolve(const selector& which,
                        const cluster_view& view,
                        runtime::random_source& random) {
    CHECK(!view.nodes.empty());
    const std::size_t count = view.nodes.size();
    switch (which.who) {
        case role::leader:
        case role::followers:
        case role::in_sync:
        case role::lagging:
            return of_partition(which, view, random);
        case role::controller:
            return only(view.controller.value_or(-1), view, "active controller");
        case role::group_coordinator:
            return coordinator(view.group_coordinators, which.id, view);
        case role::transaction_coordinator:
            return coordinator(view.transaction_coordinators, which.id, view);
        case role::one:
            return some(1, view, random);
        case role::minority:
            if (count < 3) return std::unexpected("fewer than three nodes have no minority");
            return some((count - 1) / 2, view, random);
        case role::majority:
            return some((count / 2) + 1, view, random);
        case role::all:
            return some(count, view, random);
        case role::node:
            return only(which.node, view, "such node");
        case role::clients:
            return std::vector{clients_host};
    }
    CHECK(false, "role {}", static_cast<int>(which.who));
    return {};
}

}  // namespace verdikt::nemesis
