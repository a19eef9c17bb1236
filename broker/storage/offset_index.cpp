#include "broker/storage/offset_index.h"

#include "kafka/endian.h"
#include "runtime/check.h"

#include <algorithm>
#include <functional>
#include <limits>

namespace verdikt::broker::storage {

namespace {

bool offset_and_position_rise(const offset_index::entry& before, const offset_index::entry& after) {
    return before.relative_offset < after.relative_offset && before.position < after.position;
}

}  // namespace

std::optional<offset_index> offset_index::decode(kafka::offset base,
                                                 std::span<const std::byte> bytes,
                                                 std::uint64_t log_size) {
    if (bytes.size() % entry_size != 0) return std::nullopt;
    offset_index index(base);
    for (std::size_t at = 0; at < bytes.size(); at += entry_size) {
        const entry read{
            .relative_offset = kafka::load_big_endian<std::uint32_t>(bytes.data() + at),
            .position = kafka::load_big_endian<std::uint32_t>(bytes.data() + at + 4)};
        if (at > 0 && read == entry{0, 0}) break;
        if (read.position >= log_size) return std::nullopt;
        if (!index.entries_.empty() && !offset_and_position_rise(index.entries_.back(), read))
            return std::nullopt;
        index.entries_.push_back(read);
    }
    return index;
}

std::vector<std::byte> offset_index::encode() const {
    std::vector<std::byte> bytes(size_bytes());
    std::byte* to = bytes.data();
    for (const entry& written : entries_) {
        kafka::store_big_endian<std::uint32_t>(to, written.relative_offset);
        kafka::store_big_endian<std::uint32_t>(to + 4, written.position);
        to += entry_size;
    }
    return bytes;
}

void offset_index::append(kafka::offset last_offset, std::uint64_t position) {
    const std::int64_t relative = last_offset - base_;
    CHECK(relative >= 0 && relative <= std::numeric_limits<std::int32_t>::max());
    CHECK(position <= std::numeric_limits<std::uint32_t>::max());
    const entry added{.relative_offset = static_cast<std::uint32_t>(relative),
                      .position = static_cast<std::uint32_t>(position)};
    CHECK(entries_.empty() || offset_and_position_rise(entries_.back(), added));
    entries_.push_back(added);
}

std::uint64_t offset_index::position_before(kafka::offset offset) const {
    const std::int64_t relative = offset - base_;
    const auto above = std::ranges::upper_bound(
        entries_, relative, {}, [](const entry& e) { return std::int64_t{e.relative_offset}; });
    return above == entries_.begin() ? 0 : std::prev(above)->position;
}

void offset_index::truncate_to(kafka::offset offset) {
    const std::int64_t relative = offset - base_;
    std::erase_if(entries_, [&](const entry& e) { return e.relative_offset >= relative; });
}

void offset_index::check_invariants() const {
    CHECK(std::ranges::adjacent_find(entries_, std::not_fn(offset_and_position_rise)) ==
          entries_.end());
}

}  // namespace verdikt::broker::storage
