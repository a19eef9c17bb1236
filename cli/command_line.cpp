#include "cli/subcommand.h"

#include "runtime/nearest_name.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <string>
#include <vector>

namespace verdikt::cli {

namespace {

void add_flags(const CLI::App& app, std::vector<std::string>& names) {
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
    // A group of flags is a nameless subcommand in CLI11.
    for (const CLI::App* child : app.get_subcommands({})) {
        if (child->get_name().empty()) add_flags(*child, names);
    }
}

/// The program, the subcommand that was chosen, and the act of it, as far as they were named.
std::vector<const CLI::App*> chosen_path(const CLI::App& program) {
    std::vector<const CLI::App*> path{&program};
    for (auto chosen = program.get_subcommands(); !chosen.empty();
         chosen = path.back()->get_subcommands()) {
        path.push_back(chosen.front());
    }
    return path;
}

/// `cluster unregister`, or `verdikt` if no subcommand was named.
std::string name_of(const std::vector<const CLI::App*>& path) {
    if (path.size() == 1) return path.front()->get_name();
    std::string name = path[1]->get_name();
    for (std::size_t at = 2; at < path.size(); ++at) name += " " + path[at]->get_name();
    return name;
}

/// The names that could stand where `unknown` stands: flags for a flag, subcommands for a word.
std::vector<std::string> candidates(const std::vector<const CLI::App*>& path,
                                    std::string_view unknown) {
    std::vector<std::string> names;
    if (unknown.starts_with("-")) {
        const std::size_t own = path.size() == 1 ? 0 : 1;
        for (std::size_t at = own; at < path.size(); ++at) add_flags(*path[at], names);
        return names;
    }
    for (const CLI::App* child : path.back()->get_subcommands({})) {
        if (!child->get_name().empty()) names.push_back(child->get_name());
    }
    return names;
}

std::string hint(const std::vector<const CLI::App*>& path, std::string_view unknown) {
    const std::vector<std::string> names = candidates(path, unknown);
    if (names.empty()) return {};
    const std::vector<std::string_view> known(names.begin(), names.end());
    return fmt::format("; did you mean {}?", runtime::nearest_name(unknown, known));
}

std::string explain(const std::vector<const CLI::App*>& path, const CLI::ParseError& error) {
    const std::vector<std::string> unknown = path.front()->remaining(true);
    if (unknown.empty()) return error.what();
    const std::string flag = unknown.front().substr(0, unknown.front().find('='));
    return fmt::format(
        "unknown {} '{}'{}", flag.starts_with("-") ? "flag" : "argument", flag, hint(path, flag));
}

int refuse(const std::vector<const CLI::App*>& path, const CLI::ParseError& error) {
    const std::string name = name_of(path);
    fmt::print(stderr, "{}: {}\n", name, explain(path, error));
    fmt::print(stderr, "See: verdikt {}--help\n", path.size() == 1 ? "" : name + " ");
    return exit_bad_arguments;
}

}  // namespace

int run_command_line(std::span<const subcommand> known,
                     std::span<const std::string_view> arguments) {
    CLI::App app("Puts Kafka-protocol logs on trial.", "verdikt");
    app.require_subcommand(1);
    action run;
    for (const subcommand& entry : known) {
        CLI::App* child = app.add_subcommand(std::string(entry.name), std::string(entry.summary));
        flags declaring(*child);
        child->callback([&run, declared = entry.declare(declaring)] { run = declared; });
    }
    // CLI11 takes the arguments last to first.
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    try {
        app.parse(std::move(reversed));
    } catch (const CLI::CallForHelp& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& error) {
        return refuse(chosen_path(app), error);
    }
    try {
        return run();
    } catch (const bad_arguments& error) {
        fmt::print(stderr, "{}: {}\n", name_of(chosen_path(app)), error.what());
        return exit_bad_arguments;
    }
}

}  // namespace verdikt::cli
