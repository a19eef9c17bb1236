/// One partition on this node: its log, the decisions about it (`partition_replica`), and those who
/// wait.
///
/// Carries the effects of the pure state machine to the log, the fetcher and the controller, and
/// answers what request handlers ask. It decides nothing itself. Every event is handled, and its
/// effects begun, without a wait in between; where the log moves, within the very call that moves
/// it, so that a commit costs no turn of the executor more than the log's own.
///
/// Waits. A producer waits for its commit until its deadline (kept to the next tick); a reader
/// waits in `read_wait.h`. A change of role ends both kinds at once.
///
/// Lives in `replicas` from the moment that metadata places a replica here until it is taken away
/// or the node stops. Handlers hold it by `shared_ptr`; once stopped it answers
/// NOT_LEADER_OR_FOLLOWER.
///
/// Invariants: those of `partition_replica`; the log's high watermark is the replica's; every
/// ticket that the replica knows has a waiter here.
#pragma once

#include "broker/replication/host/commit_waits.h"
#include "broker/replication/host/partition_requests.h"
#include "broker/replication/host/read_wait.h"
#include "broker/replication/host/stored_view.h"
#include "broker/replication/partition_replica.h"
#include "broker/replication/transaction_guards.h"
#include "broker/storage/partition_log.h"
#include "kafka/records/control.h"
#include "runtime/environment.h"
#include "runtime/scope.h"

#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace verdikt::broker::replication::host {

class hosted_partition;
using partition_ptr = std::shared_ptr<hosted_partition>;

/// What a partition asks of the node around it. None of these calls back at once.
class partition_host {
  public:
    virtual ~partition_host() = default;

    virtual void fetch_wanted(partition_ptr by, const send_fetch& what) = 0;
    virtual void leader_bounds_wanted(partition_ptr by, const ask_leader_bounds& what) = 0;
    virtual void alter_partition_wanted(partition_ptr by, send_alter_partition what) = 0;
    /// It began or ceased to serve as leader, or its log failed.
    virtual void role_changed(const hosted_partition& which) = 0;
};

