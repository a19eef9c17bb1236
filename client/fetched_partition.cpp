#include "client/fetched_partition.h"

#include "kafka/records/control.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::client {

using namespace kafka::records;

namespace {

std::span<const std::byte> bytes_of(const kafka::messages::fetch_response::partition_data& data) {
    return data.records ? data.records->bytes() : std::span<const std::byte>();
}

}  // namespace

fetched_partition::fetched_partition(topic_partition where,
                                     std::uint64_t turn,
                                     kafka::offset from,
                                     const kafka::messages::fetch_response::partition_data& data,
                                     answer_bytes answer,
                                     fetch_rules rules)
    : source_(std::make_shared<const source>(
          source{.where = std::move(where), .answer = std::move(answer)})),
      turn_(turn),
      from_(from),
      rules_(rules),
      batches_(bytes_of(data)),
      next_{.offset = from} {
    if (rules_.read_committed && data.aborted_transactions) {
        for (const auto& each : *data.aborted_transactions) {
            aborted_.push_back({.first = kafka::offset(each.first_offset),
                                .producer = kafka::producer_id(each.producer_id)});
        }
        std::ranges::sort(aborted_, std::greater());
    }
}

error fetched_partition::corrupt(kafka::records::errc why) const {
    return {
        .reason = client::errc::corrupt_records,
        .detail = fmt::format(
            "{} at offset {}: {}", source_->where, next_.offset, kafka::records::describe(why))};
}

result<void> fetched_partition::take(std::size_t count, consumed_records& into) {
    std::size_t left = count;
    into.keep(source_);
    while (left > 0 && !exhausted_) {
        if (!header_) {
            if (batches_.done()) {
                exhausted_ = true;
                break;
            }
            if (auto opened = open_batch(); !opened) {
                exhausted_ = true;
                return opened;
            }
        }
        if (!header_) continue;
        if (auto taken = take_from_batch(left, into); !taken) {
            exhausted_ = true;
            return taken;
        }
    }
    return {};
}

bool fetched_partition::is_hidden(const batch_view& batch) {
    const batch_attributes attributes = batch.attributes();
    while (!aborted_.empty() && aborted_.back().first <= batch.last_offset()) {
        aborting_.insert(aborted_.back().producer);
        aborted_.pop_back();
    }
    if (attributes.is_control()) {
        const auto marker = parse_marker_batch(batch);
        if (marker && marker->outcome == control_type::abort) aborting_.erase(marker->producer_id);
        return true;
    }
    return rules_.read_committed && attributes.is_transactional() &&
           aborting_.contains(batch.producer_id());
}

/// Opens the next batch, or skips it and leaves none open.
result<void> fetched_partition::open_batch() {
    const auto batch = batches_.next();
    if (!batch) return std::unexpected(corrupt(batch.error()));
    if (rules_.check_crcs && !batch->checksum_matches()) {
        return std::unexpected(corrupt(kafka::records::errc::bad_checksum));
    }
    header_ = batch->header();
    // A broker answers from the start of the batch that holds the offset, or a compacted-away one.
    const bool passed = batch->next_offset() <= next_.offset;
    const bool hidden = is_hidden(*batch);
    if (passed || hidden || batch->record_count() == 0) {
        close_batch();
        return {};
    }
    std::span<const std::byte> payload = batch->payload();
    unpacked_.reset();
    if (batch->attributes().compression_codec() != codec::none) {
        const auto scratch = std::make_shared<byte_buffer>();
        const auto unpacked = uncompressed_payload(
            *batch, compression::of_this_thread(), rules_.unpacked_size_max, *scratch);
        if (!unpacked) return std::unexpected(corrupt(unpacked.error()));
        payload = *unpacked;
        unpacked_ = scratch;
    }
    records_ = record_reader(payload, batch->record_count());
    return {};
}

void fetched_partition::close_batch() {
    // The last offset counts even if compaction took its record.
    if (header_->next_offset() > next_.offset) {
        next_ = {.offset = header_->next_offset(), .epoch = header_->epoch};
    }
    header_.reset();
}

result<void> fetched_partition::take_from_batch(std::size_t& left, consumed_records& into) {
    if (unpacked_) into.keep(unpacked_);
    while (left > 0 && !records_.done()) {
        const auto record = records_.next();
        if (!record) return std::unexpected(corrupt(record.error()));
        const kafka::offset offset = record->offset_in(*header_);
        if (offset < next_.offset) continue;
        into.add({.topic = source_->where.topic,
                  .partition = source_->where.partition,
                  .offset = offset,
                  .epoch = header_->epoch,
                  .time = record->timestamp_in(*header_),
                  .key = record->key,
                  .value = record->value,
                  .headers = record->headers});
        next_ = {.offset = offset.next(), .epoch = header_->epoch};
        --left;
    }
    if (records_.done()) close_batch();
    return {};
}

}  // namespace verdikt::client
