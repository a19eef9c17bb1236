#include "broker/server/node_transactions.h"

#include "broker/server/storage_errors.h"
#include "broker/server/topic_registry.h"
#include "broker/transactional/guarded_append.h"

#include <utility>

namespace verdikt::broker::server {

using kafka::error_code;
namespace transactions = coordinator::transactions;

namespace {

/// Requests of that age have long been given up by their clients.
constexpr std::int64_t guard_ms_max = 300'000;

}  // namespace

transactions::transaction_host_config transaction_config_of(const broker_config& config) {
    using transactions::milliseconds;
    const auto count = [&](std::string_view key) {
        return static_cast<std::int32_t>(config.integer(key));
    };
    return {
        .state_partitions = count("transaction.state.log.num.partitions"),
        .offsets_partitions = count("offsets.topic.num.partitions"),
        .transactions = {.timeout_max = milliseconds(config.integer("transaction.max.timeout.ms")),
                         .id_expiration =
                             milliseconds(config.integer("transactional.id.expiration.ms"))},
        .timeout_check_interval = milliseconds(
            config.integer("transaction.abort.timed.out.transaction.cleanup.interval.ms"))};
}

node_transactions::node_transactions(runtime::environment& world,
                                     const broker_config& config,
                                     surroundings around)
    : world_(world),
      around_(std::move(around)),
      verifier_(world, coordinator_),
      log_(
          world,
          verifier_,
          [this](const kafka::topic_partition& where) -> auto& { return guards(where); },
          [this](kafka::partition_index partition) {
              return around_.find({std::string(coordinator::transactions_topic), partition});
          }),
      coordinator_(
          world, transaction_config_of(config), log_, *this, around_.producer_ids, around_.topics) {
}

std::optional<replication::guard> node_transactions::begin_verification(
    const storage::partition_log& log, const kafka::records::batch_header& batch) {
    const kafka::timestamp now(world_.wall_time().time_since_epoch().count());
    replication::transaction_guards& held = guards(log.partition());
    held.expire(now - guard_ms_max);
    return held.begin(log.producers(), batch, now);
}

runtime::awaitable<error_code> node_transactions::write_marker(
    transactional::transaction_marker marker, kafka::topic_partition where) {
    if (where.topic == coordinator::offsets_topic) {
        co_return co_await around_.end_offsets(where.partition, marker);
    }
    const auto log = around_.find(where);
    if (log == nullptr) co_return error_code::unknown_topic_or_partition;
    const kafka::records::byte_buffer batch = kafka::records::make_marker_batch(marker.what);
    std::vector<std::byte> bytes(batch.bytes().begin(), batch.bytes().end());
    transactional::marker_condition condition(guards(where), marker);
    const auto written = co_await log->append(
        bytes, storage::append_origin::internal, sole_leader_epoch, &condition);
    if (!written && written.error() == storage::errc::refused) co_return condition.refusal();
    if (!written) co_return to_error_code(written.error());
    const auto committed = co_await log->wait_committed(written->last_offset.next());
    co_return committed ? error_code::none : to_error_code(committed.error());
}

runtime::awaitable<transactions::marker_sender::outcomes> node_transactions::write(
    transactional::transaction_marker marker, std::vector<kafka::topic_partition> where) {
    auto outcomes = co_await transactional::write_markers(world_, *this, marker, std::move(where));
    for (auto& [partition, outcome] : outcomes) {
        // This node knows every topic: one that it does not know is deleted.
        if (outcome == error_code::unknown_topic_or_partition) {
            outcome = error_code::unknown_topic_id;
        }
    }
    co_return outcomes;
}

}  // namespace verdikt::broker::server
