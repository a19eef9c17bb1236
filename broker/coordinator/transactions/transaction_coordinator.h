/// The transactional ids of one partition of `__transaction_state`, for one term as its leader.
///
/// Pure. It serves once the partition is read to its end; decided transactions then go on writing
/// their markers. Its epoch, the partition's leader epoch, goes with every marker, so that a
/// coordinator that was replaced decides nothing more.
///
/// Invariants: nothing is served while loading nor after `give_up`; those of each transaction.
#pragma once

#include "broker/coordinator/transactions/transaction.h"
#include "broker/coordinator/transactions/transaction_types.h"
#include "kafka/error_codes.h"
#include "kafka/types.h"

#include <expected>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace verdikt::broker::coordinator::transactions {

struct coordinator_settings {
    milliseconds timeout_max{900'000};        ///< transaction.max.timeout.ms
    milliseconds id_expiration{604'800'000};  ///< transactional.id.expiration.ms
};

/// ListTransactions. What is empty (or below zero) lets everything pass.
struct transaction_filter {
    std::set<std::string> states = {};
    std::set<kafka::producer_id> producers = {};
    milliseconds duration_min{-1};
};

struct listed_transaction {
    std::string transactional_id;
    kafka::producer_id producer;
    transaction_state state{};
};

struct transaction_listing {
    std::vector<listed_transaction> transactions = {};
    std::vector<std::string> unknown_states = {};
};

class transaction_coordinator {
  public:
    transaction_coordinator(const coordinator_settings& settings, kafka::leader_epoch epoch)
        : settings_(settings), epoch_(epoch) {}

    // ---- Loading.

    /// A record of the partition, in the order of the log. Nothing for a tombstone.
    void read(const std::string& transactional_id, std::optional<stored_transaction> state);
    void loaded(effects& out);
    /// Another leads the partition.
    void give_up(effects& out);

    // ---- Requests. A `ticket` is answered exactly once, now or later.

    void init(const std::string& transactional_id, const init_event& event, effects& out);
    void add_partitions(const std::string& transactional_id, const add_event& event, effects& out);
    void end(const std::string& transactional_id, const end_event& event, effects& out);
    [[nodiscard]] kafka::error_code verify(const std::string& transactional_id,
                                           const producer_identity& producer,
                                           const kafka::topic_partition& where) const;
    [[nodiscard]] std::expected<transaction_listing, kafka::error_code> list(
        const transaction_filter& filter, kafka::timestamp now) const;
    [[nodiscard]] std::expected<stored_transaction, kafka::error_code> describe(
        const std::string& transactional_id) const;

    // ---- What came of effects. Those of ids that are gone are ignored.

    void stored(const std::string& transactional_id,
                kafka::error_code outcome,
                kafka::timestamp now,
                effects& out);
    void marker_answered(const std::string& transactional_id,
                         marker_round round,
                         const kafka::topic_partition& where,
                         kafka::error_code outcome,
                         kafka::timestamp now,
                         effects& out);
    void complete_again(const std::string& transactional_id, kafka::timestamp now, effects& out);
    /// To be called every transaction.abort.timed.out.transaction.cleanup.interval.ms or so.
    void time_passed(kafka::timestamp now, effects& out);

    /// With which markers are written.
    [[nodiscard]] kafka::leader_epoch epoch() const { return epoch_; }
    [[nodiscard]] const std::map<std::string, transaction>& transactions() const {
        return transactions_;
    }
    void check_invariants() const;

  private:
    enum class phase { loading, serving, given_up };

    [[nodiscard]] kafka::error_code refuse(const std::string& transactional_id) const;
    [[nodiscard]] transaction* find(const std::string& transactional_id);

    coordinator_settings settings_;
    kafka::leader_epoch epoch_;
    phase phase_ = phase::loading;
    std::map<std::string, stored_transaction> read_;  ///< While loading.
    std::map<std::string, transaction> transactions_;
};

}  // namespace verdikt::broker::coordinator::transactions
