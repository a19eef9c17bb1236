#include "checker/admin/admin_checker.h"
#include "trial/kinds.h"
#include "workloads/admin/admin.h"

namespace verdikt::trial {

namespace {

std::unique_ptr<workloads::workload> make(runtime::environment& world,
                                          const workloads::load_options& load,
                                          workloads::recorder& history) {
    return workloads::make_admin(world, {.load = load}, history);
}

std::expected<checker::judgement, checker::history::malformed> judge(
    checker::history::byte_source& history, const workloads::load_options& load) {
    const auto reader = checker::history::read_json(history);
    const auto recorded = checker::admin::recording::read(*reader);
    if (!recorded) return std::unexpected(recorded.error());
    const auto least = static_cast<std::uint64_t>(load.operations_min);
    return checker::admin::check(*recorded, {.changes_min = least, .answers_min = least});
}

}  // namespace

const kind admin_kind{
    .name = "admin",
    .summary =
        "topics, partitions and configurations made and unmade, and asked for at each broker",
    .checker = "admin",
    .make = make,
    .judge = judge,
};

}  // namespace verdikt::trial
