#include "kafka/records/batch.h"

#include "kafka/records/crc32c.h"
#include "runtime/check.h"

namespace verdikt::kafka::records {
namespace {

constexpr std::size_t length_at = 8;
constexpr std::size_t epoch_at = 12;
constexpr std::size_t magic_at = 16;
constexpr std::size_t crc_at = 17;
constexpr std::size_t attributes_at = 21;
constexpr std::size_t last_offset_delta_at = 23;
constexpr std::size_t base_timestamp_at = 27;
constexpr std::size_t max_timestamp_at = 35;
constexpr std::size_t producer_id_at = 43;
constexpr std::size_t producer_epoch_at = 51;
constexpr std::size_t base_sequence_at = 53;
constexpr std::size_t record_count_at = 57;

/// The size of the batch at `bytes`. The magic is looked at before the length is held against
/// version 2: older formats have both fields at the same place, and the reader deserves to hear
/// which one it met.
std::expected<std::size_t, errc> checked_size(std::span<const std::byte> bytes) {
    if (bytes.size() < batch_prefix_size) return std::unexpected(errc::truncated);
    const auto length = load_big_endian<std::int32_t>(&bytes[length_at]);
    if (length <= static_cast<std::int32_t>(magic_at - batch_prefix_size)) {
        return std::unexpected(errc::bad_length);
    }
    if (bytes.size() <= magic_at) return std::unexpected(errc::truncated);
    if (load_big_endian<std::int8_t>(&bytes[magic_at]) != magic_v2) {
        return std::unexpected(errc::unsupported_magic);
    }
    if (length < static_cast<std::int32_t>(batch_header_size - batch_prefix_size)) {
        return std::unexpected(errc::bad_length);
    }
    return batch_prefix_size + static_cast<std::size_t>(length);
}

}  // namespace

std::expected<batch_header, errc> parse_batch_header(std::span<const std::byte> bytes) {
    const auto size = checked_size(bytes);
    if (!size) return std::unexpected(size.error());
    if (bytes.size() < batch_header_size) return std::unexpected(errc::truncated);
    const std::byte* const from = bytes.data();
    return batch_header{
        .base_offset = offset(load_big_endian<std::int64_t>(from)),
        .length = load_big_endian<std::int32_t>(from + length_at),
        .epoch = leader_epoch(load_big_endian<std::int32_t>(from + epoch_at)),
        .magic = load_big_endian<std::int8_t>(from + magic_at),
        .crc = load_big_endian<std::uint32_t>(from + crc_at),
        .attributes = batch_attributes(load_big_endian<std::int16_t>(from + attributes_at)),
        .last_offset_delta = load_big_endian<std::int32_t>(from + last_offset_delta_at),
        .base_timestamp = timestamp(load_big_endian<std::int64_t>(from + base_timestamp_at)),
        .max_timestamp = timestamp(load_big_endian<std::int64_t>(from + max_timestamp_at)),
        .producer_id = producer_id(load_big_endian<std::int64_t>(from + producer_id_at)),
        .producer_epoch = producer_epoch(load_big_endian<std::int16_t>(from + producer_epoch_at)),
        .base_sequence = sequence(load_big_endian<std::int32_t>(from + base_sequence_at)),
        .record_count = load_big_endian<std::int32_t>(from + record_count_at),
    };
}

void store_batch_header(const batch_header& header, std::span<std::byte> to) {
    CHECK(to.size() >= batch_header_size);
    std::byte* const at = to.data();
    store_big_endian<std::int64_t>(at, header.base_offset.value());
    store_big_endian<std::int32_t>(at + length_at, header.length);
    store_big_endian<std::int32_t>(at + epoch_at, header.epoch.value());
    store_big_endian<std::int8_t>(at + magic_at, header.magic);
    store_big_endian<std::uint32_t>(at + crc_at, header.crc);
    store_big_endian<std::int16_t>(at + attributes_at, header.attributes.bits());
    store_big_endian<std::int32_t>(at + last_offset_delta_at, header.last_offset_delta);
    store_big_endian<std::int64_t>(at + base_timestamp_at, header.base_timestamp.value());
    store_big_endian<std::int64_t>(at + max_timestamp_at, header.max_timestamp.value());
    store_big_endian<std::int64_t>(at + producer_id_at, header.producer_id.value());
    store_big_endian<std::int16_t>(at + producer_epoch_at, header.producer_epoch.value());
    store_big_endian<std::int32_t>(at + base_sequence_at, header.base_sequence.value());
    store_big_endian<std::int32_t>(at + record_count_at, header.record_count);
}

std::expected<batch_view, errc> batch_view::parse(std::span<const std::byte> bytes) {
    const auto size = checked_size(bytes);
    if (!size) return std::unexpected(size.error());
    if (bytes.size() < *size) return std::unexpected(errc::truncated);
    return batch_view(bytes.first(*size));
}

bool batch_view::checksum_matches() const {
    return crc32c(bytes_.subspan(attributes_at)) == crc();
}

batch_header batch_view::header() const {
    const auto parsed = parse_batch_header(bytes_);
    CHECK(parsed.has_value());
    return *parsed;
}

bool batch_reader::done() const {
    if (rest_.size() < batch_prefix_size) return true;
    const auto length = load_big_endian<std::int32_t>(&rest_[length_at]);
    return length >= 0 && rest_.size() - batch_prefix_size < static_cast<std::size_t>(length);
}

std::expected<batch_view, errc> batch_reader::next() {
    CHECK(!done());
    const auto batch = batch_view::parse(rest_);
    if (!batch) return batch;
    rest_ = rest_.subspan(batch->size());
    position_ += batch->size();
    return batch;
}

void set_base_offset(std::span<std::byte> batch, offset base) {
    CHECK(batch.size() >= batch_header_size);
    store_big_endian<std::int64_t>(batch.data(), base.value());
}

void set_leader_epoch(std::span<std::byte> batch, leader_epoch epoch) {
    CHECK(batch.size() >= batch_header_size);
    store_big_endian<std::int32_t>(&batch[epoch_at], epoch.value());
}

void store_checksum(std::span<std::byte> batch) {
    CHECK(batch.size() >= batch_header_size);
    store_big_endian<std::uint32_t>(&batch[crc_at], crc32c(batch.subspan(attributes_at)));
}

void set_max_timestamp(std::span<std::byte> batch, timestamp_type type, timestamp max) {
    const auto view = batch_view::parse(batch);
    CHECK(view.has_value() && view->size() == batch.size());
    if (view->attributes().timestamps() == type && view->max_timestamp() == max) return;
    store_big_endian<std::int16_t>(&batch[attributes_at], view->attributes().with(type).bits());
    store_big_endian<std::int64_t>(&batch[max_timestamp_at], max.value());
    store_checksum(batch);
}

}  // namespace verdikt::kafka::records
