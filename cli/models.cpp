#include "cli/models.h"

#include "checker/admin/admin_checker.h"
#include "checker/compaction/compaction_checker.h"
#include "checker/exactly_once/exactly_once_checker.h"
#include "checker/groups/groups_checker.h"
#include "checker/log/log_checker.h"
#include "runtime/check.h"

#include <algorithm>
#include <array>

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

constexpr std::array models{
    model{"kafka", judge<checker::log::recording, log_settings>},
    model{"compaction", judge<checker::compaction::recording, compaction_settings>},
    model{"admin", judge<checker::admin::recording, admin_settings>},
    model{"exactly-once", judge<checker::exactly_once::recording, exactly_once_settings>},
    model{"groups", judge<checker::groups::recording, group_settings>},
};

}  // namespace

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
