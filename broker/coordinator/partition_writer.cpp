#include "broker/coordinator/partition_writer.h"

#include <boost/asio/post.hpp>

#include <iterator>
#include <utility>

namespace verdikt::broker::coordinator {

namespace {

/// Small enough for any sensible max.message.bytes; one larger write goes alone.
constexpr std::size_t shared_append_bytes_max = 256 << 10;
/// Beyond it the log does not keep up, and clients have to slow down.
constexpr std::size_t queued_bytes_max = 64 << 20;

std::size_t size_of(const std::vector<log_record>& records) {
    std::size_t total = 0;
    for (const log_record& record : records) {
        total += record.key.size() + (record.value ? record.value->size() : 0);
    }
    return total;
}

}  // namespace

void partition_writer::write(std::vector<log_record> records, completion done) {
    enqueue({.records = std::move(records), .done = std::move(done)});
}

void partition_writer::write_in_transaction(std::vector<log_record> records,
                                            log_transaction transaction,
                                            completion done) {
    enqueue({.records = std::move(records),
             .transaction = std::move(transaction),
             .done = std::move(done)});
}

void partition_writer::write_marker(transactional::transaction_marker marker, completion done) {
    enqueue({.marker = marker, .done = std::move(done)});
}

void partition_writer::enqueue(waiting_write next) {
    next.bytes = size_of(next.records);
    next.refused = queued_bytes_ + next.bytes > queued_bytes_max;
    if (next.refused) {
        next.records.clear();
        next.bytes = 0;
    }
    queued_bytes_ += next.bytes;
    queue_.push_back(std::move(next));
    if (std::exchange(draining_, true)) return;
    owner_.spawn(drain());
}

std::vector<partition_writer::waiting_write> partition_writer::take_some() {
    std::vector<waiting_write> taken;
    std::size_t bytes = 0;
    while (!queue_.empty()) {
        const waiting_write& next = queue_.front();
        if (!taken.empty() && next.goes_alone()) break;
        if (!taken.empty() && bytes + next.bytes > shared_append_bytes_max) break;
        bytes += next.bytes;
        const bool is_alone = next.goes_alone();
        taken.push_back(std::move(queue_.front()));
        queue_.pop_front();
        if (is_alone) break;
    }
    queued_bytes_ -= bytes;
    return taken;
}

runtime::awaitable<kafka::error_code> partition_writer::append(
    std::vector<waiting_write>& together) {
    waiting_write& first = together.front();
    if (first.marker) {
        const auto written = co_await log_.append_marker(partition_, epoch_, *first.marker);
        co_return written ? kafka::error_code::none : written.error();
    }
    std::vector<log_record> records;
    for (waiting_write& one : together) {
        std::move(one.records.begin(), one.records.end(), std::back_inserter(records));
    }
    if (records.empty()) co_return kafka::error_code::none;
    const auto written =
        co_await log_.append(partition_, epoch_, std::move(records), std::move(first.transaction));
    co_return written ? kafka::error_code::none : written.error();
}

runtime::awaitable<void> partition_writer::drain() {
    // A coroutine may start within `spawn`, and a log that is offline answers at once: whoever
    // writes must not see `done` called before `write` has returned.
    co_await boost::asio::post(runtime::use_awaitable);
    while (!queue_.empty()) {
        std::vector<waiting_write> together = take_some();
        const kafka::error_code outcome = co_await append(together);
        for (waiting_write& one : together) {
            one.done(one.refused ? kafka::error_code::request_timed_out : outcome);
        }
    }
    draining_ = false;
}

}  // namespace verdikt::broker::coordinator
