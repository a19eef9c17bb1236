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

/// The names that could stand where `unknown` stands: flags for a flag, subcommands for a word.
std::vector<std::string> candidates(const CLI::App& app, std::string_view unknown) {
    std::vector<std::string> names;
    if (unknown.starts_with("-")) {
        add_flags(app, names);
        return names;
    }
    for (const CLI::App* child : app.get_subcommands({})) {
        if (!child->get_name().empty()) names.push_back(child->get_name());
    }
    return names;
}

std::string hint(const CLI::App& app, std::string_view unknown) {
    const std::vector<std::string> names = candidates(app, unknown);
    if (names.empty()) return {};
    const std::vector<std::string_view> known(names.begin(), names.end());
    return fmt::format("; did you mean {}?", runtime::nearest_name(unknown, known));
}

std::string explain(const CLI::App& app, const CLI::ParseError& error) {
    const std::vector<std::string> unknown = app.remaining();
    if (unknown.empty()) return error.what();
    const std::string flag = unknown.front().substr(0, unknown.front().find('='));
    return fmt::format(
        "unknown {} '{}'{}", flag.starts_with("-") ? "flag" : "argument", flag, hint(app, flag));
}

const CLI::App& innermost(const CLI::App& app) {
    const auto chosen = app.get_subcommands();
    return chosen.empty() ? app : innermost(*chosen.front());
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
        const CLI::App& chosen = innermost(app);
        fmt::print(stderr, "{}: {}\n", chosen.get_display_name(), explain(chosen, error));
        fmt::print(
            stderr, "See: verdikt {}--help\n", &chosen == &app ? "" : chosen.get_name() + " ");
        return exit_bad_arguments;
    }
    try {
        return run();
    } catch (const bad_arguments& error) {
        fmt::print(stderr, "{}: {}\n", innermost(app).get_display_name(), error.what());
        return exit_bad_arguments;
    }
}

}  // namespace verdikt::cli
