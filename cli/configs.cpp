/// `verdikt configs`: shows and changes configurations of topics and brokers, as kafka-configs
/// does.
#include "cli/subcommands.h"
#include "cli/tool.h"
#include "client/admin.h"

#include <fmt/format.h>

#include <memory>

namespace verdikt::cli {

namespace {

struct configs_options {
    cluster_flags cluster;
    bool describe = false;
    bool alter = false;
    bool all = false;
    std::string entity_type;
    std::string entity_name;
    bool entity_default = false;
    std::string add;
    std::string remove;
};

/// `a=1,b=[x,y]`: commas inside brackets belong to the value.
std::vector<client::config_change> parse_additions(const std::string& text) {
    std::vector<client::config_change> changes;
    std::size_t from = 0;
    while (from < text.size()) {
        const std::size_t equals = text.find('=', from);
        if (equals == std::string::npos) {
            throw bad_arguments(
                fmt::format("--add-config '{}' is not name=value,name=value", text));
        }
        const bool bracketed = equals + 1 < text.size() && text[equals + 1] == '[';
        const std::size_t end = bracketed ? text.find(']', equals) : text.find(',', equals);
        if (bracketed && end == std::string::npos) {
            throw bad_arguments(fmt::format("--add-config '{}' has a '[' without its ']'", text));
        }
        const std::size_t first = equals + (bracketed ? 2 : 1);
        changes.push_back({.name = text.substr(from, equals - from),
                           .operation = client::alter_operation::set,
                           .value = text.substr(first, std::min(end, text.size()) - first)});
        const std::size_t comma = bracketed ? end + 1 : end;
        from = comma == std::string::npos ? text.size() : comma + 1;
    }
    return changes;
}

void add_removals(const std::string& text, std::vector<client::config_change>& changes) {
    std::size_t from = 0;
    while (from < text.size()) {
        const std::size_t comma = std::min(text.find(',', from), text.size());
        changes.push_back({.name = text.substr(from, comma - from),
                           .operation = client::alter_operation::remove});
        from = comma + 1;
    }
}

std::string_view source_name(std::int8_t source) {
    switch (source) {
        case 1:
            return "DYNAMIC_TOPIC_CONFIG";
        case 2:
            return "DYNAMIC_BROKER_CONFIG";
        case 3:
            return "DYNAMIC_DEFAULT_BROKER_CONFIG";
        case 4:
            return "STATIC_BROKER_CONFIG";
        case 5:
            return "DEFAULT_CONFIG";
        case 6:
            return "DYNAMIC_BROKER_LOGGER_CONFIG";
        default:
            return "UNKNOWN";
    }
}

bool is_dynamic(const client::config_entry& entry) {
    return entry.source >= 1 && entry.source <= 3;
}

void print_entry(const client::config_entry& entry) {
    std::vector<std::string> synonyms;
    for (const auto& [name, value] : entry.synonyms) {
        synonyms.push_back(fmt::format("{}={}", name, value.value_or("null")));
    }
    fmt::print("  {}={} sensitive={} source={} synonyms={{{}}}\n",
               entry.name,
               entry.value.value_or("null"),
               entry.sensitive,
               source_name(entry.source),
               fmt::join(synonyms, ", "));
}

std::string entity_text(const configs_options& options, const client::config_resource& resource) {
    const std::string kind = options.entity_type.substr(0, options.entity_type.size() - 1);
    return resource.name.empty() ? "default " + kind : kind + " " + resource.name;
}

runtime::awaitable<int> describe(client::admin& admin,
                                 const configs_options& options,
                                 std::set<client::config_resource> resources) {
    if (resources.empty()) {
        const auto topics = value_or_fail(co_await admin.list_topics(true), "list topics");
        for (const auto& name : topics)
            resources.insert({client::config_resource_type::topic, name});
    }
    const auto described =
        value_or_fail(co_await admin.describe_configs(resources), "describe configurations");
    for (const auto& [resource, outcome] : described) {
        const std::string entity = entity_text(options, resource);
        const auto entries = value_or_fail(outcome, "cannot describe " + entity);
        fmt::print("{} configs for {} are:\n", options.all ? "All" : "Dynamic", entity);
        for (const auto& entry : entries) {
            if (options.all || is_dynamic(entry)) print_entry(entry);
        }
    }
    co_return 0;
}

runtime::awaitable<int> alter(client::admin& admin,
                              const configs_options& options,
                              client::config_resource resource,
                              std::vector<client::config_change> changes) {
    const auto outcomes = value_or_fail(
        co_await admin.alter_configs({{resource, std::move(changes)}}), "alter configurations");
    const std::string entity = entity_text(options, resource);
    value_or_fail(outcomes.at(resource), "cannot change " + entity);
    fmt::print("Completed updating config for {}.\n", entity);
    co_return 0;
}

std::set<client::config_resource> named_resources(const configs_options& options) {
    const bool topics = options.entity_type == "topics";
    const auto type =
        topics ? client::config_resource_type::topic : client::config_resource_type::broker;
    const bool named = !options.entity_name.empty() || options.entity_default;
    if (!named && (options.alter || !topics)) {
        throw bad_arguments(options.alter
                                ? "--alter needs --entity-name or --entity-default"
                                : "--entity-type brokers needs --entity-name or --entity-default");
    }
    if (topics && options.entity_default) {
        throw bad_arguments("topics have no default entity; set the broker's log.* keys instead");
    }
    if (!named) return {};
    return {{type, options.entity_name}};
}

int run(const configs_options& options) {
    const auto resources = named_resources(options);
    std::vector<client::config_change> changes = parse_additions(options.add);
    add_removals(options.remove, changes);
    if (options.alter && changes.empty()) {
        throw bad_arguments("--alter needs --add-config or --delete-config");
    }
    auto settings = options.cluster.settings(client::role::admin);
    return run_tool([&](runtime::real::world& world) {
        return with_client<client::admin>(world, settings, [&](client::admin& admin) {
            return options.alter ? alter(admin, options, *resources.begin(), changes)
                                 : describe(admin, options, resources);
        });
    });
}

}  // namespace

action declare_configs(flags& app) {
    const auto options = std::make_shared<configs_options>();
    options->cluster.declare(app, "--command-config");
    flags acts = app.group("action");
    acts.add_flag("--describe", options->describe, "show configurations");
    acts.add_flag("--alter", options->alter, "change configurations");
    acts.require_one();
    app.add_flag("--all", options->all, "with --describe: also what is at its default");
    app.add_option("--entity-type", options->entity_type, "topics or brokers")
        .required()
        .one_of({"topics", "brokers"});
    app.add_option("--entity-name", options->entity_name, "topic name or node id");
    app.add_flag("--entity-default", options->entity_default, "the default of all brokers");
    app.add_option("--add-config", options->add, "name=value,name=[a,b]");
    app.add_option("--delete-config", options->remove, "name,name");
    return [options] { return run(*options); };
}

}  // namespace verdikt::cli
