#include "broker/storage/compaction.h"

#include "broker/storage/uncompressed_max.h"
#include "kafka/endian.h"
#include "kafka/records/crc32c.h"
#include "kafka/records/record.h"
#include "kafka/varint.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace verdikt::broker::storage {

namespace {

// Of a hash map's node, beside the key's bytes.
constexpr std::size_t entry_overhead = 64;

std::string_view text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void append_uvarint(kafka::records::byte_buffer& to, std::uint64_t value) {
    while (value >= 0x80) {
        *to.extend(1) = static_cast<std::byte>((value & 0x7f) | 0x80);
        value >>= 7;
    }
    *to.extend(1) = static_cast<std::byte>(value);
}

// Skips a variable-length integer that the record reader has accepted.
std::span<const std::byte> behind_varint(std::span<const std::byte> bytes) {
    std::size_t at = 0;
    while ((bytes[at] & std::byte{0x80}) != std::byte{0}) ++at;
    return bytes.subspan(at + 1);
}

// The same record with another timestamp delta: all from the offset delta on stays as it is.
void append_restamped(kafka::records::byte_buffer& to,
                      std::span<const std::byte> record,
                      std::int64_t timestamp_delta) {
    const auto body = behind_varint(record);
    const auto rest = behind_varint(body.subspan(1));
    const std::size_t size = 1 + kafka::varlong_size(timestamp_delta) + rest.size();
    append_uvarint(to, kafka::zigzag(static_cast<std::int32_t>(size)));
    to.append(body.first(1));
    append_uvarint(to, kafka::zigzag(timestamp_delta));
    to.append(rest);
}

}  // namespace

void latest_offsets::note(std::span<const std::byte> key, kafka::offset offset) {
    const auto [entry, is_new] = offsets_.try_emplace(std::string(text_of(key)), offset);
    if (is_new) size_bytes_ += key.size() + entry_overhead;
    entry->second = std::max(entry->second, offset);
}

std::optional<kafka::offset> latest_offsets::find(std::span<const std::byte> key) const {
    const auto found = offsets_.find(std::string(text_of(key)));
    if (found == offsets_.end()) return std::nullopt;
    return found->second;
}

void aborted_ranges::add(const transaction_index::entry& aborted) {
    marker_by_first_offset_[aborted.producer][aborted.first_offset] = aborted.marker_offset;
}

bool aborted_ranges::contains(const kafka::records::batch_header& batch) const {
    if (!batch.attributes.is_transactional() || batch.attributes.is_control()) return false;
    const auto producer = marker_by_first_offset_.find(batch.producer_id);
    if (producer == marker_by_first_offset_.end()) return false;
    const auto above = producer->second.upper_bound(batch.base_offset);
    return above != producer->second.begin() && std::prev(above)->second > batch.base_offset;
}

struct batch_cleaner::kept_record {
    std::span<const std::byte> bytes;
    kafka::offset offset;
    kafka::timestamp time;
    std::optional<std::span<const std::byte>> key;
    bool is_tombstone = false;
};

struct batch_cleaner::selection {
    std::vector<kept_record> records;
    bool all = false;
    bool has_tombstone = false;
};

batch_cleaner::batch_cleaner(const latest_offsets& latest,
                             const aborted_ranges& aborted,
                             const std::set<kafka::offset>& needed_by_producers,
                             settings how)
    : latest_(latest), aborted_(aborted), needed_(needed_by_producers), how_(how) {}

kafka::timestamp batch_cleaner::horizon_of(const kafka::records::batch_header& header) const {
    if (header.attributes.has_delete_horizon()) return header.base_timestamp;
    return how_.now + how_.delete_retention_ms;
}

std::optional<std::span<const std::byte>> batch_cleaner::clean(
    const kafka::records::batch_view& batch) {
    const kafka::records::batch_header header = batch.header();
    const bool begins_epoch = header.epoch > newest_epoch_;
    newest_epoch_ = std::max(newest_epoch_, header.epoch);
    const bool needed = begins_epoch || needed_.contains(header.last_offset());
    if (header.attributes.is_control()) return clean_marker(batch, needed);
    const auto kept = select(batch);
    if (!kept) return std::nullopt;
    if (kept->records.empty() && !needed) return std::span<const std::byte>();
    if (header.attributes.is_transactional()) open_with_data_.insert(header.producer_id);
    const bool needs_horizon = kept->has_tombstone && !header.attributes.has_delete_horizon();
    if (kept->all && !needs_horizon) return batch.bytes();
    return rewrite(header, *kept);
}

