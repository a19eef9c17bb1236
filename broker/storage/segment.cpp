#include "broker/storage/segment.h"

#include "runtime/check.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::storage {

segment::segment(std::filesystem::path in_directory,
                 kafka::offset first,
                 std::shared_ptr<runtime::file> log_file)
    : directory(std::move(in_directory)),
      base(first),
      next_offset(first),
      log(std::move(log_file)),
      offsets(first),
      times(first),
      max_timestamp_offset(first) {}

void segment::note(const kafka::records::batch_header& batch, std::int64_t index_interval_bytes) {
    CHECK(offsets && times);
    CHECK(batch.base_offset >= next_offset);
    if (size == 0) first_timestamp = batch.max_timestamp;
    if (batch.max_timestamp > max_timestamp) {
        max_timestamp = batch.max_timestamp;
        max_timestamp_offset = batch.base_offset;
    }
    if (bytes_since_index > index_interval_bytes) {
        offsets->append(batch.last_offset(), size);
        times->append_if_later(max_timestamp, max_timestamp_offset);
        bytes_since_index = 0;
    }
    recent.add({.base_offset = batch.base_offset,
                .last_offset = batch.last_offset(),
                .position = size,
                .size = batch.size()});
    bytes_since_index += static_cast<std::int64_t>(batch.size());
    size += batch.size();
    next_offset = batch.next_offset();
}

void segment::reset() {
    offsets.emplace(base);
    times.emplace(base);
    aborted = {};
    recent.clear();
    next_offset = base;
    size = 0;
    written = 0;
    first_timestamp = kafka::no_timestamp;
    max_timestamp = kafka::no_timestamp;
    max_timestamp_offset = base;
    bytes_since_index = 0;
}

std::uint64_t segment::rewind(kafka::offset offset) {
    CHECK(offsets && times);
    offsets->truncate_to(offset);
    aborted.truncate_to(offset);
    recent.clear();
    bytes_since_index = 0;
    max_timestamp = kafka::no_timestamp;
    max_timestamp_offset = base;
    if (offsets->entries().empty()) {
        times.emplace(base);
        next_offset = base;
        size = 0;
        return 0;
    }
    // The last entry's batch is noted again, so its own timestamp may go; those before it stay. As
    // every offset entry came with a time entry, the time index covers all batches up to it.
    const offset_index::entry last = offsets->entries().back();
    times->truncate_to(base + std::int64_t{last.relative_offset} + 1);
    if (!times->entries().empty()) {
        max_timestamp = times->entries().back().time;
        max_timestamp_offset = times->offset_of(times->entries().back());
    }
    size = last.position;
    next_offset = base;
    return size;
}

void segment::seal() {
    CHECK(times);
    times->append_if_later(max_timestamp, max_timestamp_offset);
    recent.clear();
}

}  // namespace verdikt::broker::storage
