#include "broker/quorum/frames.h"

#include "kafka/records/batch_builder.h"
#include "runtime/check.h"

namespace verdikt::broker::quorum {

using kafka::records::errc;

std::vector<std::byte> batch_of(std::span<const frame> frames, kafka::timestamp time) {
    CHECK(!frames.empty(), "a batch without records");
    kafka::records::batch_builder builder;
    for (const frame& each : frames) builder.append({.time = time, .value = each});
    const auto built = builder.build({}, kafka::records::compression::of_this_thread());
    CHECK(built.has_value());
    return {built->begin(), built->end()};
}

std::expected<std::vector<std::span<const std::byte>>, errc> frames_in(
    std::span<const std::byte> batch) {
    const auto view = kafka::records::batch_view::parse(batch);
    if (!view) return std::unexpected(view.error());
    if (view->attributes().compression_codec() != kafka::records::codec::none) {
        return std::unexpected(errc::bad_record);
    }
    std::vector<std::span<const std::byte>> frames;
    kafka::records::record_reader records(view->payload(), view->record_count());
    while (!records.done()) {
        const auto record = records.next();
        if (!record) return std::unexpected(record.error());
        if (!record->value) return std::unexpected(errc::bad_record);
        frames.push_back(*record->value);
    }
    return frames;
}

}  // namespace verdikt::broker::quorum
