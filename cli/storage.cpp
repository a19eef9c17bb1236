/// `verdikt storage`: gives log directories their identity, and shows it, as kafka-storage does.
#include "broker/quorum/storage_format.h"
#include "broker/server/broker_config.h"
#include "cli/subcommands.h"
#include "cli/text_file.h"
#include "cli/tool.h"
#include "nemesis/labs/cluster_id.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace verdikt::cli {

namespace {

namespace quorum = broker::quorum;
using broker::server::broker_config;
using paths = std::vector<std::filesystem::path>;

struct storage_options {
    bool format = false;
    bool info = false;
    bool random_uuid = false;
    std::string cluster_id;
    std::string config_path;
    bool standalone = false;
    bool ignore_formatted = false;
};

broker_config config_of(const storage_options& options) {
    const auto loaded =
        broker_config::load(broker::server::parse_properties(text_of_file(options.config_path)));
    if (loaded) return *loaded;
    std::string faults;
    for (const auto& each : loaded.error()) {
        faults += fmt::format("\n{}:{}: {}", options.config_path, each.line, each.message);
    }
    throw bad_arguments("the configuration is wrong" + faults);
}

std::filesystem::path metadata_directory(const broker_config& config) {
    const std::string& own = config.text("metadata.log.dir");
    return own.empty() ? config.list("log.dirs").front() : own;
}

/// The metadata log's first, then the others as they are listed.
paths directories_of(const broker_config& config) {
    paths directories{metadata_directory(config)};
    for (const std::string& text : config.list("log.dirs")) {
        const bool listed =
            std::ranges::find(directories, std::filesystem::path(text)) != directories.end();
        if (!listed) directories.emplace_back(text);
    }
    return directories;
}

/// The voters' addresses for --standalone: our listeners for controllers.
std::vector<broker::raft::endpoint> controller_endpoints(const broker_config& config) {
    const std::vector<std::string> names = config.list("controller.listener.names");
    std::vector<broker::raft::endpoint> endpoints;
    for (const std::string& text : config.list("listeners")) {
        const auto listener = broker::server::parse_listener(text);
        const bool is_wanted = listener && std::ranges::find(names, listener->name) != names.end();
        if (!is_wanted) continue;
        endpoints.push_back({.name = listener->name,
                             .host = listener->at.host.empty() ? "localhost" : listener->at.host,
                             .port = listener->at.port});
    }
    return endpoints;
}

template <typename T>
T value_or_fail(std::expected<T, std::string> outcome) {
    if (!outcome) throw tool_failure(outcome.error());
    return std::move(*outcome);
}

runtime::awaitable<int> format(runtime::environment& world,
                               const storage_options& options,
                               const broker_config& config) {
    bool anything_done = false;
    for (const std::filesystem::path& directory : directories_of(config)) {
        const bool for_metadata = directory == metadata_directory(config);
        const bool standalone = options.standalone && for_metadata;
        const auto before = value_or_fail(co_await quorum::read_identity(world, directory));
        const auto identity = value_or_fail(co_await quorum::format_directory(
            world,
            {.directory = directory,
             .cluster_id = options.cluster_id,
             .node = kafka::node_id(static_cast<std::int32_t>(config.integer("node.id"))),
             .standalone = standalone,
             .endpoints =
                 standalone ? controller_endpoints(config) : std::vector<broker::raft::endpoint>()},
            options.ignore_formatted));
        if (before) continue;
        anything_done = true;
        fmt::print("Formatting {}{} with directory id {}.\n",
                   for_metadata ? "metadata directory " : "",
                   directory.string(),
                   identity.directory);
    }
    if (!anything_done) fmt::print("All of the log directories are already formatted.\n");
    co_return 0;
}

runtime::awaitable<int> show(runtime::environment& world, const broker_config& config) {
    const paths directories = directories_of(config);
    fmt::print("Found log director{}:\n", directories.size() == 1 ? "y" : "ies");
    for (const auto& directory : directories) fmt::print("  {}\n", directory.string());
    std::vector<std::string> problems;
    for (const auto& directory : directories) {
        const auto read = co_await quorum::read_identity(world, directory);
        if (!read) {
            problems.push_back(read.error());
        } else if (const auto& identity = *read) {
            fmt::print(
                "\nFound metadata: {{cluster.id={}, directory.id={}, node.id={}, version=1}}\n",
                identity->cluster_id,
                identity->directory,
                identity->node);
        } else {
            problems.push_back(directory.string() + " is not formatted.");
        }
    }
    if (problems.empty()) co_return 0;
    fmt::print("\nFound problem{}:\n", problems.size() == 1 ? "" : "s");
    for (const std::string& each : problems) fmt::print("  {}\n", each);
    co_return exit_failed;
}

runtime::awaitable<int> print_random_id(runtime::environment& world) {
    fmt::print("{}\n", nemesis::labs::draw_cluster_id(world.random()));
    co_return 0;
}

int run(const storage_options& options) {
    if (options.random_uuid) {
        return run_tool([](runtime::real::world& world) { return print_random_id(world); });
    }
    const broker_config config = config_of(options);
    if (options.format && !kafka::uuid_from_text(options.cluster_id)) {
        fmt::print(stderr,
                   "WARNING: '{}' is no id as `verdikt storage random-uuid` draws it.\n",
                   options.cluster_id);
    }
    return run_tool([&](runtime::real::world& world) {
        return options.format ? format(world, options, config) : show(world, config);
    });
}

}  // namespace

action declare_storage(flags& app) {
    const auto options = std::make_shared<storage_options>();
    flags format = app.act("format", options->format, "give the log directories their identity");
    format.add_option("-t,--cluster-id", options->cluster_id, "the same on every node").required();
    format.add_option("-c,--config", options->config_path, "a server.properties file").required();
    format.add_flag("-s,--standalone", options->standalone, "this node alone votes at first");
    format.add_flag("-g,--ignore-formatted",
                    options->ignore_formatted,
                    "pass over directories that are this node's already");
    flags info = app.act("info", options->info, "show the identity of the log directories");
    info.add_option("-c,--config", options->config_path, "a server.properties file").required();
    app.act("random-uuid", options->random_uuid, "print an id for a new cluster");
    app.require_act();
    return [options] { return run(*options); };
}

}  // namespace verdikt::cli
