#include "broker/storage/time_index.h"

#include "kafka/endian.h"
#include "runtime/check.h"

#include <algorithm>
#include <functional>
#include <limits>

namespace verdikt::broker::storage {

namespace {

bool time_rises(const time_index::entry& before, const time_index::entry& after) {
    return before.time < after.time && before.relative_offset <= after.relative_offset;
}

}  // namespace

std::optional<time_index> time_index::decode(kafka::offset base, std::span<const std::byte> bytes) {
    if (bytes.size() % entry_size != 0) return std::nullopt;
    time_index index(base);
    for (std::size_t at = 0; at < bytes.size(); at += entry_size) {
        const entry read{
            .time = kafka::timestamp(kafka::load_big_endian<std::int64_t>(bytes.data() + at)),
            .relative_offset = kafka::load_big_endian<std::uint32_t>(bytes.data() + at + 8)};
        if (at > 0 && read == entry{kafka::timestamp(0), 0}) break;
        if (!index.entries_.empty() && !time_rises(index.entries_.back(), read))
            return std::nullopt;
        index.entries_.push_back(read);
    }
    return index;
}

std::vector<std::byte> time_index::encode() const {
    std::vector<std::byte> bytes(size_bytes());
    std::byte* to = bytes.data();
    for (const entry& written : entries_) {
        kafka::store_big_endian<std::int64_t>(to, written.time.value());
        kafka::store_big_endian<std::uint32_t>(to + 8, written.relative_offset);
        to += entry_size;
    }
    return bytes;
}

void time_index::append_if_later(kafka::timestamp time, kafka::offset offset) {
    if (time <= kafka::no_timestamp) return;
    if (!entries_.empty() && time <= entries_.back().time) return;
    const std::int64_t relative = offset - base_;
    CHECK(relative >= 0 && relative <= std::numeric_limits<std::int32_t>::max());
    const entry added{.time = time, .relative_offset = static_cast<std::uint32_t>(relative)};
    CHECK(entries_.empty() || time_rises(entries_.back(), added));
    entries_.push_back(added);
}

kafka::offset time_index::first_offset_that_may_reach(kafka::timestamp time) const {
    const auto above = std::ranges::upper_bound(entries_, time, {}, &entry::time);
    return above == entries_.begin() ? base_ : offset_of(*std::prev(above));
}

void time_index::truncate_to(kafka::offset offset) {
    std::erase_if(entries_, [&](const entry& e) { return offset_of(e) >= offset; });
}

kafka::offset time_index::offset_of(const entry& which) const {
    return base_ + which.relative_offset;
}

void time_index::check_invariants() const {
    CHECK(std::ranges::adjacent_find(entries_, std::not_fn(time_rises)) == entries_.end());
}

}  // namespace verdikt::broker::storage
