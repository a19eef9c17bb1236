#include "cli/models.h"

#include "checker/admin/admin_checker.h"
#include "checker/compaction/compaction_checker.h"
#include "checker/exactly_once/exactly_once_checker.h"
#include "checker/groups/groups_checker.h"
#include "checker/list_append/list_append_checker.h"
#include "checker/log/log_checker.h"
#include "checker/rw_register/rw_register_checker.h"
#include "cli/subcommand.h"
#include "runtime/check.h"
#include "runtime/nearest_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace verdikt::cli {

namespace {

checker::log::settings log_settings(const asked_settings& options) {
    using namespace checker::log;
    settings asked;
    asked.durable = options.acks == "all" && !options.unclean_elections;
    asked.clean_elections = !options.unclean_elections;
    asked.idempotent = !options.no_idempotence;
    asked.read_committed = options.isolation_level == "read_committed";
    asked.log_append_time = options.log_append_time;
    if (options.sub_via == "assign") asked.sub_via = subscription::assign;
    if (options.sub_via == "subscribe") asked.sub_via = subscription::subscribe;
    if (options.final_reads == "made") asked.finally = final_reads::made;
    asked.sends_min = options.sends_min;
    asked.polls_min = options.polls_min;
    return asked;
}

checker::compaction::settings compaction_settings(const asked_settings& options) {
    checker::compaction::settings asked;
    asked.durable = options.acks == "all" && !options.unclean_elections;
    asked.sends_min = options.sends_min;
    asked.scans_min = options.polls_min;
    return asked;
}

checker::admin::settings admin_settings(const asked_settings& options) {
    checker::admin::settings asked;
    asked.changes_min = options.sends_min;
    asked.answers_min = options.polls_min;
    return asked;
}

checker::exactly_once::settings exactly_once_settings(const asked_settings& options) {
    return {.transactional =
                !options.no_transactions && !options.no_idempotence && options.acks == "all",
            .read_committed = options.isolation_level == "read_committed",
            .auto_commit = options.auto_commit,
            .clean_elections = !options.unclean_elections,
            .transactions_min = options.sends_min};
}

checker::groups::settings group_settings(const asked_settings& options) {
    return {.auto_commit = options.auto_commit,
            .clean_elections = !options.unclean_elections,
            .commits_min = options.sends_min};
}

/// Each checker has a recording, settings and a judge of its own, all of the same names.
template <typename Recording, auto Settings>
std::expected<checker::judgement, checker::history::malformed> judge(
    checker::history::operation_reader& history, const asked_settings& asked) {
    const auto recorded = Recording::read(history);
    if (!recorded) return std::unexpected(recorded.error());
    return check(*recorded, Settings(asked));
}

checker::transactions::consistency_model transactions_promise(const asked_settings& asked) {
    auto found = checker::transactions::consistency_model::named(asked.consistency_model);
    CHECK(found.has_value(), "there is no consistency model {}", asked.consistency_model);
    return std::move(*found);
}

std::expected<checker::judgement, checker::history::malformed> judge_lists(
    checker::history::operation_reader& history, const asked_settings& asked) {
    const auto recorded = checker::list_append::list_history::read(history);
    if (!recorded) return std::unexpected(recorded.error());
    return checker::list_append::check(*recorded, transactions_promise(asked));
}

std::expected<checker::judgement, checker::history::malformed> judge_registers(
    checker::history::operation_reader& history, const asked_settings& asked) {
    const auto recorded = checker::rw_register::read(history);
    if (!recorded) return std::unexpected(recorded.error());
    return checker::rw_register::check(*recorded,
                                       {.model = transactions_promise(asked),
                                        .writes_follow_reads = asked.writes_follow_reads,
                                        .sequential_keys = asked.sequential_keys,
                                        .linearizable_keys = asked.linearizable_keys});
}

constexpr std::array models{
    model{"kafka", judge<checker::log::recording, log_settings>},
    model{"compaction", judge<checker::compaction::recording, compaction_settings>},
    model{"admin", judge<checker::admin::recording, admin_settings>},
    model{"exactly-once", judge<checker::exactly_once::recording, exactly_once_settings>},
    model{"groups", judge<checker::groups::recording, group_settings>},
    model{"list-append", judge_lists},
    model{"rw-register", judge_registers},
};

}  // namespace

void check_consistency_model(const asked_settings& asked) {
    const auto found = checker::transactions::consistency_model::named(asked.consistency_model);
    if (found) return;
    const auto known = checker::transactions::all_models();
    throw bad_arguments(
        fmt::format("there is no consistency model '{}'; did you mean {}? 'verdikt list "
                    "consistency-models' names all",
                    found.error(),
                    runtime::nearest_name(found.error(), known)));
}

std::span<const model> all_models() {
    return models;
}

std::vector<std::string> model_names() {
    std::vector<std::string> names;
    for (const model& each : models) names.emplace_back(each.name);
    return names;
}

const model& model_named(std::string_view name) {
    const auto* const found = std::ranges::find(models, name, &model::name);
    CHECK(found != models.end(), "there is no model {}", name);
    return *found;
}

}  // namespace verdikt::cli
