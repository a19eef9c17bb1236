#include "broker/server/cluster_setup.h"

#include "runtime/check.h"
#include "runtime/parse_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

namespace verdikt::broker::server {

namespace {

using std::chrono::milliseconds;

struct quorum_member {
    kafka::node_id node;
    runtime::endpoint at;
};

/// ID@HOST:PORT, the host perhaps an IPv6 address in brackets.
std::optional<quorum_member> parse_member(std::string_view text) {
    const auto at = text.find('@');
    if (at == std::string_view::npos) return std::nullopt;
    const auto id = runtime::parse_number<std::int32_t>(text.substr(0, at));
    const auto listening = parse_listener(fmt::format("CONTROLLER://{}", text.substr(at + 1)));
    if (!id || *id < 0 || !listening || listening->at.host.empty()) return std::nullopt;
    return quorum_member{kafka::node_id(*id), listening->at};
}

std::expected<void, std::string> take_voters(const broker_config& config, cluster_place& place) {
    std::map<kafka::node_id, raft::voter> voters;
    for (const std::string& text : config.list("controller.quorum.voters")) {
        const auto member = parse_member(text);
        if (!member) {
            return std::unexpected(
                fmt::format("controller.quorum.voters: '{}' is not ID@HOST:PORT", text));
        }
        const raft::endpoint at{.name = config.list("controller.listener.names").front(),
                                .host = member->at.host,
                                .port = member->at.port};
        if (!voters.emplace(member->node, raft::voter{.directory = {}, .endpoints = {at}}).second) {
            return std::unexpected(
                fmt::format("controller.quorum.voters: {} is named twice", member->node));
        }
        place.controllers.emplace(member->node, member->at);
    }
    place.stands_alone = voters.empty();
    if (place.stands_alone) voters.emplace(place.self, raft::voter{});
    place.voters = raft::voter_set(std::move(voters));
    return {};
}

std::expected<void, std::string> check_roles(const broker_config& config,
                                             const cluster_place& place) {
    if (!place.is_broker && !place.is_controller) {
        return std::unexpected(std::string("process.roles: there is none"));
    }
    if (place.voters.contains(place.self) != place.is_controller) {
        return std::unexpected(fmt::format(
            "process.roles {} 'controller', and controller.quorum.voters {} node.id {}: change one",
            place.is_controller ? "has" : "lacks",
            place.is_controller ? "lacks" : "has",
            place.self));
    }
    const auto listens_for = [&config](bool controllers) {
        return std::ranges::any_of(config.list("listeners"), [&](const std::string& text) {
            const auto parsed = parse_listener(text);
            return parsed && is_controller_listener(config, parsed->name) == controllers;
        });
    };
    if (place.is_controller && !place.stands_alone && !listens_for(true)) {
        return std::unexpected(std::string(
            "listeners: a controller needs a listener that controller.listener.names names"));
    }
    if (place.is_broker && !listens_for(false)) {
        return std::unexpected(std::string(
            "listeners: a broker needs one that controller.listener.names does not name"));
    }
    return {};
}

}  // namespace

std::expected<cluster_place, std::string> cluster_place_of(const broker_config& config) {
    const std::vector<std::string> roles = config.list("process.roles");
    const auto has_role = [&roles](std::string_view role) {
        return std::ranges::find(roles, role) != roles.end();
    };
    if (config.list("controller.listener.names").empty()) {
        return std::unexpected(std::string("controller.listener.names: there is none"));
    }
    cluster_place place{
        .self = kafka::node_id(static_cast<std::int32_t>(config.integer("node.id"))),
        .is_broker = has_role("broker"),
        .is_controller = has_role("controller")};
    if (auto taken = take_voters(config, place); !taken) {
        return std::unexpected(std::move(taken.error()));
    }
    if (auto fine = check_roles(config, place); !fine) {
        return std::unexpected(std::move(fine.error()));
    }
    return place;
}

bool is_controller_listener(const broker_config& config, std::string_view name) {
    const std::vector<std::string> names = config.list("controller.listener.names");
    return std::ranges::find(names, name) != names.end();
}

std::string inter_broker_listener(const broker_config& config) {
    if (const std::string& name = config.text("inter.broker.listener.name"); !name.empty()) {
        return name;
    }
    for (const std::string& text : config.list("listeners")) {
        const auto listening = parse_listener(text);
        CHECK(listening.has_value(), "listeners passed its check");
        if (!is_controller_listener(config, listening->name)) return listening->name;
    }
    return {};
}

std::int16_t internal_replication_factor(const broker_config& config, std::string_view key) {
    constexpr std::int16_t usual = 3;
    if (!config.text(key).empty()) return static_cast<std::int16_t>(config.integer(key));
    return config.list("controller.quorum.voters").size() > 1 ? usual : std::int16_t{1};
}

raft::settings raft_settings_of(const broker_config& config, const cluster_place& place) {
    const auto span = [&config](std::string_view key) { return milliseconds(config.integer(key)); };
    const milliseconds fetch_timeout = span("controller.quorum.fetch.timeout.ms");
    return {.self = {.id = place.self, .directory = {}},
            .may_vote = place.is_controller,
            .election_timeout = span("controller.quorum.election.timeout.ms"),
            .fetch_timeout = fetch_timeout,
            .election_backoff_max = span("controller.quorum.election.backoff.max.ms"),
            .request_timeout = span("controller.quorum.request.timeout.ms"),
            .fetch_wait_max = std::min(fetch_timeout / 4, milliseconds(500))};
}

controller::controller_settings controller_settings_of(const broker_config& config,
                                                       std::string cluster_id) {
    const auto number = [&config](std::string_view key) {
        return static_cast<std::int32_t>(config.integer(key));
    };
    return {
        .cluster_id = std::move(cluster_id),
        .session_timeout = milliseconds(config.integer("broker.session.timeout.ms")),
        .num_partitions = number("num.partitions"),
        .default_replication_factor = number("default.replication.factor"),
        .min_insync_replicas = config.integer("min.insync.replicas"),
        .unclean_leader_election_enable = config.boolean("unclean.leader.election.enable"),
        .delete_topic_enable = config.boolean("delete.topic.enable"),
        .auto_leader_rebalance_enable = config.boolean("auto.leader.rebalance.enable"),
        .leader_imbalance_check_interval =
            std::chrono::seconds(config.integer("leader.imbalance.check.interval.seconds")),
        .leader_imbalance_per_broker_percentage = number("leader.imbalance.per.broker.percentage"),
        .features = {{"transaction.version", {.levels = {.min = 0, .max = 2}, .initial = 2}}}};
}

replication::host::replicas_settings replicas_settings_of(const broker_config& config) {
    const auto number = [&config](std::string_view key) {
        return static_cast<std::int32_t>(config.integer(key));
    };
    return {.self = kafka::node_id(number("node.id")),
            .fetcher = {.max_wait = milliseconds(number("replica.fetch.wait.max.ms")),
                        .bytes_max = number("replica.fetch.response.max.bytes"),
                        .partition_bytes_max = number("replica.fetch.max.bytes")},
            .checkpoint_interval =
                milliseconds(number("replica.high.watermark.checkpoint.interval.ms"))};
}

}  // namespace verdikt::broker::server
