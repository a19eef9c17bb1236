/// `verdikt topics`: creates, lists, describes, alters and deletes topics, as kafka-topics does.
#include "cli/topics.h"

#include "cli/subcommands.h"

#include <fmt/format.h>

#include <charconv>
#include <memory>

namespace verdikt::cli {

namespace {

/// `1:2,2:3` — replicas of one partition joined by ':', partitions by ','.
std::map<std::int32_t, std::vector<std::int32_t>> parse_assignment(const std::string& text) {
    std::map<std::int32_t, std::vector<std::int32_t>> assignment;
    if (text.empty()) return assignment;
    const char* at = text.data();
    const char* const end = at + text.size();
    for (std::int32_t partition = 0;; ++at) {
        std::int32_t node = 0;
        const auto [rest, error] = std::from_chars(at, end, node);
        if (error != std::errc() || (rest != end && *rest != ':' && *rest != ',')) {
            throw bad_arguments(fmt::format(
                "--replica-assignment '{}' is not of the form node:node,node:node", text));
        }
        assignment[partition].push_back(node);
        at = rest;
        if (at == end) return assignment;
        if (*at == ',') ++partition;
    }
}

/// Metric names turn both '.' and '_' into '_', so two topics may end up with one metric.
void warn_of_collisions(const std::string& topic) {
    if (topic.find_first_of("._") == std::string::npos) return;
    fmt::print(
        stderr,
        "WARNING: metric names do not tell '.' from '_', so topics whose names differ only in "
        "these collide. Use one of the two, not both.\n");
}

runtime::awaitable<int> create(client::admin& admin, const topics_options& options) {
    warn_of_collisions(options.topic);
    client::new_topic topic{.name = options.topic,
                            .partitions = options.partitions,
                            .replication_factor = options.replication_factor,
                            .replica_assignment = parse_assignment(options.replica_assignment),
                            .configs = settings_of(options.configs)};
    auto outcomes = value_or_fail(co_await admin.create_topics({std::move(topic)}), "create");
    const auto& outcome = outcomes.at(options.topic);
    const bool there = !outcome && outcome.error().code == kafka::error_code::topic_already_exists;
    if (there && options.if_not_exists) co_return 0;
    value_or_fail(outcome, "cannot create topic " + options.topic);
    fmt::print("Created topic {}.\n", options.topic);
    co_return 0;
}

runtime::awaitable<int> list(client::admin& admin, const topics_options& options) {
    for (const std::string& topic : co_await chosen_topics(admin, options))
        fmt::print("{}\n", topic);
    co_return 0;
}

runtime::awaitable<int> alter(client::admin& admin, const topics_options& options) {
    std::map<std::string, std::int32_t> counts;
    for (const std::string& topic : co_await chosen_topics(admin, options)) {
        counts[topic] = options.partitions;
    }
    if (counts.empty()) co_return 0;
    const auto outcomes = value_or_fail(co_await admin.create_partitions(counts), "add partitions");
    for (const auto& [topic, outcome] : outcomes) {
        value_or_fail(outcome, "cannot add partitions to topic " + topic);
    }
    co_return 0;
}

runtime::awaitable<int> remove(client::admin& admin, const topics_options& options) {
    const std::set<std::string> chosen = co_await chosen_topics(admin, options);
    if (chosen.empty()) co_return 0;
    const auto outcomes = value_or_fail(co_await admin.delete_topics(chosen), "delete topics");
    for (const auto& [topic, outcome] : outcomes) {
        value_or_fail(outcome, "cannot delete topic " + topic);
    }
    co_return 0;
}

void declare_health_filters(flags& app, topics_options& options) {
    flags filters = app.group("with --describe, only partitions that");
    filters.add_flag("--under-replicated-partitions",
                     options.under_replicated,
                     "have replicas that are not in sync");
    filters.add_flag("--unavailable-partitions", options.unavailable, "have no leader");
    filters.add_flag("--under-min-isr-partitions",
                     options.under_min_isr,
                     "have fewer in sync than min.insync.replicas");
    filters.add_flag("--at-min-isr-partitions",
                     options.at_min_isr,
                     "have as many in sync as min.insync.replicas");
    filters.require_at_most_one();
}

using topics_act = runtime::awaitable<int> (*)(client::admin&, const topics_options&);

topics_act chosen_act(const topics_options& options) {
    const bool needs_topic = options.create || options.alter || options.remove;
    if (needs_topic && options.topic.empty()) {
        throw bad_arguments("--topic is required with --create, --alter and --delete");
    }
    if (!options.describe && options.only_some_partitions()) {
        throw bad_arguments("partitions are only chosen by their state with --describe");
    }
    if (options.alter && options.partitions < 1) {
        throw bad_arguments("--alter needs --partitions, the new total count");
    }
    if (options.create) return create;
    if (options.list) return list;
    if (options.describe) return describe_topics;
    if (options.alter) return alter;
    return remove;
}

int run(const topics_options& options) {
    const topics_act act = chosen_act(options);
    auto settings = options.cluster.settings(client::role::admin);
    return run_tool([&](runtime::real::world& world) {
        return with_client<client::admin>(
            world, settings, [&](client::admin& admin) { return act(admin, options); });
    });
}

}  // namespace

action declare_topics(flags& app) {
    const auto options = std::make_shared<topics_options>();
    options->cluster.declare(app, "--command-config");
    flags acts = app.group("action");
    acts.add_flag("--create", options->create, "create a topic");
    acts.add_flag("--list", options->list, "list topics");
    acts.add_flag("--describe", options->describe, "show partitions and configuration");
    acts.add_flag("--alter", options->alter, "raise the number of partitions");
    acts.add_flag("--delete", options->remove, "delete topics");
    acts.require_one();
    app.add_option("--topic", options->topic, "name; a regular expression except with --create");
    app.add_option("--partitions", options->partitions, "number of partitions").positive();
    app.add_option("--replication-factor", options->replication_factor, "replicas a partition")
        .positive();
    app.add_option("--replica-assignment", options->replica_assignment, "node:node,node:node");
    app.add_option("--config", options->configs, "name=value, once for each");
    app.add_flag("--if-exists", options->if_exists, "do nothing where no topic matches");
    app.add_flag("--if-not-exists", options->if_not_exists, "do nothing if the topic is there");
    app.add_flag("--exclude-internal", options->exclude_internal, "leave internal topics out");
    declare_health_filters(app, *options);
    app.add_flag("--topics-with-overrides",
                 options->with_overrides,
                 "describe only topics that have configurations of their own");
    return [options] { return run(*options); };
}

}  // namespace verdikt::cli
