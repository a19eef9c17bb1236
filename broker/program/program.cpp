#include "broker/program/program.h"

#include "broker/program/arguments.h"
#include "broker/server/broker.h"
#include "broker/server/config_documentation.h"
#include "runtime/notification.h"
#include "runtime/real/run.h"
#include "runtime/real/world.h"
#include "runtime/scope.h"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <optional>
#include <sstream>

namespace verdikt::broker::program {

namespace {

using server::broker_config;

constexpr int success = 0;
constexpr int not_started = 1;
constexpr int bad_configuration = 2;
constexpr int bad_flag = 254;

constexpr std::string_view usage =
    "usage: verdikt-broker [--config FILE] [--override key=value]...\n"
    "       verdikt-broker --print-config-docs\n"
    "\n"
    "Runs a broker in the foreground until SIGTERM or SIGINT. docs/configuration.md lists the "
    "keys.\n";

// Read here, before there is a world: the file says which log directories the world has workers
// for.
std::optional<std::string> content_of(const std::string& path) {
    std::ifstream file(path);
    if (!file) return std::nullopt;
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::optional<broker_config> load_config(const arguments& given) {
    std::vector<server::property> properties;
    if (given.config_file) {
        const auto text = content_of(*given.config_file);
        if (!text) {
            fmt::print(stderr, "{}: cannot be read\n", *given.config_file);
            return std::nullopt;
        }
        properties = server::parse_properties(*text);
    }
    properties.insert(properties.end(), given.overrides.begin(), given.overrides.end());
    auto config = broker_config::load(properties);
    if (config) return std::move(*config);
    for (const server::config_error& error : config.error()) {
        if (error.line == 0) {
            fmt::print(stderr, "{}\n", error.message);
        } else {
            fmt::print(stderr, "{}:{}: {}\n", *given.config_file, error.line, error.message);
        }
    }
    return std::nullopt;
}

runtime::log_level level_of(const broker_config& config) {
    const std::string& name = config.text("log.level");
    if (name == "debug") return runtime::log_level::debug;
    if (name == "warning") return runtime::log_level::warning;
    if (name == "error") return runtime::log_level::error;
    return runtime::log_level::info;
}

void log_keys_without_effect(runtime::environment& world, const broker_config& config) {
    for (const server::config_key& key : server::broker_keys()) {
        if (key.scope != server::config_scope::no_effect || !config.set_value(key.name)) continue;
        world.log().write(runtime::log_level::warning,
                          "key_without_effect",
                          {{"key", key.name}, {"why", key.meaning}});
    }
}

runtime::awaitable<void> announce_signal(runtime::real::world& world,
                                         runtime::notification& stop_requested) {
    const int signal = co_await world.wait_for_termination();
    world.log().write(runtime::log_level::info, "stopping", {{"signal", signal}});
    stop_requested.notify_all();
}

runtime::awaitable<int> run_until_signal(runtime::real::world& world, broker_config config) {
    log_keys_without_effect(world, config);
    runtime::notification stop_requested;
    runtime::scope signals(world.get_executor());
    signals.spawn(announce_signal(world, stop_requested));
    const auto ended = co_await server::run_broker(world, std::move(config), stop_requested);
    co_await signals.cancel_and_join();
    if (ended) {
        world.log().write(runtime::log_level::info, "stopped");
        co_return success;
    }
    world.log().write(runtime::log_level::error, "broker_failed", {{"reason", ended.error()}});
    co_return not_started;
}

}  // namespace

int run_program(std::vector<std::string> words) {
    const auto given = parse_arguments(words);
    if (!given) {
        fmt::print(stderr, "{}\n{}", given.error(), usage);
        return bad_flag;
    }
    if (given->help) {
        fmt::print("{}", usage);
        return success;
    }
    if (given->print_config_docs) {
        fmt::print("{}", server::configuration_document());
        return success;
    }
    auto config = load_config(*given);
    if (!config) return bad_configuration;
    runtime::real::world_options options;
    options.node = fmt::format("node-{}", config->integer("node.id"));
    for (const std::string& directory : config->list("log.dirs")) {
        options.disk_roots.emplace_back(directory);
    }
    options.log.level = level_of(*config);
    return runtime::real::run(options, [&config](runtime::real::world& world) {
        return run_until_signal(world, std::move(*config));
    });
}

}  // namespace verdikt::broker::program
