#include "broker/controller/host/metadata_follower.h"

#include "broker/metadata/record.h"
#include "kafka/records/batch.h"
#include "runtime/check.h"

#include <fmt/format.h>

#include <utility>

namespace verdikt::broker::controller::host {

namespace {

std::string broken(kafka::offset where, std::string_view why) {
    return fmt::format("the record at {} of the metadata log: {}", where, why);
}

std::expected<metadata::record, std::string> record_of(std::span<const std::byte> frame,
                                                       kafka::offset where) {
    auto decoded = metadata::decode_record(frame);
    if (!decoded) return std::unexpected(broken(where, describe(decoded.error().what)));
    return std::move(*decoded);
}

}  // namespace

metadata_follower::result metadata_follower::apply(
    std::span<const quorum::committed_batch> batches) {
    metadata::changes changed;
    for (const quorum::committed_batch& batch : batches) {
        if (auto applied = apply(batch, changed); !applied)
            return std::unexpected(std::move(applied.error()));
    }
    return changed;
}

std::expected<void, std::string> metadata_follower::apply(const quorum::committed_batch& batch,
                                                          metadata::changes& changed) {
    CHECK(batch.base == position_.end, "a batch at {} after {}", batch.base, position_.end);
    if (!batch.control) {
        const auto frames = quorum::frames_in(*batch.bytes);
        if (!frames) return std::unexpected(broken(batch.base, describe(frames.error())));
        kafka::offset where = batch.base;
        for (const std::span<const std::byte> frame : *frames) {
            auto record = record_of(frame, where);
            if (!record) return std::unexpected(std::move(record.error()));
            const auto applied =
                image_.apply(*record, {.offset = where, .epoch = batch.epoch}, changed);
            if (!applied) return std::unexpected(broken(where, describe(applied.error())));
            where = where.next();
        }
    }
    image_.skip_to({.offset = batch.end().previous(), .epoch = batch.epoch});
    position_ = {.epoch = batch.epoch, .end = batch.end()};
    bytes_since_snapshot_ += batch.bytes->size();
    if (const auto header = kafka::records::parse_batch_header(*batch.bytes))
        time_ = std::max(time_, header->max_timestamp);
    return {};
}

metadata_follower::result metadata_follower::load(const quorum::loaded_snapshot& from) {
    std::vector<metadata::record> records;
    records.reserve(from.frames.size());
    for (const quorum::frame& frame : from.frames) {
        auto record = record_of(frame, from.id.end);
        if (!record) return std::unexpected(std::move(record.error()));
        records.push_back(std::move(*record));
    }
    auto restored = metadata::image::restored(
        records, {.offset = from.id.end.previous(), .epoch = from.id.epoch});
    if (!restored) {
        return std::unexpected(fmt::format("the snapshot of all below {} of the metadata log: {}",
                                           from.id.end,
                                           describe(restored.error())));
    }
    metadata::changes changed = difference(image_, *restored);
    image_ = std::move(*restored);
    position_ = from.id;
    bytes_since_snapshot_ = 0;
    return changed;
}

std::vector<quorum::frame> metadata_follower::begin_snapshot() {
    bytes_since_snapshot_ = 0;
    std::vector<quorum::frame> frames;
    for (const metadata::record& each : image_.snapshot())
        frames.push_back(metadata::encode_record(each));
    return frames;
}

}  // namespace verdikt::broker::controller::host