std::optional<std::span<const std::byte>> batch_cleaner::clean_marker(
    const kafka::records::batch_view& batch, bool needed) {
    const kafka::records::batch_header header = batch.header();
    const bool has_data = open_with_data_.erase(header.producer_id) > 0;
    const bool is_marker = header.attributes.is_transactional() && header.has_producer_id();
    if (has_data || !is_marker || needed) return batch.bytes();
    if (horizon_of(header) < how_.now) return std::span<const std::byte>();
    if (header.attributes.has_delete_horizon()) return batch.bytes();
    selection kept;
    kafka::records::record_reader reader(batch.payload(), header.record_count);
    std::span<const std::byte> rest = batch.payload();
    while (!reader.done()) {
        const auto record = reader.next();
        if (!record) return std::nullopt;
        kept.records.push_back({.bytes = rest.first(record->size),
                                .offset = record->offset_in(header),
                                .time = record->timestamp_in(header)});
        rest = rest.subspan(record->size);
    }
    kept.has_tombstone = true;
    return rewrite(header, kept);
}

std::optional<batch_cleaner::selection> batch_cleaner::select(
    const kafka::records::batch_view& batch) {
    const kafka::records::batch_header header = batch.header();
    selection kept;
    if (aborted_.contains(header)) return kept;
    const auto payload = kafka::records::uncompressed_payload(
        batch, kafka::records::compression::of_this_thread(), uncompressed_max, scratch_);
    if (!payload) return std::nullopt;
    std::span<const std::byte> rest = *payload;
    kafka::records::record_reader reader(*payload, header.record_count);
    while (!reader.done()) {
        const auto record = reader.next();
        if (!record) return std::nullopt;
        const kept_record candidate{.bytes = rest.first(record->size),
                                    .offset = record->offset_in(header),
                                    .time = record->timestamp_in(header),
                                    .key = record->key,
                                    .is_tombstone = !record->value.has_value()};
        rest = rest.subspan(record->size);
        if (!keeps(header, candidate)) continue;
        kept.has_tombstone |= candidate.is_tombstone;
        kept.records.push_back(candidate);
    }
    kept.all = kept.records.size() == static_cast<std::size_t>(header.record_count);
    return kept;
}

bool batch_cleaner::keeps(const kafka::records::batch_header& header,
                          const kept_record& record) const {
    if (!record.key) return false;
    const auto latest = latest_.find(*record.key);
    if (latest && *latest > record.offset) return false;
    return !record.is_tombstone || horizon_of(header) >= how_.now;
}

std::optional<std::span<const std::byte>> batch_cleaner::rewrite(
    const kafka::records::batch_header& header, const selection& kept) {
    kafka::records::batch_header made = header;
    if (kept.has_tombstone) {
        made.base_timestamp = horizon_of(header);
        made.attributes = made.attributes.with_delete_horizon(true);
    }
    records_.clear();
    kafka::timestamp newest = kafka::no_timestamp;
    const bool append_time =
        header.attributes.timestamps() == kafka::records::timestamp_type::log_append_time;
    for (const kept_record& record : kept.records) {
        append_restamped(records_, record.bytes, record.time - made.base_timestamp);
        newest = std::max(newest, record.time);
    }
    if (!append_time && !kept.records.empty()) made.max_timestamp = newest;
    made.record_count = static_cast<std::int32_t>(kept.records.size());
    const auto codec = header.attributes.compression_codec().value_or(kafka::records::codec::none);
    const bool compress = codec != kafka::records::codec::none && !kept.records.empty();
    made.attributes = made.attributes.with(compress ? codec : kafka::records::codec::none);
    output_.clear();
    (void)output_.extend(kafka::records::batch_header_size);
    if (compress) {
        const auto done = kafka::records::compression::of_this_thread().compress(
            codec, records_.bytes(), output_);
        if (!done) return std::nullopt;
    } else {
        output_.append(records_.bytes());
    }
    made.length = static_cast<std::int32_t>(output_.size() - kafka::records::batch_prefix_size);
    kafka::records::store_batch_header(made, output_.bytes());
    constexpr std::size_t checksum_at = 17;
    constexpr std::size_t covered_from = 21;
    kafka::store_big_endian<std::uint32_t>(
        output_.data() + checksum_at,
        kafka::records::crc32c(output_.bytes().subspan(covered_from)));
    return output_.bytes();
}

}  // namespace verdikt::broker::storage
