#include "checker/list_append/list_append_checker.h"
#include "trial/kinds.h"
#include "trial/transaction_promises.h"
#include "workloads/list_append/list_append.h"

namespace verdikt::trial {

namespace {

std::unique_ptr<workloads::workload> make(runtime::environment& world,
                                          const workloads::load_options& load,
                                          workloads::recorder& history) {
    return workloads::make_list_append(world, {.load = load}, history);
}

std::expected<checker::judgement, checker::history::malformed> judge(
    checker::history::byte_source& history, const workloads::load_options& load) {
    const auto reader = checker::history::read_json(history);
    const auto recorded = checker::list_append::list_history::read(*reader);
    if (!recorded) return std::unexpected(recorded.error());
    return checker::list_append::check(
        *recorded, transaction_promises(load), transaction_floor(load));
}

}  // namespace

const kind list_append_kind{
    .name = "list-append",
    .summary = "transactions append to lists, each a partition, and others read the lists whole",
    .checker = "list-append",
    .make = make,
    .judge = judge,
};

}  // namespace verdikt::trial
