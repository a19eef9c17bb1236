#include "checker/rw_register/rw_register_checker.h"
#include "trial/kinds.h"
#include "trial/transaction_promises.h"
#include "workloads/rw_register/rw_register.h"

namespace verdikt::trial {

namespace {

std::unique_ptr<workloads::workload> make(runtime::environment& world,
                                          const workloads::load_options& load,
                                          workloads::recorder& history) {
    return workloads::make_rw_register(world, load, history);
}

/// Processes that read do not write, and keep to one consumer: so keys are sequential.
std::expected<checker::judgement, checker::history::malformed> judge(
    checker::history::byte_source& history, const workloads::load_options& load) {
    const auto reader = checker::history::read_json(history);
    const auto recorded = checker::rw_register::read(*reader);
    if (!recorded) return std::unexpected(recorded.error());
    return checker::rw_register::check(*recorded,
                                       {.model = transaction_promises(load),
                                        .sequential_keys = true,
                                        .least = transaction_floor(load)});
}

}  // namespace

const kind rw_register_kind{
    .name = "rw-register",
    .summary = "transactions write registers, each a partition, and others read the newest value",
    .checker = "rw-register",
    .make = make,
    .judge = judge,
};

}  // namespace verdikt::trial
