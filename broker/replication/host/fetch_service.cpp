#include "broker/replication/host/fetch_service.h"

#include "broker/replication/host/read_wait.h"
#include "runtime/deadline.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::replication::host {

namespace {

using kafka::error_code;
using messages_request = kafka::messages::fetch_request;
using asked_topic = messages_request::fetch_topic;
using asked_partition = messages_request::fetch_partition;
using answered_partition = kafka::messages::fetch_response::partition_data;

constexpr std::int8_t read_committed = 1;

kafka::node_id replica_of(const messages_request& request) {
    // Since version 15 in a structure of its own.
    return kafka::node_id(std::max(request.replica_id, request.replica_state.replica_id));
}

/// A wait in the lists of many partitions, while it lives.
class listed_wait {
  public:
    listed_wait(replicas& here, reader_kind kind) : here_(here), kind_(kind) {
        here_.enlist(wait_);
    }
    listed_wait(const listed_wait&) = delete;
    listed_wait& operator=(const listed_wait&) = delete;
    ~listed_wait() {
        here_.forget(wait_);
        for (const partition_ptr& each : listed_in_) each->forget(wait_, kind_);
    }

    void enlist(partition_ptr in) {
        in->enlist(wait_, kind_);
        listed_in_.push_back(std::move(in));
    }
    runtime::awaitable<void> woken() { (void)co_await wait_.woken(); }

  private:
    replicas& here_;
    reader_kind kind_;
    read_wait wait_;
    std::vector<partition_ptr> listed_in_;
};

/// One pass over the partitions of a request.
class fetch_pass {
  public:
    fetch_pass(replicas& here,
               const messages_request& request,
               std::int64_t bytes_max,
               listed_wait& wait)
        : here_(here),
          request_(request),
          wait_(wait),
          bytes_left_(std::clamp<std::int64_t>(request.max_bytes, 0, bytes_max)) {}

    runtime::awaitable<void> run() {
        for (const asked_topic& topic : request_.topics) {
            auto& answer_topic = result_.response.responses.emplace_back();
            answer_topic.topic = topic.topic;
            answer_topic.topic_id = topic.topic_id;
            answer_topic.partitions.reserve(topic.partitions.size());
            for (const asked_partition& asked : topic.partitions) {
                auto& answer = answer_topic.partitions.emplace_back();
                answer.partition_index = asked.partition;
                co_await read_partition(topic, asked, answer);
            }
        }
    }

    [[nodiscard]] bool satisfied() const {
        return must_tell_ || waits_for_ == 0 ||
               bytes_read_ >= std::max<std::int64_t>(request_.min_bytes, 0);
    }
    [[nodiscard]] fetched take_result() { return std::move(result_); }

  private:
    /// Requests name topics by id since version 13.
    [[nodiscard]] std::expected<partition_ptr, error_code> find(
        const asked_topic& topic, const asked_partition& asked) const {
        const kafka::topic_partition name{topic.topic, kafka::partition_index(asked.partition)};
        const metadata::topic_partition_id id{topic.topic_id, name.partition};
        const bool by_name = topic.topic_id.is_zero();
        if (auto found = by_name ? here_.find(name) : here_.find(id)) return found;
        return std::unexpected(by_name ? here_.why_absent(name) : here_.why_absent(id));
    }

    runtime::awaitable<void> read_partition(const asked_topic& topic,
                                            const asked_partition& asked,
                                            answered_partition& answer) {
        answer.records.emplace();
        answer.aborted_transactions.reset();
        const auto found = find(topic, asked);
        if (!found) {
            refuse(answer, found.error());
            co_return;
        }
        const partition_ptr from = *found;
        // Before it is read: what moves meanwhile must not be missed.
        wait_.enlist(from);
        ++waits_for_;
        const std::int64_t bytes_max =
            std::clamp<std::int64_t>(asked.partition_max_bytes, 0, bytes_left_);
        read_answer read = co_await read_as_asked(from, asked, bytes_max);
        if (read.error != error_code::none) {
            refuse(answer, read.error);
            co_return;
        }
        put(std::move(read), answer);
    }

