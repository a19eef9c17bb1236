#include "cli/consumer_groups.h"

#include "cli/subcommands.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>

namespace verdikt::cli {

namespace {

/// The scenario flags of `--reset-offsets`, as typed.
struct scenario_flags {
    bool earliest = false;
    bool latest = false;
    bool current = false;
    std::optional<std::int64_t> offset;
    std::optional<std::int64_t> shift;
    std::string date_time;
    std::string duration;
};

std::int64_t value_or_refuse(const std::expected<std::int64_t, std::string>& parsed) {
    if (!parsed) throw bad_arguments(parsed.error());
    return *parsed;
}

/// A time before now, in milliseconds since the epoch: a command line has no environment yet.
std::int64_t milliseconds_ago(std::int64_t duration_ms) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count() - duration_ms;
}

std::optional<reset_scenario> chosen_scenario(const scenario_flags& flags) {
    if (flags.earliest) return to_earliest{};
    if (flags.latest) return to_latest{};
    if (flags.current) return to_current{};
    if (flags.offset) return to_offset{*flags.offset};
    if (flags.shift) return shift_by{*flags.shift};
    if (!flags.date_time.empty()) return to_time{value_or_refuse(parse_date_time(flags.date_time))};
    if (!flags.duration.empty()) {
        return to_time{milliseconds_ago(value_or_refuse(parse_iso_duration(flags.duration)))};
    }
    return std::nullopt;
}

using groups_act = runtime::awaitable<int> (*)(client::admin&, const consumer_groups_options&);

groups_act chosen_act(const consumer_groups_options& options) {
    if (options.list) return list_groups;
    if (options.describe) return describe_groups;
    if (options.remove) return delete_groups;
    if (options.delete_offsets) return delete_group_offsets;
    return reset_group_offsets;
}

void check(const consumer_groups_options& options) {
    if (!options.list && options.groups.empty() && !options.all_groups) {
        throw bad_arguments("--group or --all-groups is required, except with --list");
    }
    if (options.delete_offsets && options.topics.empty()) {
        throw bad_arguments("--delete-offsets needs --topic");
    }
    if (!options.reset_offsets) return;
    if (!options.scenario && options.from_file.empty()) {
        throw bad_arguments(
            "--reset-offsets needs one of --to-earliest, --to-latest, --to-current, --to-offset, "
            "--shift-by, --to-datetime, --by-duration, --from-file");
    }
    if (options.topics.empty() && !options.all_topics && options.from_file.empty()) {
        throw bad_arguments("--reset-offsets needs --topic, --all-topics or --from-file");
    }
    if (!options.execute && !options.dry_run && !options.export_csv) {
        fmt::print(stderr, "Neither --execute nor --dry-run: only showing what would be done.\n");
    }
}

int run(consumer_groups_options& options, const scenario_flags& scenario) {
    options.scenario = chosen_scenario(scenario);
    check(options);
    const groups_act act = chosen_act(options);
    auto settings = options.cluster.settings(client::role::admin);
    return run_tool([&](runtime::real::world& world) {
        return with_client<client::admin>(
            world, settings, [&](client::admin& admin) { return act(admin, options); });
    });
}

void declare_acts(flags& app, consumer_groups_options& options) {
    flags acts = app.group("action");
    acts.add_flag("--list", options.list, "list groups");
    acts.add_flag("--describe", options.describe, "show offsets and lag of a group");
    acts.add_flag("--delete", options.remove, "delete groups that have no members");
    acts.add_flag("--delete-offsets", options.delete_offsets, "forget offsets of --topic");
    acts.add_flag("--reset-offsets", options.reset_offsets, "move the offsets of an empty group");
    acts.require_one();
}

void declare_scenarios(flags& app, consumer_groups_options& options, scenario_flags& wanted) {
    flags scenarios = app.group("reset scenario");
    scenarios.add_flag("--to-earliest", wanted.earliest, "the log's start");
    scenarios.add_flag("--to-latest", wanted.latest, "the log's end");
    scenarios.add_flag("--to-current", wanted.current, "where the group is");
    scenarios.add_option("--to-offset", wanted.offset, "this offset");
    scenarios.add_option("--shift-by", wanted.shift, "forward by so many records, or back");
    scenarios.add_option("--to-datetime", wanted.date_time, "YYYY-MM-DDTHH:mm:SS.sss[zone]");
    scenarios.add_option("--by-duration", wanted.duration, "so long ago: P7D, PT1H");
    scenarios.add_option("--from-file", options.from_file, "CSV as --export prints it");
    scenarios.require_at_most_one();
}

}  // namespace

action declare_consumer_groups(flags& app) {
    const auto options = std::make_shared<consumer_groups_options>();
    const auto scenario = std::make_shared<scenario_flags>();
    options->cluster.declare(app, "--command-config");
    declare_acts(app, *options);
    declare_scenarios(app, *options, *scenario);
    app.add_option("--group", options->groups, "group id, once for each");
    app.add_flag("--all-groups", options->all_groups, "every group of the cluster");
    app.add_option("--topic", options->topics, "topic, or topic:0,1 for some partitions");
    app.add_flag("--all-topics", options->all_topics, "every topic the group has offsets of");
    app.add_flag("--members", options->members, "with --describe: its members");
    app.add_flag("--offsets", options->offsets, "with --describe: its offsets (the default)");
    app.add_flag("--state", options->state, "with --describe or --list: its state");
    app.add_flag("--verbose", options->verbose, "with --members: what each is assigned");
    app.add_flag("--execute", options->execute, "do it");
    app.add_flag("--dry-run", options->dry_run, "only show what would be done");
    app.add_flag("--export", options->export_csv, "print the plan as CSV");
    return [options, scenario] { return run(*options, *scenario); };
}

}  // namespace verdikt::cli
