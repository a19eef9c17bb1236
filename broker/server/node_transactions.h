/// Transactions on this node: the coordinator of those whose partition it leads, and the ways
/// between coordinators and partitions, wherever in the cluster they are.
///
/// Lives in the broker. The coordinator's `stop` must have returned before it is destroyed.
#pragma once

#include "broker/coordinator/stored_coordinator_log.h"
#include "broker/coordinator/transactions/host/transaction_host.h"
#include "broker/server/broker_config.h"
#include "broker/server/cluster_node.h"
#include "broker/transactional/partition_markers.h"
#include "broker/transactional/shared_verifier.h"
#include "runtime/environment.h"

#include <functional>
#include <vector>

namespace verdikt::broker::server {

[[nodiscard]] coordinator::transactions::transaction_host_config transaction_config_of(
    const broker_config& config);

class node_transactions final : public transactional::partition_markers,
                                private coordinator::transactions::marker_sender,
                                private transactional::transaction_verifier {
  public:
    struct surroundings {
        cluster_node& node;
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
    /// Asks the coordinator of a transaction, wherever it is.
    [[nodiscard]] transactional::transaction_verifier& verifier() { return verifier_; }

    /// To a partition that this node leads.
    runtime::awaitable<kafka::error_code> write_marker(transactional::transaction_marker marker,
                                                       kafka::topic_partition where) override;

  private:
    using places = std::vector<kafka::topic_partition>;

    runtime::awaitable<outcomes> write(transactional::transaction_marker marker,
                                       places where) override;
    runtime::awaitable<void> write_at(kafka::node_id leader,
                                      transactional::transaction_marker marker,
                                      places where,
                                      outcomes& into);
    runtime::awaitable<outcomes> ask_leader(kafka::node_id leader,
                                            transactional::transaction_marker marker,
                                            places where);
    runtime::awaitable<kafka::error_code> verify(transactional::claimed_transaction claim,
                                                 kafka::topic_partition where) override;
    runtime::awaitable<kafka::error_code> ask_coordinator(kafka::node_id coordinator,
                                                          transactional::claimed_transaction claim,
                                                          kafka::topic_partition where);

    runtime::environment& world_;
    surroundings around_;
    transactional::shared_verifier verifier_;
    coordinator::stored_coordinator_log log_;
    coordinator::transactions::transaction_host coordinator_;
};

}  // namespace verdikt::broker::server
