#include "broker/coordinator/stored_coordinator_log.h"

#include "broker/storage/wire_errors.h"
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

records::new_record to_new_record(const log_record& record, kafka::timestamp time) {
    records::new_record result{.time = time, .key = record.key, .value = {}};
    if (record.value) result.value = *record.value;
    return result;
}

/// Nobody numbers what a coordinator writes for a producer. Kafka writes 0 there, and so do we: a
/// batch without a sequence would count as one of no producer.
records::batch_options options_of(const std::optional<log_transaction>& transaction) {
    if (!transaction) return {};
    return {.producer_id = transaction->producer,
            .producer_epoch = transaction->epoch,
            .base_sequence = kafka::sequence(0),
            .transactional = true};
}

}  // namespace

std::expected<std::vector<std::byte>, error_code> stored_coordinator_log::to_batches(
    const std::vector<log_record>& records,
    const std::optional<log_transaction>& transaction,
    std::size_t batch_bytes_max) {
    const kafka::timestamp time(world_.wall_time().time_since_epoch().count());
    std::vector<std::byte> bytes;
    const auto close_batch = [&] {
        const auto batch = builder_.build(options_of(transaction), codecs_);
        CHECK(batch.has_value(), "a batch without compression cannot fail");
        bytes.insert(bytes.end(), batch->begin(), batch->end());
        builder_.reset();
    };
    builder_.reset();
    for (const log_record& record : records) {
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

runtime::awaitable<coordinator_log::append_outcome> stored_coordinator_log::append(
    kafka::partition_index partition,
    kafka::leader_epoch epoch,
    std::vector<log_record> records,
    std::optional<log_transaction> transaction) {
    const auto found = find_(partition);
    if (!found) co_return std::unexpected(error_code::not_leader_or_follower);
    const auto batch_bytes_max = static_cast<std::size_t>(found->log().config().max_message_bytes);
    auto batches = to_batches(records, transaction, batch_bytes_max);
    if (!batches) co_return std::unexpected(batches.error());
    const auto verified = transaction ? transaction->verified : std::nullopt;
    co_return co_await found->append(std::move(*batches), epoch, verified);
}

runtime::awaitable<coordinator_log::append_outcome> stored_coordinator_log::append_marker(
    kafka::partition_index partition,
    kafka::leader_epoch epoch,
    transactional::transaction_marker marker) {
    const auto found = find_(partition);
    if (!found) co_return std::unexpected(error_code::not_leader_or_follower);
    co_return co_await found->append_marker(std::move(marker), epoch);
}

runtime::awaitable<std::expected<std::optional<replication::guard>, error_code>>
stored_coordinator_log::open_transaction(kafka::partition_index partition,
                                         transactional::claimed_transaction claim) {
    const auto found = find_(partition);
    if (!found) co_return std::unexpected(error_code::not_leader_or_follower);
    records::batch_header header;
    header.producer_id = claim.producer;
    header.producer_epoch = claim.epoch;
    header.base_sequence = kafka::sequence(0);
    header.attributes = records::batch_attributes().with_transactional(true);
    const auto held = found->begin_verification(header);
    if (!held) co_return held;
    const error_code answer = co_await verifier_.verify(std::move(claim), found->log().partition());
    if (answer != error_code::none) co_return std::unexpected(answer);
    co_return held;
}

runtime::awaitable<coordinator_log::append_outcome> stored_coordinator_log::replay(
    kafka::partition_index partition, log_visitor& visitor) {
    const auto found = find_(partition);
    if (!found) co_return std::unexpected(error_code::not_leader_or_follower);
    storage::partition_log* log = &found->log();
    // To the log's end and not to the high watermark: what a former leader wrote and nobody
    // truncated is about to be committed. Until then nothing may follow from it: the next leader
    // may be a replica that does not have it, and undo a commit that was announced already.
    const kafka::offset end = log->log_end();
    kafka::offset next = log->log_start();
    while (next < end) {
        const auto bytes =
            co_await log->read_bytes({.from = next, .max_bytes = read_bytes_max, .bound = end});
        if (!bytes) co_return std::unexpected(storage::to_error_code(bytes.error()));
        const kafka::offset before = next;
        if (!show_batches(*bytes, next, visitor)) {
            co_return std::unexpected(error_code::kafka_storage_error);
        }
        // Compaction may have left nothing between here and the end.
        if (next == before) break;
    }
    co_return co_await found->until_committed(end);
}

bool stored_coordinator_log::show_batches(std::span<const std::byte> bytes,
                                          kafka::offset& next,
                                          log_visitor& visitor) {
    records::batch_reader batches(bytes);
    while (!batches.done()) {
        const auto batch = batches.next();
        if (!batch || !batch->checksum_matches()) return false;
        next = batch->next_offset();
        if (!show_batch(*batch, visitor)) return false;
    }
    return true;
}

bool stored_coordinator_log::show_batch(const records::batch_view& batch, log_visitor& visitor) {
    if (batch.attributes().is_control()) {
        if (const auto marker = records::parse_marker_batch(batch)) {
            visitor.transaction_ended(marker->producer_id,
                                      marker->outcome == records::control_type::commit);
        }
        return true;
    }
    std::optional<kafka::producer_id> transaction;
    if (batch.attributes().is_transactional()) transaction = batch.header().producer_id;
    records::byte_buffer scratch;
    const auto payload =
        records::uncompressed_payload(batch, codecs_, uncompressed_bytes_max, scratch);
    if (!payload) return false;
    records::record_reader reader(*payload, batch.record_count());
    while (!reader.done()) {
        const auto record = reader.next();
        if (!record) return false;
        if (record->key) visitor.record(*record->key, record->value, transaction);
    }
    return true;
}

}  // namespace verdikt::broker::coordinator
