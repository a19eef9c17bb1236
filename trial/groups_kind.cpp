#include "checker/groups/groups_checker.h"
#include "trial/kinds.h"
#include "workloads/groups/groups.h"

namespace verdikt::trial {

namespace {

std::unique_ptr<workloads::workload> make(runtime::environment& world,
                                          const workloads::load_options& load,
                                          workloads::recorder& history) {
    return workloads::make_groups(world, {.load = load}, history);
}

std::expected<checker::judgement, checker::history::malformed> judge(
    checker::history::byte_source& history, const workloads::load_options& load) {
    const auto reader = checker::history::read_json(history);
    const auto recorded = checker::groups::recording::read(*reader);
    if (!recorded) return std::unexpected(recorded.error());
    return checker::groups::check(
        *recorded,
        {.auto_commit = load.auto_commit,
         .clean_elections = !load.unclean_elections || load.expect_durable,
         .commits_min = static_cast<std::uint64_t>(load.operations_min)});
}

}  // namespace

const kind groups_kind{
    .name = "groups",
    .summary = "the members of a group come and go, and commit what they have read",
    .checker = "groups",
    .make = make,
    .judge = judge,
};

}  // namespace verdikt::trial
