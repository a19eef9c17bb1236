#include "broker/storage/batch_scanner.h"
#include "broker/storage/stored_log.h"
#include "broker/storage/uncompressed_max.h"
#include "broker/storage/watched_files.h"
#include "kafka/records/compression.h"
#include "kafka/records/record.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::storage {

namespace {

// Sealed segments of one log whose indexes stay in memory after use.
constexpr std::size_t indexes_in_memory_max = 4;

// The first record of the batch that is late enough, within [from, bound).
std::optional<timestamp_and_offset> search_batch(std::span<const std::byte> bytes,
                                                 kafka::timestamp time,
                                                 kafka::offset from,
                                                 kafka::offset bound) {
    const auto batch = kafka::records::batch_view::parse(bytes);
    if (!batch) return std::nullopt;
    kafka::records::byte_buffer scratch;
    const auto payload = kafka::records::uncompressed_payload(
        *batch, kafka::records::compression::of_this_thread(), uncompressed_max, scratch);
    if (!payload) return std::nullopt;
    const kafka::records::batch_header header = batch->header();
    kafka::records::record_reader records(*payload, header.record_count);
    while (!records.done()) {
        const auto record = records.next();
        if (!record) return std::nullopt;
        const kafka::offset offset = record->offset_in(header);
        const kafka::timestamp stamped = record->timestamp_in(header);
        if (stamped < time || offset < from) continue;
        if (offset >= bound) return std::nullopt;
        return timestamp_and_offset{.timestamp = stamped, .offset = offset, .epoch = header.epoch};
    }
    return std::nullopt;
}

}  // namespace

segment_ptr stored_log::segment_holding(kafka::offset offset) const {
    const auto above = std::ranges::upper_bound(
        segments_, offset, {}, [](const segment_ptr& each) { return each->base; });
    return above == segments_.begin() ? nullptr : *std::prev(above);
}

segment_ptr stored_log::segment_after(kafka::offset base) const {
    const auto above = std::ranges::upper_bound(
        segments_, base, {}, [](const segment_ptr& each) { return each->base; });
    return above == segments_.end() ? nullptr : *above;
}

// The first batch whose last offset is at least `offset`, if the segment has one.
file_result<std::optional<batch_place>> stored_log::locate(segment_ptr in, kafka::offset offset) {
    if (const auto recent = in->recent.find(offset)) co_return recent;
    const auto loaded = co_await load_indexes(files(), in, config_);
    if (!loaded) co_return std::unexpected(loaded.error());
    touch_indexes(in);
    batch_scanner scanner(
        in->log,
        {.begin = in->offsets->position_before(offset), .end = in->written, .base = in->base},
        batch_scanner::depth::headers);
    for (;;) {
        const auto found = co_await scanner.next();
        if (!found) co_return std::unexpected(found.error());
        if (!*found) co_return std::nullopt;
        const kafka::records::batch_header& header = (*found)->header;
        if (header.last_offset() < offset) continue;
        co_return batch_place{.base_offset = header.base_offset,
                              .last_offset = header.last_offset(),
                              .position = (*found)->position,
                              .size = header.size()};
    }
}

// Keeps the indexes of the sealed segments used last, and drops the others from memory.
void stored_log::touch_indexes(const segment_ptr& used) {
    if (used == segments_.back() || !used->persisted) return;
    std::erase(indexes_in_memory_, used);
    indexes_in_memory_.push_back(used);
    if (indexes_in_memory_.size() <= indexes_in_memory_max) return;
    const segment_ptr unused = indexes_in_memory_.front();
    indexes_in_memory_.erase(indexes_in_memory_.begin());
    if (!unused->persisted || unused == segments_.back()) return;
    unused->offsets.reset();
    unused->times.reset();
}

