/// Transactions on a node that leads every partition itself: the coordinator, the guards of the
/// partitions, and the markers between them.
///
/// Lives in the broker. `stop` must have returned before it is destroyed.
#pragma once

#include "broker/coordinator/stored_coordinator_log.h"
#include "broker/coordinator/transactions/host/transaction_host.h"
#include "broker/server/broker_config.h"
#include "broker/storage/partition_log.h"
#include "broker/transactional/partition_markers.h"
#include "broker/transactional/shared_verifier.h"
#include "runtime/environment.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace verdikt::broker::server {

[[nodiscard]] coordinator::transactions::transaction_host_config transaction_config_of(
    const broker_config& config);

class node_transactions final : public transactional::partition_markers,
                                private coordinator::transactions::marker_sender {
  public:
    struct surroundings {
        /// Null if there is no such partition.
        std::function<std::shared_ptr<storage::partition_log>(const kafka::topic_partition&)> find;
        /// A marker for a partition of `__consumer_offsets`, which its coordinator writes itself.
        std::function<runtime::awaitable<kafka::error_code>(kafka::partition_index,
                                                            transactional::transaction_marker)>
            end_offsets;
        coordinator::transactions::producer_id_source& producer_ids;
        const coordinator::topic_lookup& topics;
    };

    /// All references outlive it.
    node_transactions(runtime::environment& world,
                      const broker_config& config,
                      surroundings around);

    [[nodiscard]] coordinator::transactions::transaction_host& coordinator() {
        return coordinator_;
    }
    [[nodiscard]] transactional::transaction_verifier& verifier() { return verifier_; }
    /// Stay for as long as this lives: a topic may be deleted while one is held.
    [[nodiscard]] replication::transaction_guards& guards(const kafka::topic_partition& where) {
        return guards_[where];
    }
    /// The guard to hold while the coordinator is asked; nothing if it need not be.
    [[nodiscard]] std::optional<replication::guard> begin_verification(
        const storage::partition_log& log, const kafka::records::batch_header& batch);

    runtime::awaitable<kafka::error_code> write_marker(transactional::transaction_marker marker,
                                                       kafka::topic_partition where) override;

  private:
    runtime::awaitable<outcomes> write(transactional::transaction_marker marker,
                                       std::vector<kafka::topic_partition> where) override;

    runtime::environment& world_;
    surroundings around_;
    std::map<kafka::topic_partition, replication::transaction_guards> guards_;
    transactional::shared_verifier verifier_;
    coordinator::stored_coordinator_log log_;
    coordinator::transactions::transaction_host coordinator_;
};

}  // namespace verdikt::broker::server
