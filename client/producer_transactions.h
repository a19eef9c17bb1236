/// The coroutines of a transactional producer: they carry what its `transaction_session` asks for
/// to the coordinators.
///
/// Lives in the producer, one call of the program at a time.
#pragma once

#include "client/cluster.h"
#include "client/consumer.h"
#include "client/partition_queue.h"
#include "client/transaction_session.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace verdikt::client {

/// The producer's records, as its transactions see them.
class transactional_records {
  public:
    virtual ~transactional_records() = default;

    /// Returns once everything that was appended has its outcome, and no request is under way.
    virtual runtime::awaitable<void> settle() = 0;
    /// Gives what has no outcome yet one: certainly failed if it was never sent.
    virtual void drop(const error& why) = 0;
    /// Everything from now on is written under this identity. Requires: settled.
    virtual void renew(producer_identity identity) = 0;
    /// Something may be sent that could not be before.
    virtual void wake() = 0;
};

class producer_transactions {
  public:
    /// The references outlive it.
    producer_transactions(cluster& brokers, const client_config& config, transactional_records& of);

    runtime::awaitable<result<void>> initialise();
    [[nodiscard]] result<void> begin() { return session_.begin(); }
    runtime::awaitable<result<void>> send_offsets(offset_map offsets, group_standing reader);
    runtime::awaitable<result<void>> end(transaction_session::outcome how);

    /// Tells the coordinator of partitions that batches wait for; to be spawned when
    /// `session().take_unadded()` gave some.
    runtime::awaitable<void> add(transaction_session::partitions which);
    /// A record could not be written, or it is unknown: the transaction has to be aborted.
    void fail(const error& why);

    [[nodiscard]] transaction_session& session() { return session_; }
    [[nodiscard]] const transaction_session& session() const { return session_; }
    [[nodiscard]] const std::string& id() const { return config_.transactional_id; }
    /// Of Produce: a higher one would add partitions by itself.
    [[nodiscard]] std::int16_t produce_version_max() const;

  private:
    template <typename Response, typename Request>
    runtime::awaitable<result<Response>> ask(coordinator_kind kind,
                                             std::string key,
                                             Request request,
                                             runtime::instant deadline,
                                             std::int16_t version_at_most);
    /// The coordinator of its own transactions.
    template <typename Response, typename Request>
    runtime::awaitable<result<Response>> ask(
        Request request,
        runtime::instant deadline,
        std::int16_t version_at_most = kafka::messages::version_max);
    [[nodiscard]] runtime::instant deadline() const;
    [[nodiscard]] runtime::duration pause_after(kafka::error_code code, std::uint32_t failures);
    /// Keeps in the session why a request of that transaction was refused, and tells what that
    /// means for the program.
    error note(std::uint64_t number, const error& why);
    void break_down(const error& why);
    runtime::awaitable<result<std::shared_ptr<connection>>> connect_to_coordinator(
        runtime::instant deadline);
    runtime::awaitable<result<bool>> can_bump_epochs(runtime::instant deadline);
    runtime::awaitable<result<void>> take_identity(runtime::instant deadline);
    void take(producer_identity identity);
    runtime::awaitable<result<void>> tell_coordinator(transaction_session::outcome how,
                                                      runtime::instant deadline);
    /// What it means that EndTxn was refused, or not answered.
    result<void> not_ended(transaction_session::outcome how, const error& why);
    runtime::awaitable<result<void>> add_offsets(std::string group, runtime::instant deadline);
    runtime::awaitable<result<void>> commit_offsets(offset_map offsets,
                                                    group_standing reader,
                                                    runtime::instant deadline);

    cluster& brokers_;
    const client_config& config_;
    transactional_records& records_;
    transaction_session session_;
    producer_identity identity_;
};

}  // namespace verdikt::client
