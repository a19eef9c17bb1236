#include "tests/sim/client/log_listing.h"

#include "broker/storage/dump.h"
#include "kafka/records/batch.h"
#include "kafka/records/control.h"
#include "kafka/records/record_parser.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::tests {

namespace records = kafka::records;
using broker::storage::segment_reader;
using runtime::awaitable;

namespace {

std::string contents_of(const records::batch_view& batch) {
    if (const auto marker = records::parse_marker_batch(batch)) {
        const bool is_commit = marker->outcome == records::control_type::commit;
        return fmt::format(
            "{} by coordinator {}", is_commit ? "COMMIT" : "ABORT", marker->coordinator_epoch);
    }
    std::string text;
    records::record_reader reader(batch.payload(), batch.record_count());
    while (!reader.done()) {
        const auto record = reader.next();
        if (!record) break;
        const auto value = record->value.value_or(std::span<const std::byte>());
        text += ' ';
        text.append(reinterpret_cast<const char*>(value.data()), value.size());
    }
    return text;
}

awaitable<void> list_segment(runtime::environment& world,
                             std::filesystem::path file,
                             std::vector<std::string>& into) {
    auto opening = segment_reader::open(world.files(), file);
    auto reader = co_await std::move(opening);
    if (!reader) co_return;
    for (;;) {
        auto reading = reader->next();
        const auto found = co_await std::move(reading);
        if (!found || !*found) co_return;
        const records::batch_header& header = (*found)->header;
        const auto batch = records::batch_view::parse((*found)->bytes);
        into.push_back(fmt::format("{} {}-{} leader {} producer {}/{} sequence {}{}: {}",
                                   file.parent_path().filename().string(),
                                   header.base_offset,
                                   header.last_offset(),
                                   header.epoch,
                                   header.producer_id,
                                   header.producer_epoch,
                                   header.base_sequence.value(),
                                   header.attributes.is_transactional() ? " T" : "",
                                   batch ? contents_of(*batch) : "unreadable"));
    }
}

}  // namespace

awaitable<std::vector<std::string>> list_logs(runtime::environment& world,
                                              std::vector<std::string> partitions) {
    std::vector<std::string> lines;
    for (const std::string& partition : partitions) {
        const std::filesystem::path directory = std::filesystem::path("/data") / partition;
        auto listing = world.files().list(directory);
        auto entries = co_await std::move(listing);
        if (!entries) continue;
        std::ranges::sort(*entries, {}, &runtime::directory_entry::name);
        for (const auto& entry : *entries) {
            const std::filesystem::path file = directory / entry.name;
            if (file.extension() != ".log") continue;
            auto reading = list_segment(world, file, lines);
            co_await std::move(reading);
        }
    }
    co_return lines;
}

}  // namespace verdikt::tests
