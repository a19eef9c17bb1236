#include "cli/test_options.h"

#include "cli/subcommand.h"
#include "cli/text_file.h"
#include "cli/tool.h"
#include "trial/demos.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::cli {

namespace {

using nemesis::fault_kind;

std::vector<std::string> split(const std::vector<std::string>& lists) {
    std::vector<std::string> words;
    for (const std::string& list : lists) {
        std::size_t begin = 0;
        while (begin <= list.size()) {
            const std::size_t end = std::min(list.find(',', begin), list.size());
            if (end > begin) words.push_back(list.substr(begin, end - begin));
            begin = end + 1;
        }
    }
    return words;
}

bool means(std::string_view word, const nemesis::fault_description& kind) {
    return kind.name == word || to_text(kind.family) == word ||
           kind.name.starts_with(std::string(word) + "-");
}

void declare_one(flags& app, const std::string& name, bool& value, const std::string& meaning) {
    app.add_flag("--" + name, value, meaning);
}

/// Jepsen has short names for some.
template <typename Value>
void declare_one(flags& app, const std::string& name, Value& value, const std::string& meaning) {
    std::string names = "--" + name;
    if (name == "rate" || name == "concurrency") names = fmt::format("-{},{}", name[0], names);
    app.add_option(names, value, meaning);
}

/// Single quotes, where a shell would see more than a word.
std::string quoted(const std::string& word) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=.,:/+@%";
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
    std::string made = "'";
    for (const char each : word) made += each == '\'' ? "'\\''" : std::string(1, each);
    return made + "'";
}

}  // namespace

std::optional<std::vector<fault_kind>> chosen_faults(const std::vector<std::string>& lists) {
    const std::vector<std::string> words = split(lists);
    if (words.empty()) return std::nullopt;
    std::vector<fault_kind> chosen;
    if (words == std::vector<std::string>{"none"}) return chosen;
    for (const std::string& word : words) {
        const std::size_t before = chosen.size();
        for (const auto& each : nemesis::fault_catalogue()) {
            const bool known = std::ranges::find(chosen, each.kind) != chosen.end();
            if (means(word, each) && !known) chosen.push_back(each.kind);
        }
        if (chosen.size() != before) continue;
        const auto named = nemesis::parse_fault_kind(word);
        if (!named) throw bad_arguments("--nemesis: " + named.error());
    }
    return chosen;
}

void test_options::declare(flags& app) {
    app.add_option("-w,--workload", workload, "What the clients do; see list workloads");
    app.add_option("--time-limit", time_limit, "Seconds that the workload runs").positive();
    app.add_option("--nodes", nodes, "Brokers").positive();
    app.add_option("--seed", load.seed, "Draws workload and faults; 0: drawn itself");
    app.add_option("--nemesis",
                   nemesis,
                   "Faults or families of faults, parted by commas, or none; by default all that "
                   "the lab can do");
    app.add_option("--schedule", schedule_file, "Instead of drawn faults those of that file");
    app.add_option("--lab", lab, "Where: local has namespaces, processes has none; auto: the best")
        .one_of({"auto", "local", "processes"});
    app.add_option("--config", overrides, "key=value, for every broker");
    app.add_option("--store", store, "The folder of all runs");
    app.add_option("--format", format, "How the end is told").one_of({"text", "json"});
    app.add_option("--demo", demo, "Shows a bug being caught; see list demos");
    app.add_flag("--safe", safe, "With --demo: the same faults, and the setting that withstands");
    workloads::each_option(load,
                           [&app](std::string_view name, auto& value, std::string_view meaning) {
                               declare_one(app, std::string(name), value, std::string(meaning));
                           });
}

void test_options::apply_demo() {
    if (safe && demo.empty()) throw bad_arguments("--safe goes with --demo");
    if (demo.empty()) return;
    const auto found = trial::find_demo(demo);
    if (!found) throw bad_arguments("--demo: " + found.error());
    const trial::demo& shown = **found;
    // Signals are all that it needs, and any machine has those.
    lab = "processes";
    workload = shown.workload;
    nodes = shown.nodes;
    time_limit = shown.seconds;
    overrides.insert(overrides.begin(), shown.overrides.begin(), shown.overrides.end());
    shown.prepare(load);
    if (!safe) shown.relax(load);
}

std::optional<nemesis::schedule> test_options::chosen_schedule() const {
    if (!demo.empty()) return trial::find_demo(demo).value()->faults();
    if (schedule_file.empty()) return std::nullopt;
    return value_or_refuse(nemesis::schedule_from_json(text_of_file(schedule_file)), schedule_file);
}

trial::trial_options test_options::trial() const {
    const auto what = trial::find_kind(workload);
    if (!what) throw bad_arguments("--workload: " + what.error());
    if (const std::string problem = problem_of(load); !problem.empty()) {
        throw bad_arguments("--" + problem);
    }
    return {.test = demo.empty() ? workload : fmt::format("demo-{}{}", demo, safe ? "-safe" : ""),
            .what = *what,
            .load = load,
            .time_limit = std::chrono::milliseconds(static_cast<std::int64_t>(time_limit * 1000)),
            .faults = chosen_faults(nemesis),
            .schedule = chosen_schedule()};
}

std::vector<std::string> test_options::broker_overrides() const {
    static_cast<void>(settings_of(overrides));
    return overrides;
}

std::string test_options::command() const {
    std::string words = fmt::format("verdikt test --seed {}", load.seed);
    if (!demo.empty()) return words + " --demo " + demo + (safe ? " --safe" : "");
    words += fmt::format(
        " --workload {} --lab {} --time-limit {} --nodes {}", workload, lab, time_limit, nodes);
    for (const std::string& each : nemesis) words += " --nemesis " + quoted(each);
    if (!schedule_file.empty()) words += " --schedule " + quoted(schedule_file);
    for (const std::string& each : overrides) words += " --config " + quoted(each);
    const workloads::load_options usual;
    const auto defaults = texts_of(usual);
    const auto told = texts_of(load);
    for (std::size_t each = 0; each < told.size(); ++each) {
        const auto& [flag, value] = told[each];
        if (value == defaults[each].second) continue;
        words += value == "true" ? " --" + flag : fmt::format(" --{} {}", flag, quoted(value));
    }
    return words;
}

}  // namespace verdikt::cli
