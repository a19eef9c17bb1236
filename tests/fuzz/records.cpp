/// Any bytes as record batches and as compressed data: nothing is read outside them, nothing grows
/// past the limit, and what is accepted survives being written again.
///
/// The first byte says what follows:
///     0     consecutive batches, as a log or a Fetch answer holds them
///     1     a byte of rules, then one batch whose length, magic and checksum are put right first,
///     so that
///           mutations reach what lies behind them
///     2..6  compressed data of codec 0 to 4
#include "kafka/endian.h"
#include "kafka/records/batch.h"
#include "kafka/records/control.h"
#include "kafka/records/record.h"
#include "kafka/records/validation.h"
#include "runtime/check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace verdikt::kafka::records {
namespace {

constexpr std::size_t limit = std::size_t{1} << 20;

compression& codecs() {
    return compression::of_this_thread();
}

/// How many bytes the records' keys, values and headers have; reads each of them.
std::size_t walk(const batch_view& batch) {
    byte_buffer scratch;
    const auto payload = uncompressed_payload(batch, codecs(), limit, scratch);
    if (!payload) return 0;
    std::size_t seen = 0;
    const auto look_at = [&seen](std::span<const std::byte> bytes) {
        seen += static_cast<std::size_t>(std::ranges::count(bytes, std::byte{0})) + bytes.size();
    };
    record_reader reader(*payload, batch.record_count());
    while (!reader.done()) {
        const auto record = reader.next();
        if (!record) break;
        if (record->key) look_at(*record->key);
        if (record->value) look_at(*record->value);
        for (const record_header& header : record->headers) {
            look_at(std::as_bytes(std::span(header.key)));
            if (header.value) look_at(*header.value);
        }
    }
    return seen;
}

void check_log(std::span<const std::byte> bytes) {
    batch_reader reader(bytes);
    std::size_t sum = 0;
    while (!reader.done()) {
        const auto batch = reader.next();
        if (!batch) break;
        sum += batch->size();
        CHECK(parse_batch_header(batch->bytes())->size() == batch->size());
        CHECK(walk(*batch) <= 2 * (limit + batch->size()));
        static_cast<void>(parse_marker_batch(*batch));
    }
    CHECK(reader.position() == sum && sum + reader.rest().size() == bytes.size());
}

produce_rules rules_from(unsigned bits) {
    produce_rules rules{.now = timestamp(1'700'000'000'000), .uncompressed_bytes_max = limit};
    rules.origin = (bits & 1U) != 0 ? batch_origin::coordinator : batch_origin::client;
    rules.keys_required = (bits & 2U) != 0;
    if ((bits & 4U) != 0) rules.timestamps = timestamp_type::log_append_time;
    if ((bits & 8U) != 0) rules.timestamp_after_ms_max = std::numeric_limits<std::int64_t>::max();
    const unsigned codec_bits = bits >> 4;
    if (codec_bits <= static_cast<unsigned>(codec::zstd)) {
        rules.compression_codec = static_cast<codec>(codec_bits);
    }
    return rules;
}

void check_produce(std::span<const std::byte> bytes, produce_rules rules) {
    byte_buffer batch;
    batch.append(bytes);
    store_big_endian<std::int32_t>(&batch.bytes()[8],
                                   static_cast<std::int32_t>(batch.size() - batch_prefix_size));
    batch.bytes()[16] = std::byte{magic_v2};
    store_checksum(batch.bytes());
    byte_buffer scratch;
    const auto accepted = validate_produce_batch(batch.bytes(), rules, codecs(), scratch);
    if (!accepted) {
        CHECK(accepted.error().code != error_code::none);
        CHECK(accepted.error().record_errors.size() <= record_errors_max);
        return;
    }
    byte_buffer stored;
    stored.append(batch.bytes());
    if (accepted->recompress_to) {
        if (!recompress(batch.bytes(), *accepted, rules, codecs(), scratch, stored)) return;
    }
    prepare_for_append(stored.bytes(), *accepted, {offset(7), leader_epoch(1)});
    const batch_view before = batch_view::parse(batch.bytes()).value();
    const batch_view after = batch_view::parse(stored.bytes()).value();
    CHECK(after.checksum_matches());
    CHECK(after.base_offset() == offset(7));
    CHECK(walk(before) == walk(after));
}

void check_codec(codec which, std::span<const std::byte> bytes) {
    byte_buffer plain;
    if (!codecs().decompress(which, bytes, limit, plain)) {
        CHECK(plain.empty());
        return;
    }
    CHECK(plain.size() <= limit);
    byte_buffer packed;
    CHECK(codecs().compress(which, plain.bytes(), packed).has_value());
    byte_buffer again;
    CHECK(codecs().decompress(which, packed.bytes(), plain.size(), again).has_value());
    CHECK(std::ranges::equal(plain.bytes(), again.bytes()));
}

void check(std::span<const std::byte> bytes) {
    if (bytes.empty()) return;
    const auto what = std::to_integer<unsigned>(bytes[0]);
    bytes = bytes.subspan(1);
    if (what == 0) check_log(bytes);
    if (what == 1 && bytes.size() > batch_header_size) {
        check_produce(bytes.subspan(1), rules_from(std::to_integer<unsigned>(bytes[0])));
    }
    if (what >= 2 && what <= 6) check_codec(static_cast<codec>(what - 2), bytes);
}

}  // namespace
}  // namespace verdikt::kafka::records

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    verdikt::kafka::records::check(std::as_bytes(std::span(data, size)));
    return 0;
}
