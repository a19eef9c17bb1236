#include "broker/storage/transaction_index.h"

#include "kafka/endian.h"
#include "runtime/check.h"

#include <algorithm>

namespace verdikt::broker::storage {

namespace {

constexpr std::int16_t entry_version = 0;

bool sound(const transaction_index::entry& aborted) {
    return aborted.first_offset <= aborted.marker_offset;
}

}  // namespace

std::optional<transaction_index> transaction_index::decode(std::span<const std::byte> bytes) {
    if (bytes.size() % entry_size != 0) return std::nullopt;
    transaction_index index;
    for (std::size_t at = 0; at < bytes.size(); at += entry_size) {
        const std::byte* from = bytes.data() + at;
        if (kafka::load_big_endian<std::int16_t>(from) != entry_version) return std::nullopt;
        const entry read{
            .producer = kafka::producer_id(kafka::load_big_endian<std::int64_t>(from + 2)),
            .first_offset = kafka::offset(kafka::load_big_endian<std::int64_t>(from + 10)),
            .marker_offset = kafka::offset(kafka::load_big_endian<std::int64_t>(from + 18)),
            .last_stable_offset = kafka::offset(kafka::load_big_endian<std::int64_t>(from + 26))};
        const bool rises =
            index.empty() || index.entries_.back().marker_offset < read.marker_offset;
        if (!sound(read) || !rises) return std::nullopt;
        index.entries_.push_back(read);
    }
    return index;
}

std::vector<std::byte> transaction_index::encode() const {
    std::vector<std::byte> bytes(entries_.size() * entry_size);
    std::byte* to = bytes.data();
    for (const entry& written : entries_) {
        kafka::store_big_endian<std::int16_t>(to, entry_version);
        kafka::store_big_endian<std::int64_t>(to + 2, written.producer.value());
        kafka::store_big_endian<std::int64_t>(to + 10, written.first_offset.value());
        kafka::store_big_endian<std::int64_t>(to + 18, written.marker_offset.value());
        kafka::store_big_endian<std::int64_t>(to + 26, written.last_stable_offset.value());
        to += entry_size;
    }
    return bytes;
}

void transaction_index::append(const entry& aborted) {
    CHECK(sound(aborted));
    CHECK(entries_.empty() || entries_.back().marker_offset < aborted.marker_offset);
    entries_.push_back(aborted);
}

bool transaction_index::collect(kafka::offset from,
                                kafka::offset end,
                                std::vector<entry>& found) const {
    for (const entry& aborted : entries_) {
        if (aborted.marker_offset >= from && aborted.first_offset < end) found.push_back(aborted);
        if (aborted.last_stable_offset >= end) return false;
    }
    return true;
}

void transaction_index::truncate_to(kafka::offset offset) {
    std::erase_if(entries_, [&](const entry& aborted) { return aborted.marker_offset >= offset; });
}

void transaction_index::check_invariants() const {
    CHECK(std::ranges::all_of(entries_, sound));
    CHECK(std::ranges::is_sorted(entries_, std::ranges::less{}, &entry::marker_offset));
}

}  // namespace verdikt::broker::storage
