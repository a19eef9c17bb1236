#include "trial/judging.h"

#include "checker/availability/availability.h"
#include "checker/replica_logs/replica_logs.h"
#include "checker/report/disturbances.h"
#include "trial/kinds.h"
#include "workloads/load_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace verdikt::trial {

namespace {

std::string setting(const checker::report::run& what, std::string_view name) {
    const auto found = std::ranges::find(
        what.settings, name, [](const auto& each) -> std::string_view { return each.first; });
    return found == what.settings.end() ? std::string() : found->second;
}

checker::judgement failure(const checker::history::malformed& problem) {
    checker::judgement said;
    said.says = checker::verdict::crash;
    said.doubts.push_back(
        fmt::format("line {} of the history cannot be judged: {}", problem.line, problem.what));
    return said;
}

/// What is wrong with the history the workload's checker says.
checker::judgement judge_availability(const checker::report::run& what,
                                      checker::history::byte_source& history) {
    const auto reader = checker::history::open_history(history);
    if (!reader) return {};
    const auto measured =
        checker::availability::measure(**reader, checker::report::disturbances_of(what));
    return measured ? checker::availability::judge(*measured) : checker::judgement();
}

}  // namespace

std::expected<void, std::string> judge_run(checker::report::run& what,
                                           const history_opener& history) {
    const auto by = find_kind(setting(what, workload_setting));
    if (!by) return std::unexpected(by.error());
    const auto load = workloads::load_options_from(what.settings);
    if (!load) return std::unexpected(load.error());
    const auto judged = (*by)->judge(*history(), *load);
    what.opinions.clear();
    what.opinions.push_back(
        {std::string((*by)->checker), judged ? *judged : failure(judged.error())});
    what.opinions.push_back({"availability", judge_availability(what, *history())});
    if (what.replicas) {
        const bool clean = !load->unclean_elections || load->expect_durable;
        what.opinions.push_back({"replicas", checker::replica_logs::judge(*what.replicas, clean)});
    }
    what.says = checker::report::judged(what);
    return {};
}

}  // namespace verdikt::trial
