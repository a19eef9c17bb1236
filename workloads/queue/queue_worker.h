/// One line of processes that send, poll and write transactions, one after the other.
///
/// A process is a producer and a consumer of their own. It lives until it meets an outcome that it
/// cannot know (then it may not act again), crashes, or cannot begin; another takes its place.
/// Processes of one worker share its transactional id, so each fences what the one before left.
///
/// Where an assigned process begins to read is drawn: mostly near to what somebody has read,
/// sometimes the beginning. What a failed transaction had polled is polled again, as a program that
/// processes records would.
#pragma once

#include "client/consumer.h"
#include "client/producer.h"
#include "runtime/environment.h"
#include "workloads/lives.h"
#include "workloads/queue/micro_operations.h"
#include "workloads/queue/queue_options.h"
#include "workloads/recorder/recorder.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace verdikt::workloads {

/// What all processes of a run know together.
struct queue_board {
    std::vector<std::int64_t> next_value;      ///< By partition: values are never used twice.
    std::vector<std::int64_t> highest_polled;  ///< By partition, or -1.
};

class queue_worker final : public client::rebalance_listener {
  public:
    /// References outlive it.
    queue_worker(runtime::environment& world,
                 const queue_options& plan,
                 queue_board& board,
                 recorder& history,
                 std::size_t number,
                 runtime::random_source random);

    runtime::awaitable<void> run(runtime::instant until) { return line_.run(until); }
    /// The process that lives now ends where it stands. False if there is none.
    bool crash() { return line_.crash(); }

    runtime::awaitable<void> on_assigned(client::partition_set partitions) override;
    runtime::awaitable<void> on_revoked(client::partition_set partitions) override;

  private:
    using datum = checker::history::datum;
    using op_type = checker::history::op_type;
    using steps = std::vector<micro_operation>;
    using deliveries = std::vector<client::pending_delivery>;

    runtime::awaitable<void> live(runtime::instant until);
    runtime::awaitable<void> write_and_read(client::producer& writer, runtime::instant until);
    runtime::awaitable<void> act(client::producer& writer,
                                 client::consumer& reader,
                                 runtime::instant until);
    runtime::awaitable<bool> begin(client::producer& writer, client::consumer& reader);
    runtime::awaitable<void> act_once(client::producer& writer, client::consumer& reader);

    bool assign(client::consumer& reader);
    bool subscribe(client::consumer& reader);
    void crash_itself();
    runtime::awaitable<void> send(client::producer& writer);
    runtime::awaitable<void> poll(client::consumer& reader);
    runtime::awaitable<void> list_offsets(client::consumer& reader);

    // A transaction (queue_worker_transactions.cpp).
    runtime::awaitable<void> transact(client::producer& writer, client::consumer& reader);
    /// Where what was sent came to lie, as far as anybody was told.
    static void take_offsets(steps& what, const deliveries& sent);
    runtime::awaitable<std::optional<client::error>> carry_out(client::producer& writer,
                                                               client::consumer& reader,
                                                               steps& what,
                                                               deliveries& sent);
    runtime::awaitable<std::optional<client::error>> give_offsets(client::producer& writer,
                                                                  client::consumer& reader,
                                                                  const steps& what);
    runtime::awaitable<op_type> commit(client::producer& writer, open_operation& into);
    runtime::awaitable<void> abort(client::producer& writer);
    void go_back(client::consumer& reader, const steps& what);

    /// Ends it; after `info` the process is over.
    void end(open_operation& what, op_type type, const std::optional<client::error>& why);
    runtime::awaitable<client::result<client::pending_delivery>> append(client::producer& writer,
                                                                        micro_operation what);
    [[nodiscard]] micro_operation draw_send();
    [[nodiscard]] steps draw_sends();
    [[nodiscard]] steps draw_transaction();
    [[nodiscard]] client::topic_partition partition(std::int32_t index) const;
    [[nodiscard]] client::partition_set all_partitions() const;
    [[nodiscard]] std::vector<std::int32_t> all_keys() const;
    void note_polled(const micro_operation& what);
    void note_rebalances(open_operation& what);

    runtime::environment& world_;
    const queue_options& plan_;
    queue_board& board_;
    recorder& history_;
    std::size_t number_;
    reading how_;
    bool transactional_;
    runtime::random_source random_;

    lives line_;
    std::int64_t process_ = -1;
    bool over_ = false;                  ///< This process acts no more.
    std::set<std::int32_t> rebalanced_;  ///< Since the last operation that polled.
};

}  // namespace verdikt::workloads
