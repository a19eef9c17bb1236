/// `verdikt metadata-quorum`: shows the controllers and how far each is, as kafka-metadata-quorum
/// does.
#include "cli/subcommands.h"
#include "cli/text_table.h"
#include "cli/tool.h"
#include "client/admin.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace verdikt::cli {

namespace {

struct quorum_options {
    cluster_flags cluster;
    bool describe = false;
    bool status = false;
    bool replication = false;
    bool human_readable = false;
};

/// `{"id": 1, "directoryId": "…", "endpoints": ["CONTROLLER://host:port"]}`
std::string replica_text(const client::quorum_replica& replica) {
    std::string text = fmt::format("{{\"id\": {}", replica.node);
    if (!replica.directory.is_zero()) {
        text += fmt::format(", \"directoryId\": \"{}\"", replica.directory);
    }
    if (!replica.endpoints.empty()) {
        text += fmt::format(", \"endpoints\": [\"{}\"]", fmt::join(replica.endpoints, "\", \""));
    }
    return text + "}";
}

std::string replicas_text(const std::vector<client::quorum_replica>& replicas) {
    std::vector<std::string> texts;
    for (const auto& each : replicas) texts.push_back(replica_text(each));
    return fmt::format("[{}]", fmt::join(texts, ", "));
}

struct follower_lag {
    std::int64_t records = 0;
    std::int64_t milliseconds = 0;  ///< -1: unknown.
};

/// Of the voter that is furthest behind.
follower_lag lag_of(const client::quorum_description& quorum) {
    const auto leader =
        std::ranges::find(quorum.voters, quorum.leader, &client::quorum_replica::node);
    const auto last = std::ranges::min_element(quorum.voters, {}, &client::quorum_replica::log_end);
    if (leader == quorum.voters.end() || leader == last) return {};
    const bool told = leader->last_caught_up != kafka::no_timestamp &&
                      last->last_caught_up != kafka::no_timestamp;
    return {
        .records = leader->log_end.value() - last->log_end.value(),
        .milliseconds = told ? leader->last_caught_up.value() - last->last_caught_up.value() : -1};
}

void print_status(const std::string& cluster_id, const client::quorum_description& quorum) {
    const follower_lag lag = lag_of(quorum);
    fmt::print("ClusterId:              {}\n", cluster_id);
    fmt::print("LeaderId:               {}\n", quorum.leader);
    fmt::print("LeaderEpoch:            {}\n", quorum.leader_epoch);
    fmt::print("HighWatermark:          {}\n", quorum.high_watermark);
    fmt::print("MaxFollowerLag:         {}\n", lag.records);
    fmt::print("MaxFollowerLagTimeMs:   {}\n", lag.milliseconds);
    fmt::print("CurrentVoters:          {}\n", replicas_text(quorum.voters));
    fmt::print("CurrentObservers:       {}\n", replicas_text(quorum.observers));
}

std::string time_text(kafka::timestamp time, const std::optional<runtime::wall_instant>& now) {
    if (!now || time == kafka::no_timestamp) return fmt::format("{}", time);
    return fmt::format("{} ms ago", now->time_since_epoch().count() - time.value());
}

/// Requires: `now` is set if ages are wanted in place of times.
void print_replication(const client::quorum_description& quorum,
                       std::optional<runtime::wall_instant> now) {
    const auto leader =
        std::ranges::find(quorum.voters, quorum.leader, &client::quorum_replica::node);
    const auto end = leader == quorum.voters.end() ? quorum.high_watermark : leader->log_end;
    std::vector<std::vector<std::string>> rows{{"NodeId",
                                                "DirectoryId",
                                                "LogEndOffset",
                                                "Lag",
                                                "LastFetchTimestamp",
                                                "LastCaughtUpTimestamp",
                                                "Status"}};
    const auto add = [&](const client::quorum_replica& each, std::string status) {
        rows.push_back({std::to_string(each.node),
                        kafka::to_text(each.directory),
                        fmt::format("{}", each.log_end),
                        std::to_string(end.value() - each.log_end.value()),
                        time_text(each.last_fetch, now),
                        time_text(each.last_caught_up, now),
                        std::move(status)});
    };
    if (leader != quorum.voters.end()) add(*leader, "Leader");
    for (const auto& each : quorum.voters) {
        if (each.node != quorum.leader) add(each, "Follower");
    }
    for (const auto& each : quorum.observers) add(each, "Observer");
    fmt::print("{}", format_table(rows));
}

runtime::awaitable<int> describe(client::admin& admin,
                                 runtime::environment& world,
                                 const quorum_options& options) {
    const auto quorum = value_or_fail(co_await admin.describe_quorum(), "describe the quorum");
    if (options.status) {
        const auto cluster =
            value_or_fail(co_await admin.describe_cluster(), "describe the cluster");
        print_status(cluster.cluster_id, quorum);
    } else {
        print_replication(quorum,
                          options.human_readable ? std::optional(world.wall_time()) : std::nullopt);
    }
    co_return 0;
}

int run(const quorum_options& options) {
    auto settings = options.cluster.settings(client::role::admin);
    return run_tool([&](runtime::real::world& world) {
        return with_client<client::admin>(
            world, settings, [&](client::admin& admin) { return describe(admin, world, options); });
    });
}

}  // namespace

action declare_metadata_quorum(flags& app) {
    const auto options = std::make_shared<quorum_options>();
    options->cluster.declare(app, "--command-config");
    flags act = app.act("describe", options->describe, "show the controllers");
    flags views = act.group("what to show");
    views.add_flag("--status", options->status, "leader, epoch, voters and the greatest lag");
    views.add_flag("--replication", options->replication, "how far each replica is");
    views.require_one();
    act.add_flag("--human-readable", options->human_readable, "ages in place of times");
    app.require_act();
    return [options] { return run(*options); };
}

}  // namespace verdikt::cli
