#include "checker/compaction/compaction_checker.h"
#include "trial/kinds.h"
#include "workloads/compaction/compaction.h"

#include <array>

namespace verdikt::trial {

namespace {

/// So that a trial of a minute sees the cleaner at work again and again.
constexpr std::array<std::string_view, 2> eager_cleaners{"log.cleaner.backoff.ms=1000",
                                                         "log.retention.check.interval.ms=1000"};

std::unique_ptr<workloads::workload> make(runtime::environment& world,
                                          const workloads::load_options& load,
                                          workloads::recorder& history) {
    return workloads::make_compaction(world, {.load = load}, history);
}

std::expected<checker::judgement, checker::history::malformed> judge(
    checker::history::byte_source& history, const workloads::load_options& load) {
    const auto reader = checker::history::read_json(history);
    const auto recorded = checker::compaction::recording::read(*reader);
    if (!recorded) return std::unexpected(recorded.error());
    const auto least = static_cast<std::uint64_t>(load.operations_min);
    return checker::compaction::check(*recorded,
                                      {.durable = load.promises_durable(),
                                       .sends_min = least,
                                       .scans_min = least,
                                       .removed_min = least});
}

}  // namespace

const kind compaction_kind{
    .name = "compaction",
    .summary = "keyed records and tombstones in partitions that are cleaned, read back in full",
    .checker = "compaction",
    .make = make,
    .judge = judge,
    .overrides = eager_cleaners,
};

}  // namespace verdikt::trial
