#include "broker/coordinator/transactions/host/transaction_host.h"

#include "kafka/records/java_hash.h"

#include <utility>

namespace verdikt::broker::coordinator::transactions {

using kafka::error_code;

namespace {

constexpr std::chrono::milliseconds busy_pause{5};
constexpr int busy_attempts_max = 40;

}  // namespace

transaction_host::transaction_host(runtime::environment& world,
                                   const transaction_host_config& config,
                                   coordinator_log& log,
                                   marker_sender& markers,
                                   producer_id_source& producer_ids,
                                   const topic_lookup& topics)
    : world_(world),
      config_(config),
      producer_ids_(producer_ids),
      topics_(topics),
      services_{.world = world, .config = config_, .log = log, .markers = markers},
      running_(world.get_executor()) {}

void transaction_host::start() {
    running_.spawn(watch_timeouts());
}

runtime::awaitable<void> transaction_host::stop() {
    for (auto& [index, partition] : partitions_) {
        partition->retire();
        closing_.push_back(std::move(partition));
    }
    partitions_.clear();
    co_await running_.cancel_and_join();
    for (const auto& partition : closing_) co_await partition->stop();
    closing_.clear();
}

void transaction_host::partition_elected(kafka::partition_index partition,
                                         kafka::leader_epoch epoch) {
    const auto found = partitions_.find(partition);
    if (found != partitions_.end() && found->second->epoch() >= epoch) return;
    partition_resigned(partition);
    auto& led = partitions_[partition];
    led = std::make_unique<transaction_partition>(services_, partition, epoch);
    led->start_loading();
}

void transaction_host::partition_resigned(kafka::partition_index partition) {
    auto found = partitions_.extract(partition);
    if (found.empty()) return;
    found.mapped()->retire();
    running_.spawn(close(closing_.insert(closing_.end(), std::move(found.mapped()))));
}

runtime::awaitable<void> transaction_host::close(
    std::list<std::unique_ptr<transaction_partition>>::iterator of) {
    co_await (*of)->finish();
    closing_.erase(of);
}

kafka::partition_index transaction_host::partition_of(std::string_view transactional_id) const {
    return kafka::partition_index(
        kafka::records::coordinator_partition(transactional_id, config_.state_partitions));
}

std::expected<transaction_partition*, error_code> transaction_host::find(
    std::string_view transactional_id) const {
    if (transactional_id.empty()) return std::unexpected(error_code::invalid_request);
    const auto found = partitions_.find(partition_of(transactional_id));
    if (found == partitions_.end()) return std::unexpected(error_code::not_coordinator);
    return found->second.get();
}

ticket transaction_host::next_ticket() {
    services_.last_ticket = services_.last_ticket.next();
    return services_.last_ticket;
}

runtime::awaitable<std::expected<kafka::producer_id, error_code>> transaction_host::fresh_id() {
    if (spare_id_) {
        const kafka::producer_id id = *spare_id_;
        spare_id_.reset();
        co_return id;
    }
    co_return co_await producer_ids_.next();
}

partitions transaction_host::unknown_among(const partitions& asked) const {
    partitions unknown;
    for (const kafka::topic_partition& each : asked) {
        if (!topics_.exists(each.topic, each.partition)) unknown.insert(each);
    }
    return unknown;
}

runtime::awaitable<void> transaction_host::watch_timeouts() {
    for (;;) {
        co_await world_.sleep_for(config_.timeout_check_interval);
        for (const auto& [index, partition] : partitions_) partition->time_passed();
    }
}

runtime::awaitable<error_code> transaction_host::verify(transactional::claimed_transaction claim,
                                                        kafka::topic_partition where) {
    const producer_identity producer{claim.producer, claim.epoch};
    if (claim.add) {
        co_return co_await add(std::move(claim.transactional_id),
                               {.producer = producer,
                                .partitions = {std::move(where)},
                                .spoken = protocol::epoch_bump,
                                .now = services_.now()});
    }
    const auto partition = find(claim.transactional_id);
    if (!partition) co_return partition.error();
    co_return (*partition)->machine().verify(claim.transactional_id, producer, where);
}

/// The transaction before may still be writing its markers, which takes milliseconds. Older clients
/// would wait much longer before they ask again.
runtime::awaitable<error_code> transaction_host::add_patiently(std::string transactional_id,
                                                               add_event event) {
    for (int attempt = 1;; ++attempt) {
        const error_code outcome = co_await add(transactional_id, event);
        const bool is_busy = outcome == error_code::concurrent_transactions;
        if (!is_busy || attempt == busy_attempts_max) co_return outcome;
        co_await world_.sleep_for(busy_pause);
    }
}

runtime::awaitable<error_code> transaction_host::add(std::string transactional_id,
                                                     add_event event) {
    const auto partition = find(transactional_id);
    if (!partition) co_return partition.error();
    // Of a topic that this broker has yet to hear of it would take the markers to be of no use any
    // more: they are for one that is deleted.
    if (!unknown_among(event.partitions).empty()) co_return error_code::unknown_topic_or_partition;
    const ticket mine = next_ticket();
    const auto place = services_.waiting.expect(mine);
    (*partition)->add_partitions(transactional_id, std::move(event), mine);
    const answer given = co_await place->wait();
    co_return given.error;
}

}  // namespace verdikt::broker::coordinator::transactions
