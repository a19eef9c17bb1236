#include "broker/storage/producer_table.h"
#include "kafka/endian.h"
#include "kafka/records/crc32c.h"

#include <cstdint>
#include <set>

namespace verdikt::broker::storage {

namespace {

constexpr std::int16_t snapshot_version = 1;
constexpr std::size_t checksum_end = 6;
constexpr std::size_t header_size = 10;
constexpr std::size_t entry_size = 46;

void store(const snapshot_entry& entry, std::byte* to) {
    kafka::store_big_endian<std::int64_t>(to, entry.producer.value());
    kafka::store_big_endian<std::int16_t>(to + 8, entry.epoch.value());
    kafka::store_big_endian<std::int32_t>(to + 10, entry.last_sequence.value());
    kafka::store_big_endian<std::int64_t>(to + 14, entry.last_offset.value());
    kafka::store_big_endian<std::int32_t>(to + 22, entry.offset_delta);
    kafka::store_big_endian<std::int64_t>(to + 26, entry.time.value());
    kafka::store_big_endian<std::int32_t>(to + 34, entry.coordinator_epoch);
    kafka::store_big_endian<std::int64_t>(to + 38, entry.transaction_start.value());
}

snapshot_entry load(const std::byte* from) {
    return {
        .producer = kafka::producer_id(kafka::load_big_endian<std::int64_t>(from)),
        .epoch = kafka::producer_epoch(kafka::load_big_endian<std::int16_t>(from + 8)),
        .last_sequence = kafka::sequence(kafka::load_big_endian<std::int32_t>(from + 10)),
        .last_offset = kafka::offset(kafka::load_big_endian<std::int64_t>(from + 14)),
        .offset_delta = kafka::load_big_endian<std::int32_t>(from + 22),
        .time = kafka::timestamp(kafka::load_big_endian<std::int64_t>(from + 26)),
        .coordinator_epoch = kafka::load_big_endian<std::int32_t>(from + 34),
        .transaction_start = kafka::offset(kafka::load_big_endian<std::int64_t>(from + 38)),
    };
}

snapshot_entry entry_of(kafka::producer_id id, const producer_state& state) {
    return {.producer = id,
            .epoch = state.epoch,
            .last_sequence = kafka::sequence(),
            .last_offset = kafka::no_offset,
            .time = state.last_time,
            .coordinator_epoch = state.coordinator_epoch,
            .transaction_start = state.transaction_start.value_or(kafka::no_offset)};
}

std::vector<snapshot_entry> entries_of(const producer_table& table) {
    std::vector<snapshot_entry> entries;
    for (const auto& [id, state] : table.producers()) {
        snapshot_entry entry = entry_of(id, state);
        if (state.recent.empty()) entries.push_back(entry);
        for (const remembered_batch& batch : state.recent) {
            entry.last_sequence = batch.last;
            entry.last_offset = batch.last_offset;
            entry.offset_delta = static_cast<std::int32_t>(batch.last_offset - batch.base_offset);
            entries.push_back(entry);
        }
    }
    return entries;
}

// The sequence `count` before `last`, wrapping as `sequence::plus` does.
kafka::sequence before(kafka::sequence last, std::int32_t count) {
    if (last.value() >= count) return kafka::sequence(last.value() - count);
    return kafka::sequence(static_cast<std::int32_t>(last.value() + (INT32_MAX - count) + 1));
}

bool sound(const snapshot_entry& entry) {
    if (entry.producer < kafka::producer_id(0)) return false;
    if (entry.last_sequence.value() < 0) return true;
    return entry.offset_delta >= 0 && entry.last_offset.value() >= entry.offset_delta;
}

void remember(const snapshot_entry& entry, producer_state& state) {
    if (entry.epoch != state.epoch) state.recent.clear();
    state.epoch = entry.epoch;
    state.last_time = entry.time;
    state.coordinator_epoch = entry.coordinator_epoch;
    state.transaction_start.reset();
    if (entry.transaction_start >= kafka::offset(0)) {
        state.transaction_start = entry.transaction_start;
    }
    if (entry.last_sequence.value() < 0) return;
    const remembered_batch batch{.first = before(entry.last_sequence, entry.offset_delta),
                                 .last = entry.last_sequence,
                                 .base_offset = entry.last_offset - entry.offset_delta,
                                 .last_offset = entry.last_offset};
    const bool follows = !state.recent.empty() && batch.first == state.recent.back().last.next() &&
                         batch.base_offset > state.recent.back().last_offset;
    if (!follows) state.recent.clear();
    if (state.recent.size() == producer_table::batches_max) {
        state.recent.erase(state.recent.begin());
    }
    state.recent.push_back(batch);
}

}  // namespace

std::vector<std::byte> encode_snapshot(const producer_table& table) {
    const std::vector<snapshot_entry> entries = entries_of(table);
    std::vector<std::byte> bytes(header_size + entries.size() * entry_size);
    kafka::store_big_endian<std::int16_t>(bytes.data(), snapshot_version);
    kafka::store_big_endian<std::int32_t>(bytes.data() + checksum_end,
                                          static_cast<std::int32_t>(entries.size()));
    std::byte* to = bytes.data() + header_size;
    for (const snapshot_entry& entry : entries) {
        store(entry, to);
        to += entry_size;
    }
    const std::uint32_t checksum =
        kafka::records::crc32c(std::span<const std::byte>(bytes).subspan(checksum_end));
    kafka::store_big_endian<std::uint32_t>(bytes.data() + 2, checksum);
    return bytes;
}

std::expected<std::vector<snapshot_entry>, errc> decode_snapshot_entries(
    std::span<const std::byte> bytes) {
    if (bytes.size() < header_size) return std::unexpected(errc::corrupt);
    const auto found_version = kafka::load_big_endian<std::int16_t>(bytes.data());
    const auto checksum = kafka::load_big_endian<std::uint32_t>(bytes.data() + 2);
    const auto count = kafka::load_big_endian<std::int32_t>(bytes.data() + checksum_end);
    const bool sized =
        count >= 0 && bytes.size() - header_size == static_cast<std::size_t>(count) * entry_size;
    if (found_version != snapshot_version || !sized ||
        checksum != kafka::records::crc32c(bytes.subspan(checksum_end))) {
        return std::unexpected(errc::corrupt);
    }
    std::vector<snapshot_entry> entries;
    for (std::size_t at = header_size; at < bytes.size(); at += entry_size) {
        entries.push_back(load(bytes.data() + at));
        if (!sound(entries.back())) return std::unexpected(errc::corrupt);
    }
    return entries;
}

std::expected<producer_table, errc> decode_snapshot(std::span<const std::byte> bytes) {
    const auto entries = decode_snapshot_entries(bytes);
    if (!entries) return std::unexpected(entries.error());
    std::map<kafka::producer_id, producer_state> states;
    for (const snapshot_entry& entry : *entries) remember(entry, states[entry.producer]);
    producer_table table;
    std::set<kafka::offset> transactions;
    for (auto& [id, state] : states) {
        const bool shared =
            state.transaction_start && !transactions.insert(*state.transaction_start).second;
        if (shared) return std::unexpected(errc::corrupt);
        table.restore(id, std::move(state));
    }
    return table;
}

}  // namespace verdikt::broker::storage
