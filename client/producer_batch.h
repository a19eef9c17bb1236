/// A batch of one partition on its way: its records, its numbers, and what its senders will be
/// told.
#pragma once

#include "client/record.h"
#include "kafka/records/batch_builder.h"
#include "runtime/clock.h"
#include "runtime/notification.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

namespace verdikt::client {

/// Shared by the batch and by everyone who waits for one of its records; outlives both.
class batch_outcome {
  public:
    struct written {
        kafka::offset base;                                  ///< -1 if the broker no longer knows.
        kafka::timestamp append_time = kafka::no_timestamp;  ///< -1: records keep their own time.
    };
    using verdict = std::variant<written, failed, unknown>;

    explicit batch_outcome(topic_partition where) : where_(std::move(where)) {}

    [[nodiscard]] const topic_partition& where() const { return where_; }
    [[nodiscard]] bool settled() const { return verdict_.has_value(); }
    /// Requires: settled().
    [[nodiscard]] const verdict& get() const { return *verdict_; }
    void settle(verdict how) {
        CHECK(!verdict_, "a batch of {} has two outcomes", where_);
        verdict_ = std::move(how);
        changed_.notify_all();
    }
    [[nodiscard]] runtime::notification& changed() { return changed_; }

  private:
    topic_partition where_;
    std::optional<verdict> verdict_;
    runtime::notification changed_;
};

/// Lives in its partition's queue, and beyond it while a request carries it.
struct producer_batch {
    producer_batch(topic_partition where, std::uint64_t number, runtime::instant now)
        : id(number), created(now), outcome(std::make_shared<batch_outcome>(std::move(where))) {}

    std::uint64_t id;
    runtime::instant created;
    kafka::records::batch_builder records;
    std::shared_ptr<batch_outcome> outcome;

    // Numbers of the attempt under way or to come; meaningless before the first.
    kafka::producer_id producer_id = kafka::no_producer_id;
    kafka::producer_epoch epoch = kafka::no_producer_epoch;
    kafka::sequence first_sequence;

    std::uint32_t attempts = 0;
    runtime::instant not_before{};
    kafka::leader_epoch sent_in = kafka::no_leader_epoch;  ///< Of the leader, at the last attempt.
    bool in_flight = false;
    bool may_be_written = false;  ///< Some attempt was in doubt, and none has cleared that.

    [[nodiscard]] std::size_t size() const { return records.uncompressed_size(); }
};

}  // namespace verdikt::client