runtime::awaitable<std::expected<read_result, errc>> stored_log::read(read_request request) {
    if (request.from < log_start_ || request.from > written_end_) {
        co_return std::unexpected(errc::offset_out_of_range);
    }
    const kafka::offset bound = std::min(request.bound, written_end_);
    const read_result nothing{
        .slice = {}, .first_offset = request.from, .end_offset = request.from};
    segment_ptr in = request.from < bound ? segment_holding(request.from) : nullptr;
    // Compaction may have emptied the end of a segment: then what is wanted is in a later one.
    for (; in != nullptr; in = segment_after(in->base)) {
        const auto first = co_await locate(in, request.from);
        if (!first) co_return std::unexpected(failed("read", first.error()));
        if (!*first) continue;
        std::uint64_t end = in->written;
        kafka::offset end_offset = std::min(in->next_offset, written_end_);
        if (bound < end_offset) {
            const auto beyond = co_await locate(in, bound);
            if (!beyond) co_return std::unexpected(failed("read", beyond.error()));
            if (*beyond) end = (*beyond)->position;
            end_offset = bound;
        }
        if ((*first)->end() > end) co_return nothing;
        const std::uint64_t wanted = request.at_least_one_batch
                                         ? std::max(request.max_bytes, (*first)->size)
                                         : request.max_bytes;
        const std::uint64_t size = std::min(end - (*first)->position, wanted);
        if (size == 0) co_return nothing;
        co_return read_result{
            .slice = {.file = unwatched(in->log), .position = (*first)->position, .size = size},
            .first_offset = (*first)->base_offset,
            .end_offset = end_offset};
    }
    co_return nothing;
}

runtime::awaitable<std::expected<std::vector<std::byte>, errc>> stored_log::read_bytes(
    read_request request) {
    const auto found = co_await read(request);
    if (!found) co_return std::unexpected(found.error());
    std::vector<std::byte> bytes(found->slice.size);
    if (bytes.empty()) co_return bytes;
    const auto got = co_await found->slice.file->read_at(found->slice.position, bytes);
    if (!got) co_return std::unexpected(failed("read", got.error()));
    bytes.resize(*got);
    co_return bytes;
}

runtime::awaitable<std::expected<std::optional<timestamp_and_offset>, errc>>
stored_log::offset_for_time(kafka::timestamp time, kafka::offset bound) {
    const std::vector<segment_ptr> segments = segments_;
    for (const segment_ptr& each : segments) {
        if (each->max_timestamp < time || each->next_offset <= log_start_) continue;
        if (each->base >= bound) break;
        const auto found = co_await search_segment(each, time, bound);
        if (!found) co_return std::unexpected(failed("read", found.error()));
        if (*found) co_return *found;
    }
    co_return std::nullopt;
}

file_result<std::optional<timestamp_and_offset>> stored_log::search_segment(segment_ptr in,
                                                                            kafka::timestamp time,
                                                                            kafka::offset bound) {
    const auto loaded = co_await load_indexes(files(), in, config_);
    if (!loaded) co_return std::unexpected(loaded.error());
    touch_indexes(in);
    const kafka::offset start = in->times->first_offset_that_may_reach(time);
    batch_scanner scanner(
        in->log,
        {.begin = in->offsets->position_before(start), .end = in->written, .base = in->base},
        batch_scanner::depth::headers);
    for (;;) {
        const auto found = co_await scanner.next();
        if (!found) co_return std::unexpected(found.error());
        if (!*found || (*found)->header.base_offset >= bound) co_return std::nullopt;
        const kafka::records::batch_header& header = (*found)->header;
        if (header.max_timestamp < time || header.last_offset() < log_start_) continue;
        std::vector<std::byte> bytes(header.size());
        const auto got = co_await in->log->read_at((*found)->position, bytes);
        if (!got) co_return std::unexpected(got.error());
        bytes.resize(*got);
        const auto hit = search_batch(bytes, time, log_start_, bound);
        if (hit) co_return hit;
    }
}

runtime::awaitable<std::expected<std::optional<timestamp_and_offset>, errc>>
stored_log::offset_of_max_timestamp() {
    const auto newest = std::ranges::max_element(
        segments_, {}, [](const segment_ptr& each) { return each->max_timestamp; });
    const kafka::timestamp time = (*newest)->max_timestamp;
    if (time == kafka::no_timestamp) co_return std::nullopt;
    co_return co_await offset_for_time(time, written_end_);
}

runtime::awaitable<std::expected<std::vector<aborted_transaction>, errc>>
stored_log::aborted_transactions(kafka::offset from, kafka::offset end) {
    std::vector<transaction_index::entry> found;
    for (segment_ptr in = segment_holding(from); in != nullptr; in = segment_after(in->base)) {
        if (!in->aborted.collect(from, end, found)) break;
    }
    std::vector<aborted_transaction> aborted;
    for (const transaction_index::entry& each : found) {
        aborted.push_back({.producer = each.producer, .first_offset = each.first_offset});
    }
    co_return aborted;
}

}  // namespace verdikt::broker::storage
