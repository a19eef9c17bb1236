#include "kafka/records/control.h"

#include "kafka/endian.h"
#include "kafka/records/batch_builder.h"

#include <array>

namespace verdikt::kafka::records {
namespace {

constexpr std::size_t control_key_size = 4;
constexpr std::size_t marker_value_size = 6;
constexpr std::int16_t schema_version = 0;

}  // namespace

std::expected<control_type, errc> control_type_of(const record_view& record) {
    if (!record.key || record.key->size() < control_key_size)
        return std::unexpected(errc::bad_record);
    // The version is not held against ours: newer ones may only add fields behind these.
    if (load_big_endian<std::int16_t>(record.key->data()) < 0)
        return std::unexpected(errc::bad_record);
    return static_cast<control_type>(load_big_endian<std::int16_t>(record.key->data() + 2));
}

byte_buffer make_marker_batch(const end_transaction_marker& marker) {
    std::array<std::byte, control_key_size> key;
    store_big_endian<std::int16_t>(key.data(), schema_version);
    store_big_endian<std::int16_t>(key.data() + 2, static_cast<std::int16_t>(marker.outcome));
    std::array<std::byte, marker_value_size> value;
    store_big_endian<std::int16_t>(value.data(), schema_version);
    store_big_endian<std::int32_t>(value.data() + 2, marker.coordinator_epoch);
    const std::array records{new_record{.time = marker.time, .key = key, .value = value}};
    return make_batch(records,
                      {.producer_id = marker.producer_id,
                       .producer_epoch = marker.producer_epoch,
                       .transactional = true,
                       .control = true});
}

std::expected<end_transaction_marker, errc> parse_marker_batch(const batch_view& batch) {
    const batch_header header = batch.header();
    const bool is_marker = header.attributes.is_control() && header.attributes.is_transactional() &&
                           header.attributes.compression_codec() == codec::none &&
                           header.record_count == 1;
    if (!is_marker) return std::unexpected(errc::bad_record);
    const auto record = record_reader(batch.payload(), header.record_count).next();
    if (!record) return std::unexpected(record.error());
    const auto type = control_type_of(*record);
    if (!type) return std::unexpected(type.error());
    const bool ends = *type == control_type::abort || *type == control_type::commit;
    if (!ends || !record->value || record->value->size() < marker_value_size) {
        return std::unexpected(errc::bad_record);
    }
    return end_transaction_marker{
        .producer_id = header.producer_id,
        .producer_epoch = header.producer_epoch,
        .outcome = *type,
        .coordinator_epoch = load_big_endian<std::int32_t>(record->value->data() + 2),
        .time = record->timestamp_in(header),
    };
}

}  // namespace verdikt::kafka::records
