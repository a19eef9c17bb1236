/// `verdikt topics`: creates, lists, describes, alters and deletes topics, as kafka-topics does.
#include "cli/subcommands.h"
#include "cli/tool.h"
#include "cli/topic_pattern.h"
#include "client/admin.h"

#include <fmt/format.h>

#include <charconv>
#include <memory>

namespace verdikt::cli {

namespace {

struct topics_options {
    cluster_flags cluster;
    bool create = false;
    bool list = false;
    bool describe = false;
    bool alter = false;
    bool remove = false;
    std::string topic;
    std::int32_t partitions = -1;
    std::int16_t replication_factor = -1;
    std::string replica_assignment;
    std::vector<std::string> configs;
    bool if_exists = false;
    bool if_not_exists = false;
    bool exclude_internal = false;
    bool with_overrides = false;
};

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

/// The topics that `--topic` (a name or a regular expression) chooses; all without it.
runtime::awaitable<std::set<std::string>> choose(client::admin& admin,
                                                 const topics_options& options) {
    auto all = value_or_fail(co_await admin.list_topics(!options.exclude_internal), "list topics");
    auto chosen = matching_topics(all, options.topic);
    if (chosen.empty() && !options.topic.empty() && !options.if_exists && !options.list) {
        throw tool_failure(fmt::format("no topic matches '{}'", options.topic));
    }
    co_return chosen;
}

runtime::awaitable<int> list(client::admin& admin, const topics_options& options) {
    for (const std::string& topic : co_await choose(admin, options)) fmt::print("{}\n", topic);
    co_return 0;
}

std::string overrides(const std::vector<client::config_entry>& entries) {
    constexpr std::int8_t topic_source = 1;
    std::vector<std::string> items;
    for (const client::config_entry& entry : entries) {
        if (entry.source != topic_source) continue;
        items.push_back(fmt::format("{}={}", entry.name, entry.value.value_or("null")));
    }
    return fmt::format("{}", fmt::join(items, ","));
}

void print_topic(const client::topic_description& topic, const std::string& configs) {
    const std::size_t replicas =
        topic.partitions.empty() ? 0 : topic.partitions.front().replicas.size();
    fmt::print("Topic: {}\tTopicId: {}\tPartitionCount: {}\tReplicationFactor: {}\tConfigs: {}\n",
               topic.name,
               topic.id,
               topic.partitions.size(),
               replicas,
               configs);
    for (const client::partition_description& partition : topic.partitions) {
        fmt::print("\tTopic: {}\tPartition: {}\tLeader: {}\tReplicas: {}\tIsr: {}\n",
                   topic.name,
                   partition.index,
                   partition.leader < 0 ? "none" : std::to_string(partition.leader),
                   fmt::join(partition.replicas, ","),
                   fmt::join(partition.isr, ","));
    }
}

runtime::awaitable<int> describe(client::admin& admin, const topics_options& options) {
    const std::set<std::string> chosen = co_await choose(admin, options);
    if (chosen.empty()) co_return 0;
    const auto topics = value_or_fail(co_await admin.describe_topics(chosen), "describe topics");
    std::set<client::config_resource> resources;
    for (const std::string& name : chosen) {
        resources.insert({client::config_resource_type::topic, name});
    }
    const auto configs =
        value_or_fail(co_await admin.describe_configs(resources), "describe configurations");
    for (const auto& [name, described] : topics) {
        const auto topic = value_or_fail(described, "describe topic " + name);
        const auto entries = value_or_fail(configs.at({client::config_resource_type::topic, name}),
                                           "configuration of " + name);
        const std::string changed = overrides(entries);
        if (!options.with_overrides || !changed.empty()) print_topic(topic, changed);
    }
    co_return 0;
}

runtime::awaitable<int> alter(client::admin& admin, const topics_options& options) {
    std::map<std::string, std::int32_t> counts;
    for (const std::string& topic : co_await choose(admin, options)) {
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
    const std::set<std::string> chosen = co_await choose(admin, options);
    if (chosen.empty()) co_return 0;
    const auto outcomes = value_or_fail(co_await admin.delete_topics(chosen), "delete topics");
    for (const auto& [topic, outcome] : outcomes) {
        value_or_fail(outcome, "cannot delete topic " + topic);
    }
    co_return 0;
}

using topics_act = runtime::awaitable<int> (*)(client::admin&, const topics_options&);

topics_act chosen_act(const topics_options& options) {
    const bool needs_topic = options.create || options.alter || options.remove;
    if (needs_topic && options.topic.empty()) {
        throw bad_arguments("--topic is required with --create, --alter and --delete");
    }
    if (options.alter && options.partitions < 1) {
        throw bad_arguments("--alter needs --partitions, the new total count");
    }
    if (options.create) return create;
    if (options.list) return list;
    if (options.describe) return describe;
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
    app.add_flag("--topics-with-overrides",
                 options->with_overrides,
                 "describe only topics that have configurations of their own");
    return [options] { return run(*options); };
}

}  // namespace verdikt::cli
