#include "checker/log/log_checker.h"
#include "checker/log/recording.h"
#include "trial/kinds.h"
#include "workloads/mixed_durability/mixed_durability.h"

namespace verdikt::trial {

namespace {

std::unique_ptr<workloads::workload> make(runtime::environment& world,
                                          const workloads::load_options& load,
                                          workloads::recorder& history) {
    return workloads::make_mixed_durability(world, {.load = load}, history);
}

/// Each send by its own acks, whatever the options say of acks.
std::expected<checker::judgement, checker::history::malformed> judge(
    checker::history::byte_source& history, const workloads::load_options& load) {
    const auto reader = checker::history::read_json(history);
    const auto recorded = checker::log::recording::read(*reader);
    if (!recorded) return std::unexpected(recorded.error());
    const auto least = static_cast<std::uint64_t>(load.operations_min);
    return checker::log::check(*recorded,
                               {.durable = !load.unclean_elections || load.expect_durable,
                                .clean_elections = !load.unclean_elections || load.expect_durable,
                                .idempotent = !load.no_idempotence || load.expect_idempotent,
                                .sends_min = least,
                                .polls_min = least});
}

}  // namespace

const kind mixed_durability_kind{
    .name = "mixed-durability",
    .summary = "sends that wait for nobody, for the leader and for all replicas, side by side",
    .checker = "log",
    .make = make,
    .judge = judge,
};

}  // namespace verdikt::trial
