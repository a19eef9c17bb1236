/// What a coordinator needs of the world around it: the partitions of its topic, and to know which
/// topics exist. The server implements both; `stored_coordinator_log` does the first over the
/// storage engine.
#pragma once

#include "broker/replication/transaction_guards.h"
#include "broker/transactional/transaction_verifier.h"
#include "kafka/error_codes.h"
#include "kafka/types.h"
#include "runtime/awaitable.h"

#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace verdikt::broker::coordinator {

/// One record of the topic. No value is a tombstone.
struct log_record {
    std::vector<std::byte> key;
    std::optional<std::vector<std::byte>> value;
};

/// The producer on whose behalf records are written: they count once its transaction is committed.
struct log_transaction {
    kafka::producer_id producer;
    kafka::producer_epoch epoch;
    /// From `coordinator_log::open_transaction`.
    std::optional<replication::guard> verified = {};
};

/// Is shown a partition in the order of its log.
class log_visitor {
  public:
    virtual ~log_visitor() = default;

    /// `transaction` is set for a record that counts once that producer's transaction is committed.
    virtual void record(std::span<const std::byte> key,
                        std::optional<std::span<const std::byte>> value,
                        std::optional<kafka::producer_id> transaction) = 0;
    virtual void transaction_ended(kafka::producer_id producer, bool committed) = 0;
};

/// Errors are those of Produce, e.g. `kafka_storage_error`, `not_leader_or_follower`,
/// `unknown_topic_or_partition`. After one it is unknown whether an append was written. A
/// coordinator never has two appends to one partition under way.
class coordinator_log {
  public:
    using append_outcome = std::expected<void, kafka::error_code>;

    virtual ~coordinator_log() = default;

    /// Returns once all records are committed (acks=all): no crash takes them back. Without a
    /// transaction they count at once. Of a transaction, also `invalid_producer_epoch` if the
    /// producer is fenced, and `transaction_abortable` if it is no longer known to be open.
    [[nodiscard]] virtual runtime::awaitable<append_outcome> append(
        kafka::partition_index partition,
        kafka::leader_epoch epoch,
        std::vector<log_record> records,
        std::optional<log_transaction> transaction) = 0;

    /// As `append`. Also `transaction_coordinator_fenced` and `invalid_producer_epoch`.
    [[nodiscard]] virtual runtime::awaitable<append_outcome> append_marker(
        kafka::partition_index partition,
        kafka::leader_epoch epoch,
        transactional::transaction_marker marker) = 0;

    /// Asks the transaction's coordinator whether the partition is part of it, if the partition
    /// does not know (KIP-890): no transaction is opened that nobody will ever end. Returns the
    /// guard that the append then has to be given, if any.
    [[nodiscard]] virtual runtime::awaitable<
        std::expected<std::optional<replication::guard>, kafka::error_code>>
    open_transaction(kafka::partition_index partition,
                     transactional::claimed_transaction claim) = 0;

    /// Shows everything from the log's start to where its end was at the call, and returns once
    /// all of it is committed. Requires: the visitor outlives the coroutine.
    [[nodiscard]] virtual runtime::awaitable<append_outcome> replay(
        kafka::partition_index partition, log_visitor& visitor) = 0;
};

class topic_lookup {
  public:
    virtual ~topic_lookup() = default;

    [[nodiscard]] virtual bool exists(std::string_view topic,
                                      kafka::partition_index partition) const = 0;
};

}  // namespace verdikt::broker::coordinator
