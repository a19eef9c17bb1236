#include "checker/exactly_once/exactly_once_checker.h"
#include "trial/kinds.h"
#include "workloads/exactly_once/exactly_once.h"

namespace verdikt::trial {

namespace {

std::unique_ptr<workloads::workload> make(runtime::environment& world,
                                          const workloads::load_options& load,
                                          workloads::recorder& history) {
    return workloads::make_exactly_once(world, {.load = load}, history);
}

std::expected<checker::judgement, checker::history::malformed> judge(
    checker::history::byte_source& history, const workloads::load_options& load) {
    const auto reader = checker::history::read_json(history);
    const auto recorded = checker::exactly_once::recording::read(*reader);
    if (!recorded) return std::unexpected(recorded.error());
    return checker::exactly_once::check(
        *recorded,
        {.transactional = load.transactional() || load.expect_idempotent,
         .read_committed = load.promises_committed(),
         .auto_commit = load.auto_commit && !load.expect_committed,
         .clean_elections = !load.unclean_elections || load.expect_durable,
         .each_once = load.expect_processed,
         .transactions_min = static_cast<std::uint64_t>(load.operations_min)});
}

}  // namespace

const kind exactly_once_kind{
    .name = "exactly-once",
    .summary =
        "instances of one group turn each input into one output, through crashes and zombies",
    .checker = "exactly-once",
    .make = make,
    .judge = judge,
};

}  // namespace verdikt::trial
