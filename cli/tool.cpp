#include "cli/tool.h"

#include "cli/record_text.h"
#include "runtime/real/run.h"
#include "runtime/scope.h"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>

namespace verdikt::cli {

void cluster_flags::declare(flags& app, const std::string& file_flag) {
    app.add_option("--bootstrap-server", bootstrap_server, "host:port,host:port of some brokers")
        .required();
    app.add_option(file_flag, settings_file, "file of client settings, key=value a line");
}

client::client_config cluster_flags::settings(
    client::role who, const std::map<std::string, std::string>& extra) const {
    std::map<std::string, std::string> properties;
    if (!settings_file.empty()) properties = read_settings_file(settings_file);
    for (const auto& [name, value] : extra) properties[name] = value;
    properties["bootstrap.servers"] = bootstrap_server;
    auto parsed = client::client_config::parse(who, properties);
    if (!parsed) throw bad_arguments(parsed.error());
    return std::move(*parsed);
}

std::map<std::string, std::string> settings_of(const std::vector<std::string>& items) {
    auto parsed = parse_properties(items);
    if (!parsed) throw bad_arguments(parsed.error());
    return std::move(*parsed);
}

std::map<std::string, std::string> read_settings_file(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw bad_arguments(fmt::format("cannot read settings file '{}'", path));
    std::vector<std::string> items;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.starts_with('#') || line.starts_with('!')) continue;
        items.push_back(line);
    }
    return settings_of(items);
}

namespace {

runtime::awaitable<int> report_failure(runtime::real::world& world, const tool_body& body) {
    try {
        co_return co_await body(world);
    } catch (const tool_failure& failure) {
        fmt::print(stderr, "{}\n", failure.what());
    }
    co_return exit_failed;
}

runtime::awaitable<void> note_completion(runtime::awaitable<void> work,
                                         bool& completed,
                                         runtime::scope& signals) {
    co_await std::move(work);
    completed = true;
    signals.cancel();
}

runtime::awaitable<void> cancel_on_signal(runtime::real::world& world, runtime::scope& working) {
    co_await world.wait_for_termination();
    working.cancel();
}

}  // namespace

int run_tool(const tool_body& body) {
    runtime::real::world_options options;
    options.node = "verdikt";
    options.log.level = runtime::log_level::warning;
    return runtime::real::run(std::move(options), [&body](runtime::real::world& world) {
        return report_failure(world, body);
    });
}

runtime::awaitable<bool> until_terminated(runtime::real::world& world,
                                          runtime::awaitable<void> work) {
    bool completed = false;
    runtime::scope working(world.get_executor());
    runtime::scope signals(world.get_executor());
    signals.spawn(cancel_on_signal(world, working));
    working.spawn(note_completion(std::move(work), completed, signals));
    std::exception_ptr failure;
    try {
        co_await working.join();
    } catch (...) {
        failure = std::current_exception();
    }
    co_await signals.cancel_and_join();
    if (failure) std::rethrow_exception(failure);
    co_return completed;
}

}  // namespace verdikt::cli
