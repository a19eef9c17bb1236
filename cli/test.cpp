/// `verdikt test`: a cluster, a workload, faults, a verdict.
#include "cli/judgement_text.h"
#include "cli/report_files.h"
#include "cli/run_folder.h"
#include "cli/run_text.h"
#include "cli/subcommands.h"
#include "cli/test_options.h"
#include "cli/text_file.h"
#include "cli/tool.h"
#include "cli/versions.h"
#include "nemesis/labs/isolation.h"
#include "nemesis/labs/local_lab.h"
#include "runtime/real/run.h"
#include "runtime/scope.h"
#include "trial/judging.h"
#include "trial/replicas/replica_comparison.h"
#include "trial/trial.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <random>
#include <utility>

namespace verdikt::cli {

namespace {

using namespace std::chrono_literals;
using nemesis::labs::isolation;
using runtime::awaitable;

constexpr int exit_internal = 255;
constexpr runtime::duration progress_interval = 1s;
/// Who reads what was committed waits until transactions of clients that died are over.
constexpr const char* hasty_cleaning =
    "transaction.abort.timed.out.transaction.cleanup.interval.ms=1000";
/// Disks of nodes lie in memory, and a broker keeps some of it free for itself: the usual reserve
/// would be all of it.
constexpr std::int64_t disk_bytes = std::int64_t{256} << 20;
constexpr const char* small_reserve = "log.dir.reserved.bytes=33554432";

struct run_plan {
    test_options options;
    trial::trial_options trial;
    std::vector<std::string> overrides;
    bool isolated = false;
};

void show(const trial::progress& now, std::uint64_t begun_before) {
    fmt::print(stderr,
               "\r\x1b[K{}: {} a second; {} ok, {} failed, {} unknown{}{}",
               now.doing,
               now.counts.begun - begun_before,
               now.counts.ok,
               now.counts.failed,
               now.counts.unknown,
               now.faults.empty() ? "" : "; now: ",
               now.faults);
    std::fflush(stderr);
}

awaitable<void> show_progress(runtime::environment& world, const trial::trial& one) {
    std::uint64_t begun = 0;
    while (true) {
        const trial::progress now = one.look();
        show(now, std::exchange(begun, now.counts.begun));
        co_await world.sleep_for(progress_interval);
    }
}

/// On a terminal the run is watched; into a pipe nothing is said but the end.
awaitable<void> run_watched(runtime::environment& world, trial::trial& one) {
    runtime::scope watching(world.get_executor());
    const bool watched = ::isatty(STDERR_FILENO) == 1;
    if (watched) watching.spawn(show_progress(world, one));
    std::exception_ptr failure;
    try {
        co_await one.run();
    } catch (...) {
        failure = std::current_exception();
    }
    co_await watching.cancel_and_join();
    if (watched) fmt::print(stderr, "\r\x1b[K");
    if (failure) std::rethrow_exception(failure);
}

std::unique_ptr<nemesis::lab> make_lab(runtime::real::world& world,
                                       const run_plan& plan,
                                       const std::filesystem::path& folder) {
    nemesis::labs::local_lab_options options{
        .folder = folder, .nodes = plan.options.nodes, .overrides = {hasty_cleaning}};
    const auto& wanted = plan.trial.what->overrides;
    options.overrides.insert(options.overrides.end(), wanted.begin(), wanted.end());
    options.overrides.insert(options.overrides.end(), plan.overrides.begin(), plan.overrides.end());
    if (!plan.isolated) return nemesis::labs::make_process_lab(world, std::move(options));
    options.disk_bytes = disk_bytes;
    options.overrides.insert(options.overrides.begin(), small_reserve);
    return nemesis::labs::make_local_lab(world, std::move(options));
}

/// What is known of the run so far; its history is judged by whoever calls.
checker::report::run facts_of(const run_plan& plan, const trial::trial& one) {
    checker::report::run found = one.facts();
    found.command = plan.options.command();
    found.versions = versions_here();
    return found;
}

void write_report_or_throw(const std::filesystem::path& folder, const checker::report::run& what) {
    const auto written = write_report(folder, what);
    if (!written) throw std::runtime_error(written.error());
}

using replicas_seen = std::optional<checker::replica_logs::comparison>;

/// Both labs run brokers of our own. Stops them.
awaitable<void> look_at_replicas(runtime::real::world& world,
                                 nemesis::lab& where,
                                 std::filesystem::path scratch,
                                 replicas_seen& seen) {
    seen = co_await trial::compare_replicas(world, where, std::move(scratch));
}

int conclude(const run_plan& plan,
             const std::filesystem::path& folder,
             const trial::trial& one,
             replicas_seen replicas,
             const history_file& history) {
    checker::report::run found = facts_of(plan, one);
    found.replicas = std::move(replicas);
    if (history.failed()) {
        found.trial_says = std::max(found.trial_says, checker::verdict::infra);
        found.reasons.emplace_back("the history could not be written to its end");
    }
    const auto judged = trial::judge_run(
        found, [&folder] { return std::make_unique<file_bytes>(folder / "history.ndjson"); });
    if (!judged) throw std::runtime_error(judged.error());
    write_file(folder / "schedule.json", nemesis::to_json(one.schedule()));
    write_report_or_throw(folder, found);
    if (plan.options.format == "json") {
        fmt::print("{}", text_of_file((folder / "results.json").string()));
    } else {
        fmt::print("{}again: {}\nreport: {}\n",
                   run_text(found),
                   found.command,
                   (folder / "report.html").string());
    }
    std::fflush(stdout);
    return exit_code_of(found.says);
}

/// What the brokers kept is large, and their logs tell what it would.
void remove_data(const nemesis::lab& where) {
    for (const std::int32_t node : where.nodes()) {
        std::error_code ignored;  // Only space is at stake.
        std::filesystem::remove_all(where.folder_of(node) / "data", ignored);
    }
}

awaitable<int> hold_trial(runtime::real::world& world, const run_plan& plan) {
    const auto folder = make_run_folder(plan.options.store, plan.trial.test, world.wall_time());
    history_file history(folder / "history.ndjson");
    const auto lab = make_lab(world, plan, folder);
    trial::trial one(world, *lab, plan.trial, history);
    // So that whoever kills us loses nothing: `verdikt analyze` needs this and the history.
    write_report_or_throw(folder, facts_of(plan, one));
    replicas_seen replicas;
    std::exception_ptr failure;
    try {
        co_await until_terminated(world, run_watched(world, one));
        if (one.complete()) {
            co_await until_terminated(world,
                                      look_at_replicas(world, *lab, folder / "replicas", replicas));
        }
    } catch (...) {
        failure = std::current_exception();
    }
    co_await lab->stop();
    remove_data(*lab);
    if (failure) std::rethrow_exception(failure);
    co_return conclude(plan, folder, one, std::move(replicas), history);
}

awaitable<int> hold_trial_or_tell(runtime::real::world& world, const run_plan& plan) {
    try {
        co_return co_await hold_trial(world, plan);
    } catch (const std::exception& problem) {
        fmt::print(stderr, "verdikt test: {}\n", problem.what());
    }
    co_return exit_internal;
}

int run_in_world(const run_plan& plan) {
    runtime::real::world_options options;
    options.node = "verdikt";
    options.log.level = runtime::log_level::error;
    return runtime::real::run(std::move(options), [&plan](runtime::real::world& world) {
        return hold_trial_or_tell(world, plan);
    });
}

/// Refuses a lab that this machine cannot have.
isolation choose_isolation(const std::string& lab) {
    if (lab == "processes") return isolation::none;
    const auto found = nemesis::labs::probe_isolation();
    if (found.best == isolation::none && lab == "local") {
        throw bad_arguments("--lab local: " + found.reason);
    }
    return found.best;
}

int run_test(test_options options) {
    options.apply_demo();
    if (options.load.seed == 0) options.load.seed = std::random_device()();
    const isolation how = choose_isolation(options.lab);
    options.lab = how == isolation::none ? "processes" : "local";
    const run_plan plan{.options = options,
                        .trial = options.trial(),
                        .overrides = options.broker_overrides(),
                        .isolated = how != isolation::none};
    if (!plan.isolated) return run_in_world(plan);
    return nemesis::labs::run_isolated(how, [&plan] { return run_in_world(plan); });
}

}  // namespace

action declare_test(flags& app) {
    const auto options = std::make_shared<test_options>();
    options->declare(app);
    return [options] { return run_test(*options); };
}

}  // namespace verdikt::cli
