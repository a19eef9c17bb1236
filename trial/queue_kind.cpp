#include "checker/log/log_checker.h"
#include "checker/log/recording.h"
#include "trial/kinds.h"
#include "workloads/queue/queue.h"

namespace verdikt::trial {

namespace {

std::unique_ptr<workloads::workload> make(runtime::environment& world,
                                          const workloads::load_options& load,
                                          workloads::recorder& history) {
    return workloads::make_queue(world, {.load = load}, history);
}

std::expected<checker::judgement, checker::history::malformed> judge(
    checker::history::byte_source& history, const workloads::load_options& load) {
    const auto reader = checker::history::read_json(history);
    const auto recorded = checker::log::recording::read(*reader);
    if (!recorded) return std::unexpected(recorded.error());
    const auto least = static_cast<std::uint64_t>(load.operations_min);
    return checker::log::check(*recorded,
                               {.durable = load.promises_durable(),
                                .clean_elections = !load.unclean_elections || load.expect_durable,
                                .idempotent = load.promises_idempotent(),
                                .read_committed = load.promises_committed(),
                                .sends_min = least,
                                .polls_min = least});
}

}  // namespace

const kind queue_kind{
    .name = "queue",
    .summary = "sends and polls over the partitions of a topic, with and without transactions",
    .checker = "log",
    .make = make,
    .judge = judge,
};

}  // namespace verdikt::trial
