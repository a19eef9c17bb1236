/// Fetch: reads from partitions, and waits for records where there are too few.
///
/// Nothing is copied: an answer names stretches of segment files, which the connection sends.
/// Sessions (KIP-227) are refused by session id 0 in every answer, so each request states all its
/// partitions.
#include "broker/server/handlers.h"
#include "broker/server/storage_errors.h"
#include "broker/server/waiting.h"

#include <algorithm>
#include <chrono>

namespace verdikt::broker::server {

namespace {

using kafka::error_code;
using asked_partition = messages::fetch_request::fetch_partition;
using answered_partition = messages::fetch_response::partition_data;

constexpr std::int8_t read_committed = 1;

/// One pass over the partitions of a request.
class fetch_pass {
  public:
    fetch_pass(node_services& here, const messages::fetch_request& request)
        : here_(here),
          request_(request),
          bytes_left_(std::clamp<std::int64_t>(
              request.max_bytes, 0, here.config.integer("fetch.max.bytes"))) {}

    runtime::awaitable<void> run() {
        for (const auto& asked_topic : request_.topics) {
            auto& answer_topic = result_.response.responses.emplace_back();
            answer_topic.topic = asked_topic.topic;
            answer_topic.partitions.reserve(asked_topic.partitions.size());
            const auto which = here_.topics.find(asked_topic.topic);
            for (const asked_partition& asked : asked_topic.partitions) {
                auto& answer = answer_topic.partitions.emplace_back();
                answer.partition_index = asked.partition;
                const auto log = which == nullptr ? nullptr : which->log(asked.partition);
                co_await read_partition(log, asked, answer);
            }
        }
    }

    [[nodiscard]] bool satisfied() const {
        return failed_ || watched_.empty() ||
               bytes_read_ >= std::max<std::int64_t>(request_.min_bytes, 0);
    }
    [[nodiscard]] std::vector<watched_log> take_watched() { return std::move(watched_); }
    [[nodiscard]] fetched take_result() { return std::move(result_); }

  private:
    runtime::awaitable<void> read_partition(std::shared_ptr<storage::partition_log> log,
                                            const asked_partition& asked,
                                            answered_partition& answer) {
        answer.records.emplace();
        answer.aborted_transactions.reset();
        if (const error_code fault = check(log.get(), asked); fault != error_code::none) {
            refuse(answer, fault);
            co_return;
        }
        const bool committed_only = request_.isolation_level == read_committed;
        const kafka::offset bound =
            committed_only ? log->last_stable_offset() : log->high_watermark();
        answer.high_watermark = log->high_watermark().value();
        answer.last_stable_offset = log->last_stable_offset().value();
        answer.log_start_offset = log->log_start().value();
        watched_.push_back({log, bound, committed_only});
        if (kafka::offset(asked.fetch_offset) < bound) {
            co_await read_records(*log, asked, bound, answer);
        }
    }

    [[nodiscard]] static error_code check(const storage::partition_log* log,
                                          const asked_partition& asked) {
        if (log == nullptr) return error_code::unknown_topic_or_partition;
        if (asked.current_leader_epoch > sole_leader_epoch.value()) {
            return error_code::unknown_leader_epoch;
        }
        if (asked.current_leader_epoch >= 0 &&
            asked.current_leader_epoch < sole_leader_epoch.value()) {
            return error_code::fenced_leader_epoch;
        }
        // Between high watermark and log end is no error: those records are on their way.
        const kafka::offset from(asked.fetch_offset);
        if (from < log->log_start() || from > log->log_end()) {
            return error_code::offset_out_of_range;
        }
        return error_code::none;
    }

    runtime::awaitable<void> read_records(storage::partition_log& log,
                                          const asked_partition& asked,
                                          kafka::offset bound,
                                          answered_partition& answer) {
        const std::int64_t bytes_max =
            std::clamp<std::int64_t>(asked.partition_max_bytes, 0, bytes_left_);
        // A batch larger than every limit must still get through, or its reader is stuck for ever.
        const bool at_least_one = bytes_read_ == 0;
        if (bytes_max == 0 && !at_least_one) co_return;
        auto read = co_await log.read({.from = kafka::offset(asked.fetch_offset),
                                       .max_bytes = static_cast<std::uint64_t>(bytes_max),
                                       .bound = bound,
                                       .at_least_one_batch = at_least_one});
        if (!read) {
            refuse(answer, to_error_code(read.error()));
            co_return;
        }
        if (read->slice.size == 0) co_return;
        if (request_.isolation_level == read_committed &&
            !co_await list_aborted(log, *read, answer)) {
            co_return;
        }
        const auto size = static_cast<std::int64_t>(read->slice.size);
        bytes_read_ += size;
        bytes_left_ = std::max<std::int64_t>(bytes_left_ - size, 0);
        answer.records = messages::record_data::spliced(read->slice.size, result_.slices.size());
        result_.slices.push_back(std::move(read->slice));
    }

    /// False if it had to refuse: records sent without this list would be taken for committed.
    runtime::awaitable<bool> list_aborted(storage::partition_log& log,
                                          const storage::read_result& read,
                                          answered_partition& answer) {
        const auto aborted = co_await log.aborted_transactions(read.first_offset, read.end_offset);
        if (!aborted) {
            refuse(answer, to_error_code(aborted.error()));
            co_return false;
        }
        answer.aborted_transactions.emplace();
        for (const storage::aborted_transaction& transaction : *aborted) {
            answer.aborted_transactions->push_back(
                {.producer_id = transaction.producer.value(),
                 .first_offset = transaction.first_offset.value()});
        }
        co_return true;
    }

    void refuse(answered_partition& answer, error_code code) {
        failed_ = true;
        here_.measured.count_error(code);
        answer.error_code = kafka::to_wire(code);
        answer.high_watermark = -1;
        answer.last_stable_offset = -1;
        answer.log_start_offset = -1;
    }

    node_services& here_;
    const messages::fetch_request& request_;
    std::int64_t bytes_left_;
    std::int64_t bytes_read_ = 0;
    bool failed_ = false;
    std::vector<watched_log> watched_;
    fetched result_;
};

runtime::instant deadline_of(const node_services& here,
                             const request_context& asked,
                             const messages::fetch_request& request) {
    // Nobody notices that a client is gone while it is waited for.
    const std::int64_t longest = here.config.integer("connections.max.idle.ms");
    return asked.arrived +
           std::chrono::milliseconds(std::clamp<std::int64_t>(request.max_wait_ms, 0, longest));
}

}  // namespace

runtime::awaitable<fetched> handle_fetch(node_services& here,
                                         const request_context& asked,
                                         messages::fetch_request request) {
    const runtime::instant deadline = deadline_of(here, asked, request);
    while (true) {
        fetch_pass pass(here, request);
        co_await pass.run();
        if (pass.satisfied() || here.stopping || here.world.now() >= deadline) {
            co_return pass.take_result();
        }
        co_await wait_for_records(here, deadline, pass.take_watched());
    }
}

}  // namespace verdikt::broker::server