    runtime::awaitable<read_answer> read_as_asked(partition_ptr from,
                                                  const asked_partition& asked,
                                                  std::int64_t bytes_max) {
        // A batch larger than every limit must still get through, or its reader is stuck for ever.
        const bool at_least_one = bytes_read_ == 0;
        const kafka::node_id replica = replica_of(request_);
        const kafka::leader_epoch epoch(asked.current_leader_epoch);
        const kafka::offset offset(asked.fetch_offset);
        if (replica < kafka::node_id(0)) {
            co_return co_await from->read(
                consumer_read{.from = offset,
                              .max_bytes = static_cast<std::uint64_t>(bytes_max),
                              .at_least_one_batch = at_least_one,
                              .committed_only = request_.isolation_level == read_committed,
                              .current_leader_epoch = epoch});
        }
        co_return co_await from->read(follower_read{
            .fetch = {.replica = replica,
                      .epoch = kafka::broker_epoch(request_.replica_state.replica_epoch),
                      .current_leader_epoch = epoch,
                      .from = offset,
                      .last_fetched_epoch = kafka::leader_epoch(asked.last_fetched_epoch),
                      .log_start = kafka::offset(asked.log_start_offset)},
            .max_bytes = static_cast<std::uint64_t>(bytes_max),
            .at_least_one_batch = at_least_one});
    }

    void put(read_answer read, answered_partition& answer) {
        answer.high_watermark = read.high_watermark.value();
        answer.last_stable_offset = read.last_stable_offset.value();
        answer.log_start_offset = read.log_start.value();
        if (read.log_start_is_news) must_tell_ = true;
        if (read.diverging) {
            must_tell_ = true;
            answer.diverging_epoch = {.epoch = read.diverging->epoch.value(),
                                      .end_offset = read.diverging->end_offset.value()};
        }
        if (read.aborted && read.slice.size > 0) {
            answer.aborted_transactions.emplace();
            for (const storage::aborted_transaction& each : *read.aborted) {
                answer.aborted_transactions->push_back({.producer_id = each.producer.value(),
                                                        .first_offset = each.first_offset.value()});
            }
        }
        if (read.slice.size == 0) return;
        const auto size = static_cast<std::int64_t>(read.slice.size);
        bytes_read_ += size;
        bytes_left_ = std::max<std::int64_t>(bytes_left_ - size, 0);
        answer.records =
            kafka::messages::record_data::spliced(read.slice.size, result_.slices.size());
        result_.slices.push_back(std::move(read.slice));
    }

    void refuse(answered_partition& answer, error_code code) {
        must_tell_ = true;
        answer.error_code = kafka::to_wire(code);
        answer.high_watermark = -1;
        answer.last_stable_offset = -1;
        answer.log_start_offset = -1;
    }

    replicas& here_;
    const messages_request& request_;
    listed_wait& wait_;
    std::int64_t bytes_left_;
    std::int64_t bytes_read_ = 0;
    std::size_t waits_for_ = 0;
    bool must_tell_ = false;
    fetched result_;
};

}  // namespace

runtime::awaitable<fetched> serve_fetch(replicas& here,
                                        messages_request request,
                                        fetch_limits limits) {
    const reader_kind kind =
        replica_of(request) < kafka::node_id(0) ? reader_kind::consumer : reader_kind::follower;
    for (;;) {
        listed_wait wait(here, kind);
        fetch_pass pass(here, request, limits.bytes_max, wait);
        co_await pass.run();
        if (pass.satisfied() || !here.lets_wait() || here.world().now() >= limits.deadline) {
            co_return pass.take_result();
        }
        (void)co_await runtime::with_deadline(here.world(), limits.deadline, wait.woken());
    }
}

}  // namespace verdikt::broker::replication::host
