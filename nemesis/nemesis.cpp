#include "nemesis/nemesis.h"

#include "runtime/check.h"
#include "runtime/notification.h"
#include "runtime/scope.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::nemesis {

namespace {

using std::chrono::milliseconds;

/// How long a node waits for the command before it heals by itself.
constexpr milliseconds timer_slack{2000};

runtime::instant after(runtime::instant from, milliseconds span) {
    return from + std::chrono::duration_cast<runtime::duration>(span);
}

/// What one run of a schedule is made of; lives as long as `run_schedule`.
struct performance {
    runtime::environment& world;
    const schedule& what;
    lab& where;
    role_source& roles;
    const step_listener& tell;
    act_id last_act = 0;
    std::vector<bool> over = {};  ///< By step.
    runtime::notification ended = {};
};

struct open_act {
    act_id act = 0;
    std::int32_t host = 0;
};

struct stage_result {
    std::vector<std::pair<std::int32_t, evidence>> hosts;
    std::vector<open_act> applied;
    std::string fault;  ///< Of the first that failed.
};

runtime::awaitable<void> apply_one(
    performance& run, act_id act, placed_fault what, milliseconds heal_after, stage_result& into) {
    const std::int32_t host = what.host;
    const auto done = co_await run.where.apply(act, std::move(what), heal_after);
    if (!done) {
        if (into.fault.empty()) into.fault = fmt::format("host {}: {}", host, done.error());
        co_return;
    }
    into.hosts.emplace_back(host, *done);
    into.applied.push_back({.act = act, .host = host});
}

/// All acts of a stage together.
runtime::awaitable<void> apply_stage(performance& run,
                                     std::vector<placed_fault> acts,
                                     milliseconds heal_after,
                                     stage_result& into) {
    runtime::scope applying(run.world.get_executor());
    for (placed_fault& each : acts) {
        applying.spawn(apply_one(run, ++run.last_act, std::move(each), heal_after, into));
    }
    co_await applying.join();
}

runtime::awaitable<void> heal_one(performance& run, open_act which, stage_result& into) {
    const auto done = co_await run.where.heal(which.act, which.host);
    if (done) {
        into.hosts.emplace_back(which.host, *done);
    } else if (into.fault.empty()) {
        into.fault = fmt::format("host {}: {}", which.host, done.error());
    }
}

runtime::awaitable<stage_result> heal(performance& run, std::vector<open_act> acts) {
    stage_result healed;
    runtime::scope healing(run.world.get_executor());
    for (const open_act& each : acts) healing.spawn(heal_one(run, each, healed));
    co_await healing.join();
    std::ranges::sort(healed.hosts, {}, [](const auto& each) { return each.first; });
    co_return healed;
}

runtime::awaitable<std::expected<std::vector<std::int32_t>, std::string>> targets_of(
    performance& run, const step& each, runtime::random_source& random) {
    if (describe(each.what.kind).aims.empty()) co_return run.where.nodes();
    cluster_view view = co_await run.roles.look(each.what.target);
    if (view.nodes.empty()) {
        const auto nodes = run.where.nodes();
        view.nodes.insert(nodes.begin(), nodes.end());
    }
    co_return resolve(each.what.target, view, random);
}

/// Applies every stage; stops at one that failed.
runtime::awaitable<stage_result> apply_all(performance& run,
                                           placement stages,
                                           milliseconds heal_after) {
    stage_result result;
    for (auto& stage : stages) {
        if (!result.fault.empty()) break;
        co_await apply_stage(run, std::move(stage), heal_after, result);
    }
    std::ranges::sort(result.hosts, {}, [](const auto& each) { return each.first; });
    co_return result;
}

step_event event_of(const performance& run, std::size_t index) {
    return {.index = index,
            .phase = step_phase::skipped,
            .what = run.what.steps.at(index).what,
            .targets = {},
            .from = run.world.now(),
            .to = run.world.now(),
            .hosts = {},
            .detail = {}};
}

runtime::awaitable<void> undo(performance& run, step_event event, std::vector<open_act> acts) {
    event.from = run.world.now();
    stage_result healed = co_await heal(run, std::move(acts));
    event.to = run.world.now();
    event.phase = healed.fault.empty() ? step_phase::healed : step_phase::failed;
    event.hosts = std::move(healed.hosts);
    event.detail = std::move(healed.fault);
    run.tell(event);
}

/// Whether one that should have ended before this one begins has not: restarts take their time.
bool must_wait(const performance& run, std::size_t index) {
    const auto& steps = run.what.steps;
    for (std::size_t at = 0; at < steps.size(); ++at) {
        const bool before = at != index && steps[at].at + steps[at].lasts <= steps[index].at &&
                            (steps[at].at < steps[index].at || at < index);
        if (before && !run.over[at]) return true;
    }
    return false;
}

runtime::awaitable<void> perform(performance& run, std::size_t index) {
    const step& each = run.what.steps.at(index);
    step_event event = event_of(run, index);
    runtime::random_source random(each.seed);
    const auto targets = co_await targets_of(run, each, random);
    if (!targets) {
        event.detail = targets.error();
        event.to = run.world.now();
        run.tell(event);
        co_return;
    }
    event.targets = *targets;
    const auto nodes = run.where.nodes();
    event.from = run.world.now();
    stage_result applied =
        co_await apply_all(run,
                           place(each.what, *targets, {nodes.begin(), nodes.end()}, random),
                           each.lasts + timer_slack);
    event.to = run.world.now();
    event.phase = applied.fault.empty() ? step_phase::began : step_phase::failed;
    event.hosts = std::move(applied.hosts);
    event.detail = std::move(applied.fault);
    run.tell(event);
    if (describe(each.what.kind).instant) co_return;
    co_await run.world.sleep_until(after(event.to, each.lasts));
    co_await undo(run, std::move(event), std::move(applied.applied));
}

runtime::awaitable<void> perform_in_turn(performance& run,
                                         std::size_t index,
                                         runtime::instant begun) {
    co_await run.world.sleep_until(after(begun, run.what.steps.at(index).at));
    while (must_wait(run, index)) co_await run.ended.wait();
    co_await perform(run, index);
    run.over[index] = true;
    run.ended.notify_all();
}

runtime::awaitable<void> perform_all(performance& run) {
    runtime::scope steps(run.world.get_executor());
    const runtime::instant begun = run.world.now();
    run.over.assign(run.what.steps.size(), false);
    for (std::size_t at = 0; at < run.what.steps.size(); ++at) {
        steps.spawn(perform_in_turn(run, at, begun));
    }
    co_await steps.join();
}

}  // namespace

bool step_event::bit() const {
    return std::ranges::any_of(hosts, [](const auto& each) { return each.second.bit; });
}

std::string_view to_text(step_phase phase) {
    switch (phase) {
        case step_phase::began:
            return "began";
        case step_phase::healed:
            return "healed";
        case step_phase::skipped:
            return "skipped";
        case step_phase::failed:
            return "failed";
    }
    CHECK(false, "phase {}", static_cast<int>(phase));
    return {};
}

std::map<fault_kind, std::string> refusals(const schedule& which, const lab& where) {
    std::map<fault_kind, std::string> refused;
    for (const step& each : which.steps) {
        if (auto reason = where.refusal(each.what.kind)) {
            refused.emplace(each.what.kind, std::move(*reason));
        }
    }
    return refused;
}

runtime::awaitable<void> run_schedule(runtime::environment& world,
                                      schedule what,
                                      lab& where,
                                      role_source& roles,
                                      step_listener tell) {
    performance run{.world = world, .what = what, .where = where, .roles = roles, .tell = tell};
    co_await perform_all(run);
}

}  // namespace verdikt::nemesis
