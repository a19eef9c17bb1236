/// `verdikt get-offsets`: the offsets of partitions at a moment, as kafka-get-offsets prints them.
#include "cli/offset_reset.h"
#include "cli/subcommands.h"
#include "cli/tool.h"
#include "cli/topic_pattern.h"
#include "client/admin.h"

#include <fmt/format.h>

#include <charconv>
#include <memory>

namespace verdikt::cli {

namespace {

struct get_offsets_options {
    cluster_flags cluster;
    std::string topic;
    std::string topic_partitions;
    std::string partitions;
    std::string time = "latest";
    bool exclude_internal = false;
};

client::offset_query parse_time(const std::string& text) {
    if (text == "latest" || text == "-1") return client::offset_spec::latest;
    if (text == "earliest" || text == "-2") return client::offset_spec::earliest;
    if (text == "max-timestamp" || text == "-3") return client::offset_spec::max_timestamp;
    std::int64_t milliseconds = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, milliseconds);
    if (error != std::errc() || rest != end || milliseconds < 0) {
        throw bad_arguments(
            fmt::format("--time '{}' is neither a timestamp in milliseconds nor latest, earliest "
                        "or max-timestamp",
                        text));
    }
    return kafka::timestamp(milliseconds);
}

/// `topic:0,other:2` of `--topic-partitions`.
std::set<kafka::topic_partition> parse_topic_partitions(const std::string& text) {
    std::set<kafka::topic_partition> wanted;
    std::size_t from = 0;
    while (from <= text.size()) {
        const std::size_t comma = std::min(text.find(',', from), text.size());
        const auto item = parse_topic_selection(text.substr(from, comma - from));
        if (!item) throw bad_arguments(item.error());
        if (item->partitions.empty()) {
            throw bad_arguments(fmt::format("--topic-partitions '{}' names no partition", text));
        }
        wanted.insert({item->topic, kafka::partition_index(item->partitions.front())});
        from = comma + 1;
    }
    return wanted;
}

std::set<std::int32_t> wanted_partitions(const get_offsets_options& options) {
    if (options.partitions.empty()) return {};
    const auto parsed = parse_topic_selection("x:" + options.partitions);
    if (!parsed) {
        throw bad_arguments(
            fmt::format("--partitions '{}' is not a list of numbers", options.partitions));
    }
    return {parsed->partitions.begin(), parsed->partitions.end()};
}

runtime::awaitable<std::set<kafka::topic_partition>> choose(client::admin& admin,
                                                            const get_offsets_options& options) {
    if (!options.topic_partitions.empty())
        co_return parse_topic_partitions(options.topic_partitions);
    const auto all =
        value_or_fail(co_await admin.list_topics(!options.exclude_internal), "list topics");
    const auto topics = matching_topics(all, options.topic);
    if (topics.empty()) throw tool_failure("no topic matches");
    const auto described = value_or_fail(co_await admin.describe_topics(topics), "describe topics");
    const std::set<std::int32_t> only = wanted_partitions(options);
    std::set<kafka::topic_partition> chosen;
    for (const auto& [name, outcome] : described) {
        for (const auto& partition : value_or_fail(outcome, "describe topic " + name).partitions) {
            if (!only.empty() && !only.contains(partition.index)) continue;
            chosen.insert({name, kafka::partition_index(partition.index)});
        }
    }
    co_return chosen;
}

runtime::awaitable<int> print_offsets(client::admin& admin,
                                      const get_offsets_options& options,
                                      client::offset_query query) {
    std::map<kafka::topic_partition, client::offset_query> queries;
    for (const auto& partition : co_await choose(admin, options)) queries.emplace(partition, query);
    const auto offsets = value_or_fail(co_await admin.list_offsets(queries), "list offsets");
    int exit_code = 0;
    for (const auto& [where, listed] : offsets) {
        if (listed) {
            // No record that young: Kafka's tool leaves the field empty.
            const auto offset =
                listed->offset == kafka::no_offset ? "" : fmt::format("{}", listed->offset);
            fmt::print("{}:{}:{}\n", where.topic, where.partition, offset);
        } else {
            fmt::print(stderr, "skipped {}: {}\n", where, listed.error().message());
            exit_code = exit_failed;
        }
    }
    co_return exit_code;
}

int run(const get_offsets_options& options) {
    const client::offset_query query = parse_time(options.time);
    auto settings = options.cluster.settings(client::role::admin);
    return run_tool([&](runtime::real::world& world) {
        return with_client<client::admin>(world, settings, [&](client::admin& admin) {
            return print_offsets(admin, options, query);
        });
    });
}

}  // namespace

action declare_get_offsets(flags& app) {
    const auto options = std::make_shared<get_offsets_options>();
    options->cluster.declare(app, "--command-config");
    app.add_option("--topic", options->topic, "name or regular expression; all topics without it");
    app.add_option("--topic-partitions", options->topic_partitions, "topic:0,topic:1,other:0")
        .excludes("--topic");
    app.add_option("--partitions", options->partitions, "0,1,2: only these, of each topic");
    app.add_option("--time",
                   options->time,
                   "milliseconds since the epoch, or latest, earliest, max-timestamp (-1, -2, -3)");
    app.add_flag("--exclude-internal-topics", options->exclude_internal, "leave them out");
    return [options] { return run(*options); };
}

}  // namespace verdikt::cli
