#include "tests/sim/groups/coordinator_node.h"

#include "broker/coordinator/stored_coordinator_log.h"
#include "broker/metadata/topic_names.h"
#include "broker/storage/log_directory.h"
#include "broker/storage/wire_errors.h"
#include "runtime/check.h"
#include "runtime/scope.h"

#include <exception>
#include <utility>

namespace verdikt::tests {

using broker::coordinator::group_coordinator;
using broker::storage::log_directory;
using broker::storage::partition_log;
using runtime::awaitable;
using std::chrono::milliseconds;

namespace {

/// A partition without other replicas: committed is what its log says is. Nobody here has
/// transactions.
class sole_replica final : public broker::coordinator::coordinator_partition {
  public:
    explicit sole_replica(std::shared_ptr<partition_log> log) : log_(std::move(log)) {}

    [[nodiscard]] partition_log& log() const override { return *log_; }
    [[nodiscard]] std::optional<broker::replication::guard> begin_verification(
        const kafka::records::batch_header& /*batch*/) override {
        return std::nullopt;
    }
    [[nodiscard]] runtime::awaitable<outcome> until_committed(kafka::offset end) override {
        const auto committed = co_await log_->wait_committed(end);
        if (committed) co_return outcome();
        co_return std::unexpected(broker::storage::to_error_code(committed.error()));
    }
    [[nodiscard]] runtime::awaitable<outcome> append(
        std::vector<std::byte> batches,
        kafka::leader_epoch epoch,
        std::optional<broker::replication::guard> /*verified*/) override {
        const auto written =
            co_await log_->append(batches, broker::storage::append_origin::internal, epoch);
        if (!written) co_return std::unexpected(broker::storage::to_error_code(written.error()));
        co_return co_await until_committed(written->last_offset.next());
    }
    [[nodiscard]] runtime::awaitable<outcome> append_marker(
        broker::transactional::transaction_marker /*marker*/,
        kafka::leader_epoch /*epoch*/) override {
        co_return std::unexpected(kafka::error_code::invalid_txn_state);
    }

  private:
    std::shared_ptr<partition_log> log_;
};

constexpr std::int32_t offsets_partitions = 2;

class one_topic final : public broker::coordinator::topic_lookup {
  public:
    [[nodiscard]] bool exists(std::string_view topic,
                              kafka::partition_index partition) const override {
        return topic == topic_name && partition < kafka::partition_index(topic_partitions);
    }
};

/// There are no transactions here.
class no_transactions final : public broker::transactional::transaction_verifier {
  public:
    awaitable<kafka::error_code> verify(broker::transactional::claimed_transaction,
                                        kafka::topic_partition) override {
        co_return kafka::error_code::transactional_id_not_found;
    }
};

kafka::topic_partition offsets_partition(kafka::partition_index index) {
    return {std::string(broker::metadata::offsets_topic_name), index};
}

broker::storage::log_config offsets_config(bool durable) {
    broker::storage::log_config config;
    config.cleanup_delete = false;
    config.cleanup_compact = true;
    config.segment_bytes = 16 << 10;
    if (!durable) config.flush_messages = INT64_MAX;
    return config;
}

/// Finds or makes the partition, and leads it.
awaitable<void> lead(log_directory& directory,
                     kafka::partition_index index,
                     kafka::leader_epoch epoch,
                     bool durable) {
    std::shared_ptr<partition_log> log = directory.partition(offsets_partition(index));
    if (!log) {
        const auto made = co_await directory.create_partition(
            offsets_partition(index), {}, offsets_config(durable));
        CHECK(made.has_value(), "{}", describe(made.error()));
        log = *made;
    }
    log->configure(offsets_config(durable));
    log->set_sole_replica(true);
    const auto assigned = co_await log->assign_epoch(epoch);
    CHECK(assigned.has_value(), "{}", describe(assigned.error()));
}

broker::coordinator::coordinator_config coordinator_settings() {
    broker::coordinator::coordinator_config config;
    config.offsets_partitions = offsets_partitions;
    config.groups.initial_delay = milliseconds(500);
    return config;
}

}  // namespace

awaitable<void> coordinator_node::run(runtime::environment& world) {
    const kafka::leader_epoch epoch(lives++);
    auto opened = co_await log_directory::open(world, "/data", {.cluster_id = "sim"});
    CHECK(opened.has_value(), "recovery failed: {}", describe(opened.error()));
    log_directory& directory = **opened;
    no_transactions verifier;
    broker::coordinator::stored_coordinator_log log(
        world, verifier, [&](kafka::partition_index index) {
            return std::make_shared<sole_replica>(directory.partition(offsets_partition(index)));
        });
    const one_topic topics;
    group_coordinator groups(world, coordinator_settings(), log, topics);
    runtime::scope living(world.get_executor());
    std::exception_ptr ended;
    try {
        for (std::int32_t index = 0; index < offsets_partitions; ++index) {
            co_await lead(directory, kafka::partition_index(index), epoch, durable);
        }
        groups.start();
        for (std::int32_t index = 0; index < offsets_partitions; ++index) {
            groups.elected(kafka::partition_index(index), epoch);
        }
        for (restless_member& member : members) living.spawn(member.run(world, groups, calm));
        co_await living.join();
    } catch (...) {
        ended = std::current_exception();
    }
    co_await living.cancel_and_join();
    co_await groups.stop();
    co_await directory.stop();
    if (ended) std::rethrow_exception(ended);
}

}  // namespace verdikt::tests
