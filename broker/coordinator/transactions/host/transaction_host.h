/// Coordinates transactions: carries requests to each transactional id's state machine and its
/// effects out (KIP-98, KIP-890).
///
/// An id lives on one partition of `__transaction_state` (`partition_of`), and belongs to the
/// broker that leads it: `partition_elected` replays the partition and takes its ids over,
/// `partition_resigned` gives them up. In between requests get COORDINATOR_LOAD_IN_PROGRESS (14),
/// elsewhere NOT_COORDINATOR (16). What a client is told is committed first. A transaction that was
/// decided goes on being completed by whoever leads the partition, until every partition has its
/// marker.
///
/// It also verifies for the partitions (`transaction_verifier`), for ids that live here.
///
/// Lives in the broker on its executor; owns every coroutine it starts. `stop` must have returned
/// before it is destroyed. What a handler awaits may never come once `stop` was called, so the
/// server ends the handlers too.
#pragma once

#include "broker/coordinator/transactions/host/transaction_partition.h"
#include "kafka/messages/add_offsets_to_txn.h"
#include "kafka/messages/add_partitions_to_txn.h"
#include "kafka/messages/describe_transactions.h"
#include "kafka/messages/end_txn.h"
#include "kafka/messages/init_producer_id.h"
#include "kafka/messages/list_transactions.h"

#include <cstdint>
#include <expected>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace verdikt::broker::coordinator::transactions {

namespace messages = kafka::messages;

class transaction_host final : public transactional::transaction_verifier {
  public:
    /// All references must outlive the host.
    transaction_host(runtime::environment& world,
                     const transaction_host_config& config,
                     coordinator_log& log,
                     marker_sender& markers,
                     producer_id_source& producer_ids,
                     const topic_lookup& topics);

    /// Begins to abort transactions that are open for too long.
    void start();
    /// Answers everybody who waits with NOT_COORDINATOR, then ends all coroutines.
    runtime::awaitable<void> stop();

    /// This broker leads the partition now. Loads in the background; idempotent per epoch.
    void partition_elected(kafka::partition_index partition, kafka::leader_epoch epoch);
    void partition_resigned(kafka::partition_index partition);

    /// For FindCoordinator.
    [[nodiscard]] kafka::partition_index partition_of(std::string_view transactional_id) const;

    // Requests, by their version.

    /// Requires: it names a transactional id.
    runtime::awaitable<messages::init_producer_id_response> init_producer_id(
        messages::init_producer_id_request request, std::int16_t version);
    /// Up to version 3 from producers, since 4 from brokers.
    runtime::awaitable<messages::add_partitions_to_txn_response> add_partitions_to_txn(
        messages::add_partitions_to_txn_request request, std::int16_t version);
    runtime::awaitable<messages::add_offsets_to_txn_response> add_offsets_to_txn(
        messages::add_offsets_to_txn_request request, std::int16_t version);
    runtime::awaitable<messages::end_txn_response> end_txn(messages::end_txn_request request,
                                                           std::int16_t version);
    [[nodiscard]] messages::list_transactions_response list_transactions(
        const messages::list_transactions_request& request) const;
    [[nodiscard]] messages::describe_transactions_response describe_transactions(
        const messages::describe_transactions_request& request) const;

    runtime::awaitable<kafka::error_code> verify(transactional::claimed_transaction claim,
                                                 kafka::topic_partition where) override;

  private:
    using error = kafka::error_code;
    template <typename T>
    using expected = std::expected<T, error>;

    [[nodiscard]] expected<transaction_partition*> find(std::string_view transactional_id) const;
    [[nodiscard]] ticket next_ticket();
    runtime::awaitable<expected<kafka::producer_id>> fresh_id();
    /// Of partitions that are to be added, those that do not exist.
    [[nodiscard]] partitions unknown_among(const partitions& asked) const;
    runtime::awaitable<error> add(std::string transactional_id, add_event event);
    runtime::awaitable<error> add_patiently(std::string transactional_id, add_event event);
    runtime::awaitable<messages::add_partitions_to_txn_response> add_for_producer(
        messages::add_partitions_to_txn_request request, std::int16_t version);
    runtime::awaitable<messages::add_partitions_to_txn_response> add_for_brokers(
        messages::add_partitions_to_txn_request request, std::int16_t version);

    runtime::awaitable<void> watch_timeouts();
    runtime::awaitable<void> close(std::list<std::unique_ptr<transaction_partition>>::iterator of);

    runtime::environment& world_;
    transaction_host_config config_;
    producer_id_source& producer_ids_;
    const topic_lookup& topics_;
    transaction_services services_;
    /// Drawn for a request that did not need it: ids are not to be wasted on every commit.
    std::optional<kafka::producer_id> spare_id_;
    std::map<kafka::partition_index, std::unique_ptr<transaction_partition>> partitions_;
    std::list<std::unique_ptr<transaction_partition>> closing_;  ///< Writes may be under way.
    runtime::scope running_;
};

}  // namespace verdikt::broker::coordinator::transactions
