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

std::size_t size_of(const std::vector<offsets_record>& records) {
    std::size_t total = 0;
    for (const offsets_record& record : records) {
        total += record.key.size() + (record.value ? record.value->size() : 0);
    }
    return total;
}

}  // namespace

void partition_writer::write(std::vector<offsets_record> records, completion done) {
    std::size_t bytes = size_of(records);
    const bool refused = queued_bytes_ + bytes > queued_bytes_max;
    if (refused) {
        records.clear();
        bytes = 0;
    }
    queued_bytes_ += bytes;
    queue_.push_back({std::move(records), bytes, refused, std::move(done)});
    if (std::exchange(draining_, true)) return;
    owner_.spawn(drain());
}

std::vector<partition_writer::waiting_write> partition_writer::take_some() {
    std::vector<waiting_write> taken;
    std::size_t bytes = 0;
    while (!queue_.empty()) {
        const std::size_t next = queue_.front().bytes;
        if (!taken.empty() && bytes + next > shared_append_bytes_max) break;
        bytes += next;
        taken.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    queued_bytes_ -= bytes;
    return taken;
}

runtime::awaitable<void> partition_writer::drain() {
    // A coroutine may start within `spawn`, and a log that is offline answers at once: whoever
    // writes must not see `done` called before `write` has returned.
    co_await boost::asio::post(runtime::use_awaitable);
    while (!queue_.empty()) {
        std::vector<waiting_write> together = take_some();
        std::vector<offsets_record> records;
        for (waiting_write& one : together) {
            std::move(one.records.begin(), one.records.end(), std::back_inserter(records));
        }
        auto outcome = kafka::error_code::none;
        if (!records.empty()) {
            const auto written = co_await log_.append(partition_, epoch_, std::move(records));
            if (!written) outcome = written.error();
        }
        for (waiting_write& one : together) {
            one.done(one.refused ? kafka::error_code::request_timed_out : outcome);
        }
    }
    draining_ = false;
}

}  // namespace verdikt::broker::coordinator
