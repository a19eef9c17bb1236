#include "trial/trial.h"

#include "nemesis/roles/client_roles.h"
#include "runtime/scope.h"
#include "trial/judging.h"
#include "trial/lab_with_clients.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace verdikt::trial {

using namespace std::chrono_literals;
using checker::verdict;
using runtime::awaitable;

namespace {

/// The cluster gets that much of the run to recover while the workload still goes on.
constexpr std::chrono::milliseconds calm_at_end = 2s;

std::vector<std::string> split_servers(const std::string& list) {
    std::vector<std::string> servers;
    std::size_t begin = 0;
    while (begin < list.size()) {
        const std::size_t end = std::min(list.find(',', begin), list.size());
        servers.push_back(list.substr(begin, end - begin));
        begin = end + 1;
    }
    return servers;
}

checker::history::datum text_of(std::string_view what) {
    checker::history::datum made;
    made.add_text(what);
    return made;
}

std::string name_of_host(std::int32_t host) {
    return host == nemesis::clients_host ? "clients" : fmt::format("node {}", host);
}

std::string names_of(const std::vector<std::int32_t>& hosts) {
    std::vector<std::string> names;
    for (const std::int32_t each : hosts) names.push_back(name_of_host(each));
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string describe(const nemesis::step_event& event) {
    std::string text =
        fmt::format("{}: {}", nemesis::to_text(event.phase), nemesis::to_text(event.what));
    for (const auto& [host, seen] : event.hosts) {
        text += fmt::format("; {}: {}", name_of_host(host), seen.text);
    }
    if (!event.detail.empty()) text += "; " + event.detail;
    return text;
}

nemesis::draw_options draw_options_of(const trial_options& options,
                                      const workloads::aims& aimed,
                                      std::int32_t nodes,
                                      std::vector<nemesis::fault_kind> kinds) {
    nemesis::draw_options drawn;
    drawn.faults = std::move(kinds);
    drawn.span = options.time_limit - calm_at_end;
    drawn.nodes = nodes;
    drawn.partitions = aimed.partitions;
    drawn.groups = aimed.groups;
    drawn.transactional_ids = aimed.transactional_ids;
    return drawn;
}

}  // namespace

trial::trial(runtime::environment& world,
             nemesis::lab& where,
             trial_options options,
             workloads::line_sink& history)
    : world_(world),
      raw_lab_(where),
      options_(std::move(options)),
      recorder_(history, [&world] { return world.now(); }),
      began_(world.now()),
      began_at_(std::chrono::nanoseconds(world.wall_time().time_since_epoch()).count()) {}

trial::~trial() = default;

awaitable<void> trial::run() {
    if (!co_await start()) co_return;
    doing_ = "running";
    co_await work_under_faults();
    doing_ = "healing";
    const auto healed = co_await lab_->heal_all();
    if (!healed) fail(verdict::infra, "not everything could be healed: " + healed.error());
    doing_ = "reading everything";
    co_await workload_->finish(world_.now() + options_.final_read_patience);
    doing_ = "done";
    complete_ = true;
}

awaitable<bool> trial::start() {
    const auto started = co_await raw_lab_.start();
    if (!started) {
        fail(verdict::infra, "the lab did not start: " + started.error());
        co_return false;
    }
    options_.load.servers = split_servers(raw_lab_.bootstrap_servers());
    workload_ = options_.what->make(world_, options_.load, recorder_);
    lab_ = with_clients(raw_lab_, *workload_);
    leaders_.emplace(world_, options_.load.servers, workload_->fault_aims(), began_);
    if (!choose_schedule()) co_return false;
    doing_ = "waiting for the cluster";
    const auto ready = co_await workload_->set_up(world_.now() + options_.start_patience);
    if (!ready) fail(verdict::inconclusive, "the cluster never served: " + ready.error());
    co_return ready.has_value();
}

/// False if the lab refuses what was asked for.
bool trial::choose_schedule() {
    std::vector<nemesis::fault_kind> kinds;
    if (options_.faults) {
        kinds = *options_.faults;
    } else {
        for (const auto& each : nemesis::fault_catalogue()) {
            if (!lab_->refusal(each.kind)) kinds.push_back(each.kind);
        }
    }
    std::map<nemesis::fault_kind, std::string> refused;
    for (const nemesis::fault_kind each : kinds) {
        if (auto why = lab_->refusal(each)) refused.emplace(each, std::move(*why));
    }
    if (options_.schedule) {
        schedule_ = *options_.schedule;
        refused = nemesis::refusals(schedule_, *lab_);
    } else if (refused.empty() && !kinds.empty()) {
        const auto nodes = static_cast<std::int32_t>(lab_->nodes().size());
        schedule_ = nemesis::draw_schedule(
            draw_options_of(options_, workload_->fault_aims(), nodes, kinds), options_.load.seed);
        if (schedule_.steps.empty()) {
            fail(verdict::inconclusive, "the time limit leaves no time for any fault");
        }
    }
    for (const auto& [kind, why] : refused) {
        fail(verdict::infra,
             fmt::format(
                 "lab '{}' cannot inject {}: {}", lab_->name(), nemesis::to_text(kind), why));
    }
    return refused.empty();
}

awaitable<void> trial::work_under_faults() {
    const auto span = std::max(options_.time_limit, schedule_.end() + calm_at_end);
    runtime::scope watching(world_.get_executor());
    runtime::scope running(world_.get_executor());
    watching.spawn(leaders_->watch());
    running.spawn(workload_->run(world_.now() + span));
    running.spawn(break_things());
    std::exception_ptr failure;
    try {
        co_await running.join();
    } catch (...) {
        failure = std::current_exception();
    }
    co_await watching.cancel_and_join();
    if (failure) std::rethrow_exception(failure);
}

awaitable<void> trial::break_things() {
    if (schedule_.steps.empty()) co_return;
    const auto nodes = lab_->nodes();
    nemesis::roles::client_roles roles(
        world_, lab_->bootstrap_servers(), {nodes.begin(), nodes.end()});
    std::exception_ptr failure;
    try {
        co_await nemesis::run_schedule(
            world_, schedule_, *lab_, roles, [this](const nemesis::step_event& event) {
                note(event);
            });
    } catch (...) {
        failure = std::current_exception();
    }
    co_await roles.close();
    if (failure) std::rethrow_exception(failure);
}

void trial::note(const nemesis::step_event& event) {
    recorder_.note(std::string(nemesis::to_text(event.what.kind)), text_of(describe(event)));
    using nemesis::step_phase;
    // What a host refused is undone on those that did as they were told.
    const bool undone_later =
        (event.phase == step_phase::began || event.phase == step_phase::failed) &&
        !open_.contains(event.index) && !nemesis::describe(event.what.kind).instant;
    if (undone_later) {
        open_.emplace(event.index, event);
    } else {
        spans_.push_back(span_of(event));
        open_.erase(event.index);
    }
}

checker::report::fault_span trial::span_of(const nemesis::step_event& event) const {
    using checker::report::fault_outcome;
    const auto& kind = nemesis::describe(event.what.kind);
    checker::report::fault_span made{.kind = std::string(kind.name),
                                     .family = std::string(nemesis::to_text(kind.family)),
                                     .what = nemesis::to_text(event.what),
                                     .targets = names_of(event.targets),
                                     .from = (event.from - began_).count(),
                                     .to = (event.to - began_).count()};
    if (event.phase == nemesis::step_phase::skipped) made.outcome = fault_outcome::skipped;
    const auto add = [&made](const nemesis::step_event& of) {
        for (const auto& [host, seen] : of.hosts) {
            made.evidence.push_back({name_of_host(host), seen.bit, seen.text});
        }
        made.bit = made.bit || of.bit();
        if (of.phase == nemesis::step_phase::failed) made.outcome = fault_outcome::failed;
        if (made.detail.empty()) made.detail = of.detail;
    };
    const auto begun = open_.find(event.index);
    if (begun != open_.end() && &begun->second != &event) {
        made.from = (begun->second.from - began_).count();
        add(begun->second);
    }
    add(event);
    return made;
}

/// A kind that was to break something and never did makes the run worth nothing. That somebody
/// drew a role which nobody held says nothing of a kind, unless it was asked for by name; but
/// something must have bitten.
void trial::doubt_faults(std::vector<std::string>& reasons) const {
    using checker::report::fault_outcome;
    struct standing {
        bool bit = false;
        bool passed_over = false;
        std::string why = "it never began";
    };
    std::map<std::string, standing> kinds;
    for (const nemesis::step& each : schedule_.steps) {
        kinds[std::string(nemesis::to_text(each.what.kind))] = {};
    }
    for (const auto& each : spans_) {
        standing& here = kinds[each.kind];
        const bool skipped = each.outcome == fault_outcome::skipped;
        here.bit = here.bit || each.bit;
        here.passed_over = skipped && here.why == standing().why;
        here.why = each.detail.empty() ? "it did nothing" : each.detail;
    }
    const bool by_name = options_.schedule || options_.faults;
    const bool any_bit = kinds.empty() || std::ranges::any_of(kinds, [](const auto& each) {
                             return each.second.bit;
                         });
    for (const auto& [kind, seen] : kinds) {
        if (seen.bit || (seen.passed_over && !by_name && any_bit)) continue;
        reasons.push_back(fmt::format("{} never bit: {}", kind, seen.why));
    }
}

checker::report::named_values trial::settings_shown() const {
    checker::report::named_values shown = workloads::texts_of(options_.load);
    const double seconds = std::chrono::duration<double>(options_.time_limit).count();
    shown.insert(shown.begin(), {workload_setting, std::string(options_.what->name)});
    shown.emplace_back("time-limit", fmt::format("{} s", seconds));
    shown.emplace_back("lab", raw_lab_.name());
    shown.emplace_back("nodes", fmt::format("{}", raw_lab_.nodes().size()));
    return shown;
}

void trial::fail(verdict says, std::string why) {
    says_ = std::max(says_, says);
    reasons_.push_back(std::move(why));
}

checker::report::run trial::facts() const {
    checker::report::run made;
    made.test = options_.test;
    made.trial_says = says_;
    made.reasons = reasons_;
    if (!complete_ && reasons_.empty()) {
        made.trial_says = verdict::inconclusive;
        made.reasons.emplace_back("the trial was cut short");
    }
    made.began_at = began_at_;
    made.seed = options_.load.seed;
    made.settings = settings_shown();
    made.faults = spans_;
    for (const auto& [index, event] : open_) made.faults.push_back(span_of(event));
    if (leaders_) made.leaders = leaders_->seen();
    if (complete_) {
        doubt_faults(made.reasons);
        if (!made.reasons.empty()) {
            made.trial_says = std::max(made.trial_says, verdict::inconclusive);
        }
    }
    made.says = made.trial_says;
    return made;
}

progress trial::look() const {
    std::vector<std::string> there;
    for (const auto& [index, event] : open_) there.push_back(nemesis::to_text(event.what));
    return {.doing = doing_,
            .faults = fmt::format("{}", fmt::join(there, ", ")),
            .counts = recorder_.counts()};
}

}  // namespace verdikt::trial
