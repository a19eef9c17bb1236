#include "broker/coordinator/stored_offsets_log.h"

#include "kafka/records/batch.h"
#include "kafka/records/record.h"
#include "runtime/check.h"

#include <utility>

namespace verdikt::broker::coordinator {

namespace records = kafka::records;
using kafka::error_code;

namespace {

constexpr std::uint64_t read_bytes_max = 1 << 20;
/// Of one batch: nobody but coordinators writes here, and they write far less.
constexpr std::size_t uncompressed_bytes_max = 64 << 20;

error_code to_error_code(storage::errc error) {
    switch (error) {
        case storage::errc::stopped:
        case storage::errc::not_found:
            return error_code::not_leader_or_follower;
        case storage::errc::offline:
        case storage::errc::no_space:
        case storage::errc::corrupt:
            return error_code::kafka_storage_error;
        default:
            return error_code::unknown_server_error;
    }
}

records::new_record to_new_record(const offsets_record& record, kafka::timestamp time) {
    records::new_record result{.time = time, .key = record.key, .value = {}};
    if (record.value) result.value = *record.value;
    return result;
}

}  // namespace

std::expected<std::vector<std::byte>, error_code> stored_offsets_log::to_batches(
    const std::vector<offsets_record>& records, std::size_t batch_bytes_max) {
    const kafka::timestamp time(world_.wall_time().time_since_epoch().count());
    std::vector<std::byte> bytes;
    const auto close_batch = [&] {
        const auto batch = builder_.build({}, codecs_);
        CHECK(batch.has_value(), "a batch without compression cannot fail");
        bytes.insert(bytes.end(), batch->begin(), batch->end());
        builder_.reset();
    };
    builder_.reset();
    for (const offsets_record& record : records) {
        const records::new_record next = to_new_record(record, time);
        const auto fits = [&] {
            return builder_.uncompressed_size() + builder_.size_of(next) <= batch_bytes_max;
        };
        if (!builder_.empty() && !fits()) close_batch();
        if (!fits()) return std::unexpected(error_code::message_too_large);
        builder_.append(next);
    }
    if (!builder_.empty()) close_batch();
    return bytes;
}

runtime::awaitable<std::expected<void, error_code>> stored_offsets_log::append(
    kafka::partition_index partition,
    kafka::leader_epoch epoch,
    std::vector<offsets_record> records) {
    const auto log = find_(partition);
    if (!log) co_return std::unexpected(error_code::unknown_topic_or_partition);
    const auto batch_bytes_max = static_cast<std::size_t>(log->config().max_message_bytes);
    auto batches = to_batches(records, batch_bytes_max);
    if (!batches) co_return std::unexpected(batches.error());
    const auto written = co_await log->append(*batches, storage::append_origin::internal, epoch);
    if (!written) co_return std::unexpected(to_error_code(written.error()));
    const auto committed = co_await log->wait_committed(written->last_offset.next());
    if (!committed) co_return std::unexpected(to_error_code(committed.error()));
    co_return std::expected<void, error_code>();
}

runtime::awaitable<std::expected<void, error_code>> stored_offsets_log::replay(
    kafka::partition_index partition, visitor visit) {
    const auto log = find_(partition);
    if (!log) co_return std::unexpected(error_code::unknown_topic_or_partition);
    // To the log's end and not to the high watermark: what a former leader wrote and nobody
    // truncated is about to be committed.
    const kafka::offset end = log->log_end();
    kafka::offset next = log->log_start();
    while (next < end) {
        const auto bytes =
            co_await log->read_bytes({.from = next, .max_bytes = read_bytes_max, .bound = end});
        if (!bytes) co_return std::unexpected(to_error_code(bytes.error()));
        const kafka::offset before = next;
        if (!show_batches(*bytes, next, visit)) {
            co_return std::unexpected(error_code::kafka_storage_error);
        }
        // Compaction may have left nothing between here and the end.
        if (next == before) break;
    }
    co_return std::expected<void, error_code>();
}

bool stored_offsets_log::show_batches(std::span<const std::byte> bytes,
                                      kafka::offset& next,
                                      const visitor& visit) {
    records::batch_reader batches(bytes);
    records::byte_buffer scratch;
    while (!batches.done()) {
        const auto batch = batches.next();
        if (!batch || !batch->checksum_matches()) return false;
        next = batch->next_offset();
        if (batch->attributes().is_control()) continue;
        const auto payload =
            records::uncompressed_payload(*batch, codecs_, uncompressed_bytes_max, scratch);
        if (!payload) return false;
        records::record_reader reader(*payload, batch->record_count());
        while (!reader.done()) {
            const auto record = reader.next();
            if (!record) return false;
            if (record->key) visit(*record->key, record->value);
        }
    }
    return true;
}

}  // namespace verdikt::broker::coordinator