class hosted_partition final : public std::enable_shared_from_this<hosted_partition>,
                               private storage::log_watcher {
  public:
    /// `world` and `around` outlive it.
    hosted_partition(runtime::environment& world,
                     partition_host& around,
                     kafka::node_id self,
                     broker_epoch incarnation,
                     kafka::uuid topic_id,
                     std::shared_ptr<storage::partition_log> log,
                     const partition_settings& settings);
    ~hosted_partition() override;

    [[nodiscard]] const kafka::topic_partition& name() const { return log_->partition(); }
    [[nodiscard]] const kafka::uuid& topic_id() const { return topic_id_; }

    // ---- Produce.

    /// What a transactional batch needs verified by its coordinator (AddPartitionsToTxn,
    /// VerifyOnly) before it may be appended: the guard to hold meanwhile. Nothing if it needs
    /// none.
    [[nodiscard]] std::optional<guard> begin_verification(
        const kafka::records::batch_header& batch);
    /// Returns once the batch is written. Appends reach the log in the order of the calls; nothing
    /// is awaited before. Not interrupted by cancellation. Errors: NOT_LEADER_OR_FOLLOWER,
    /// NOT_ENOUGH_REPLICAS, TRANSACTION_ABORTABLE (not verified, or voided meanwhile), those of the
    /// producer table, KAFKA_STORAGE_ERROR.
    [[nodiscard]] runtime::awaitable<std::expected<appended, kafka::error_code>> append(
        append_wish wish);
    /// As `append`, of the end of a transaction. `has_epoch_of_its_own`: transaction version 2
    /// (KIP-890, KIP-1228).
    [[nodiscard]] runtime::awaitable<std::expected<appended, kafka::error_code>> append_marker(
        kafka::records::end_transaction_marker marker, bool has_epoch_of_its_own);
    /// Returns once all up to there is committed. After any error it may be committed later.
    /// Errors: REQUEST_TIMED_OUT, NOT_LEADER_OR_FOLLOWER, NOT_ENOUGH_REPLICAS_AFTER_APPEND,
    /// KAFKA_STORAGE_ERROR.
    [[nodiscard]] runtime::awaitable<std::expected<void, kafka::error_code>> wait_committed(
        commit_wish what, runtime::instant deadline);

    // ---- Fetch.

    [[nodiscard]] runtime::awaitable<read_answer> read(consumer_read wish);
    [[nodiscard]] runtime::awaitable<read_answer> read(follower_read wish);
    /// Lists a wait that is woken when there is something new for its kind of reader.
    void enlist(read_wait& wait, reader_kind kind) { readers(kind).push_back(&wait); }
    void forget(read_wait& wait, reader_kind kind) { std::erase(readers(kind), &wait); }

    // ---- Other requests.

    /// No value where no record is late enough.
    [[nodiscard]] runtime::awaitable<
        std::expected<std::optional<storage::timestamp_and_offset>, kafka::error_code>>
    find_offset(offset_wish wish);
    /// OffsetForLeaderEpoch.
    [[nodiscard]] std::expected<std::optional<storage::epoch_end>, kafka::error_code>
    end_offset_for(kafka::leader_epoch current_leader_epoch, kafka::leader_epoch asked) const;
    /// DeleteRecords; -1 stands for the high watermark. Returns once the records are gone here.
    [[nodiscard]] runtime::awaitable<std::expected<deleted, kafka::error_code>> delete_records(
        kafka::offset up_to);
    /// Returns once nobody who may lead next has them. After any error they may come back. Errors:
    /// REQUEST_TIMED_OUT, NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR.
    [[nodiscard]] runtime::awaitable<std::expected<void, kafka::error_code>> wait_deleted(
        deleted what, runtime::instant deadline);
    [[nodiscard]] std::expected<std::vector<described_producer>, kafka::error_code>
    describe_producers() const;

    // ---- State, for whoever shows it. (Sizes and positions are those of `log()`.)

    [[nodiscard]] const partition_replica& replica() const { return replica_; }
    [[nodiscard]] replica_role role() const { return replica_.role(); }
    /// The epoch in which this node leads and serves; nothing if it does not.
    [[nodiscard]] std::optional<kafka::leader_epoch> serving_epoch() const;
    [[nodiscard]] const partition_settings& settings() const { return settings_; }
    /// For coordinators, which read their state back, and for figures. Nobody else appends.
    [[nodiscard]] storage::partition_log& log() const { return *log_; }
    [[nodiscard]] std::size_t waiting_producers() const { return commits_.size(); }
    [[nodiscard]] bool is_stopped() const { return stopped_; }
    [[nodiscard]] bool is_stalled() const { return stalled_; }
    void check_invariants() const;

    // ---- For `replicas`, the fetcher and the sender of AlterPartition.

    /// While the disk hangs it serves nobody: every request gets KAFKA_STORAGE_ERROR, on which
    /// clients look for another leader, and who waits gets it at once.
    void disk_stalled(bool stalled);
    void apply(const partition_state& state, const broker_standings& brokers);
    void registered(broker_epoch incarnation);
    void configure(const partition_settings& settings);
    void controller_reachable(bool reachable) { replica_.controller_reachable(reachable); }
    /// Whether something waits for time to pass: a retry, a proposal, a producer.
    [[nodiscard]] bool is_restless() const;
    void tick();
    void fetch_answered(fetch_answer answer, std::span<const std::byte> records);
    void leader_bounds_answered(const leader_bounds& answer);
    void alter_partition_answered(proposal_number number, const alter_outcome& outcome);
    /// Gives up its role, ends all waits, and waits for its own log operations. The log stays.
    [[nodiscard]] runtime::awaitable<void> stop();

  private:
    class open_append;
    struct carry_out;
    class transaction_condition;

    /// Why this node serves nobody, if it is not for its role: NONE, NOT_LEADER_OR_FOLLOWER or
    /// KAFKA_STORAGE_ERROR.
    [[nodiscard]] kafka::error_code why_closed() const;
    void log_moved() noexcept override;
    template <typename Event>
    void event(Event what);
    void carry_out_effects(effects& wanted);
    void after_event();
    void note_role();
    void wake_readers();
    [[nodiscard]] std::vector<read_wait*>& readers(reader_kind kind) {
        return kind == reader_kind::follower ? following_readers_ : consuming_readers_;
    }
    [[nodiscard]] kafka::offset visible_end(bool committed_only) const;
    void answer(ticket which, kafka::error_code outcome);

    // hosted_partition_append.cpp
    template <typename Begin>
    [[nodiscard]] runtime::awaitable<std::expected<void, kafka::error_code>> wait_for_replicas(
        runtime::instant deadline, Begin begin);
    [[nodiscard]] runtime::awaitable<std::expected<appended, kafka::error_code>> append_under(
        kafka::leader_epoch epoch,
        runtime::mutable_bytes batch,
        storage::append_origin origin,
        transaction_condition* condition);

    // hosted_partition_read.cpp
    [[nodiscard]] runtime::awaitable<void> read_records(storage::read_request request,
                                                        read_answer& answer);
    [[nodiscard]] runtime::awaitable<void> list_aborted(const storage::read_result& found,
                                                        read_answer& answer);

    // hosted_partition_following.cpp
    [[nodiscard]] runtime::awaitable<void> assign(kafka::leader_epoch epoch);
    [[nodiscard]] runtime::awaitable<void> append_what_was_fetched();
    [[nodiscard]] runtime::awaitable<void> truncate(kafka::offset to);
    [[nodiscard]] runtime::awaitable<void> restart(kafka::offset at);
    [[nodiscard]] runtime::awaitable<void> raise_start(kafka::offset to);
    [[nodiscard]] runtime::awaitable<void> settle(std::string_view act,
                                                  std::expected<void, storage::errc> outcome);

    runtime::environment& world_;
    partition_host& around_;
    kafka::uuid topic_id_;
    std::shared_ptr<storage::partition_log> log_;
    stored_view view_;
    partition_settings settings_;
    partition_replica replica_;
    transaction_guards guards_;
    commit_waits commits_;
    std::vector<read_wait*> consuming_readers_;
    std::vector<read_wait*> following_readers_;
    std::span<const std::byte> arriving_;  ///< While an answer is handled.
    std::vector<std::byte> fetched_;  ///< The records of the last answer, until they are appended.
    effects effects_;                 ///< Empty between events; kept for its memory.

    // As readers and listeners heard of it last.
    kafka::offset told_end_{0};
    kafka::offset told_high_watermark_{0};
    kafka::offset told_start_{0};
    std::optional<kafka::leader_epoch> told_serving_;
    bool told_failed_ = false;

    bool stalled_ = false;
    bool stopped_ = false;
    runtime::scope tasks_;
};

}  // namespace verdikt::broker::replication::host
