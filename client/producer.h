/// Sends records to a cluster.
///
/// Records of one partition are appended in the order of the calls, gathered into batches, and sent
/// with up to `max.in.flight.requests.per.connection` requests under way. With idempotence (the
/// default) a record is written at most once and order is kept across retries, or the outcome says
/// that it is unknown.
///
/// Outcomes: a record is `delivered`, `failed` (certainly not written) or `unknown`. What may have
/// reached a broker is never called failed.
///
/// Lives on the executor of its environment and is used from there only. Requires: `close` or
/// `stop` has returned before it is destroyed (closing.h sees to it).
#pragma once

#include "client/configuration.h"
#include "client/consumer.h"
#include "client/error.h"
#include "client/record.h"
#include "runtime/environment.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace verdikt::client {

class batch_outcome;
class producer_core;

/// A record that has its place in a batch and waits for its outcome. Cheap to move and copy.
class pending_delivery {
  public:
    pending_delivery(std::shared_ptr<batch_outcome> batch,
                     std::int32_t index,
                     kafka::timestamp time);

    [[nodiscard]] const topic_partition& where() const;
    [[nodiscard]] bool done() const;
    /// Returns once the outcome is decided, at the latest `delivery.timeout.ms` after `append`.
    /// Cancelling the wait does not take the record back.
    [[nodiscard]] runtime::awaitable<delivery> wait() const;
    /// Requires: done().
    [[nodiscard]] delivery outcome() const;

  private:
    std::shared_ptr<batch_outcome> batch_;
    std::int32_t index_;
    kafka::timestamp time_;
};

struct producer_counters {
    std::uint64_t records_appended = 0;
    std::uint64_t records_delivered = 0;
    std::uint64_t records_failed = 0;
    std::uint64_t records_unknown = 0;
    std::uint64_t requests_sent = 0;
    std::uint64_t batches_retried = 0;
    std::uint64_t epoch_bumps = 0;
    std::uint64_t bytes_sent = 0;  ///< Batches as sent, retries included.
};

class producer {
  public:
    /// Throws std::invalid_argument if the configuration is faulty (`client_config::find_fault`).
    producer(runtime::environment& world, client_config config);
    producer(const producer&) = delete;
    producer& operator=(const producer&) = delete;
    ~producer();

    /// Gives the record a place in a batch. Waits up to `max.block.ms` for metadata of its topic
    /// and for room in `buffer.memory`. An error means that nothing will be sent. Requires: what
    /// `record` borrows lives until this returns.
    runtime::awaitable<result<pending_delivery>> append(producer_record record);

    /// `append`, then the outcome.
    runtime::awaitable<delivery> send(producer_record record);

    /// Sends without lingering, and returns once all that was appended before has its outcome.
    runtime::awaitable<void> flush();

    // ---- Transactions (KIP-98, KIP-890). Requires of all below: `transactional.id` is set; one
    // call at a time. Each waits up to `max.block.ms`.
    //
    // What an error says: `fenced()`, that another producer has taken the id over, and this one is
    // to be closed. `abortable()`, that the transaction can only be aborted; nothing of it will be
    // read by a read_committed consumer. `retriable()`, that no answer came in time: the same call
    // may be made again. Of a commit it is then unknown whether it took effect, until a repeated
    // call says so; if the program ends before that, it stays unknown. `fatal()`, that this
    // producer can do nothing more.

    /// Fences producers of the same id, waits until what they left open has ended, and takes an
    /// identity. Comes first.
    runtime::awaitable<result<void>> init_transactions();
    result<void> begin_transaction();
    /// The offsets count for the group if the transaction is committed. An error that fences the
    /// member, too, means that the transaction has to be aborted.
    runtime::awaitable<result<void>> send_offsets_to_transaction(offset_map offsets,
                                                                 group_standing reader);
    /// Sends what was appended, and commits all of it or (any error but a retriable one) nothing.
    runtime::awaitable<result<void>> commit_transaction();
    runtime::awaitable<result<void>> abort_transaction();

    /// The partitions of a topic, as `append` sees them.
    runtime::awaitable<result<std::int32_t>> partition_count(std::string topic);

    /// Waits up to `timeout` for outcomes, then gives up: what was never sent is failed, what was
    /// is unknown. Ends all that the producer started. Idempotent.
    runtime::awaitable<void> close(runtime::duration timeout = std::chrono::seconds(30));

    /// As `close` without patience, and not even cancellation of the caller interrupts it.
    runtime::awaitable<void> stop();

    [[nodiscard]] const producer_counters& counters() const;

  private:
    std::unique_ptr<producer_core> core_;
};

}  // namespace verdikt::client
