/// The coroutines behind `producer`: they carry batches between the partition queues and the
/// brokers, and decide nothing that the queues could.
#pragma once

#include "client/cluster.h"
#include "client/partition_queue.h"
#include "client/partitioner.h"
#include "client/producer.h"
#include "client/producer_transactions.h"
#include "kafka/messages/produce.h"
#include "kafka/records/compression.h"

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::client {

class producer_core : private transactional_records {
  public:
    producer_core(runtime::environment& world, client_config config);

    runtime::awaitable<result<pending_delivery>> append(producer_record record);
    /// Null without `transactional.id`. Whoever uses it has to have called `start`.
    [[nodiscard]] producer_transactions* transactions() {
        return transactions_ ? &*transactions_ : nullptr;
    }
    void start();
    runtime::awaitable<void> flush();
    runtime::awaitable<result<std::int32_t>> partition_count(std::string topic);
    runtime::awaitable<void> close(runtime::duration timeout);
    runtime::awaitable<void> stop();
    [[nodiscard]] const producer_counters& counters();

  private:
    struct carried {
        partition_queue* queue;
        std::shared_ptr<producer_batch> batch;
    };
    using load = std::vector<carried>;
    class turn;

    // transactional_records
    runtime::awaitable<void> settle() override;
    void drop(const error& why) override;
    void renew(producer_identity identity) override;
    void wake() override;

    runtime::awaitable<void> send_batches();
    runtime::awaitable<void> watch_metadata();
    void notice_leader(partition_queue& queue);
    runtime::awaitable<void> fetch_identity();
    runtime::awaitable<result<producer_identity>> ask_identity();
    runtime::awaitable<void> carry(kafka::node_id node, load batches);

    runtime::awaitable<result<void>> wait_for_room(std::size_t bytes, runtime::instant deadline);
    result<pending_delivery> place(const producer_record& record, topic_partition where);
    partition_queue& queue_of(const topic_partition& where);
    [[nodiscard]] std::optional<runtime::instant> dispatch();
    [[nodiscard]] std::vector<partition_queue*> ready_queues(std::optional<runtime::instant>& next);
    [[nodiscard]] bool offer(partition_queue& queue, std::map<kafka::node_id, load>& loads);
    void provide_identities();
    [[nodiscard]] kafka::messages::produce_request make_request(const load& batches);
    void take_answer(const kafka::messages::produce_response& answer, const load& batches);
    void take_loss(const call_failure& why, const load& batches);
    void account(std::size_t before, const partition_queue& queue);
    void abandon_all(const error& why);
    [[nodiscard]] result<void> may_append() const;
    void notice_trouble();
    [[nodiscard]] bool may_send(const partition_queue& queue);
    [[nodiscard]] bool hurry() const { return flushing_ > 0 || closing_; }

    runtime::environment& world_;
    client_config config_;
    producer_limits limits_;
    kafka::records::codec codec_;
    kafka::records::batch_builder measure_;  ///< Stays empty; knows how large records get.
    std::int16_t acks_;
    cluster cluster_;
    std::optional<producer_transactions> transactions_;
    partitioner partitioner_;
    std::map<topic_partition, std::unique_ptr<partition_queue>> queues_;
    std::map<kafka::node_id, std::int64_t> in_flight_;  ///< Requests, by node.
    topic_partition served_last_;                       ///< Where the next round begins behind.
    producer_identity identity_;
    bool fetching_identity_ = false;
    std::optional<error> broken_;  ///< Nothing can be sent any more.
    std::size_t memory_used_ = 0;
    std::list<int> room_queue_;  ///< Appends wait for room in the order of their calls.
    runtime::notification room_;
    std::uint64_t next_batch_ = 0;
    std::size_t flushing_ = 0;
    bool started_ = false;
    bool closing_ = false;
    bool dirty_ = false;
    runtime::notification changed_;
    producer_counters counters_;
    runtime::scope running_;
};

}  // namespace verdikt::client
