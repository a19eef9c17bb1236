#include "broker/storage/log_replay.h"

#include "broker/storage/batch_scanner.h"
#include "broker/storage/file_names.h"
#include "broker/storage/small_file.h"

#include <algorithm>
#include <functional>

namespace verdikt::broker::storage {

namespace {

file_result<std::vector<kafka::offset>> list_snapshots(runtime::file_system& files,
                                                       std::filesystem::path directory) {
    const auto entries = co_await files.list(std::move(directory));
    if (!entries) co_return std::unexpected(entries.error());
    std::vector<kafka::offset> found;
    for (const runtime::directory_entry& entry : *entries) {
        const auto name = parse_log_file_name(entry.name);
        if (!name || name->state != file_state::valid) continue;
        if (name->kind == file_kind::producer_snapshot) found.push_back(name->base);
    }
    co_return found;
}

std::filesystem::path snapshot_path(const std::filesystem::path& directory, kafka::offset at) {
    return directory /
           to_string(
               {.base = at, .kind = file_kind::producer_snapshot, .state = file_state::valid});
}

file_result<std::vector<std::byte>> read_batch(const segment& from, const scanned_batch& batch) {
    std::vector<std::byte> bytes(batch.header.size());
    const auto got = co_await from.log->read_at(batch.position, bytes);
    if (!got) co_return std::unexpected(got.error());
    bytes.resize(*got);
    co_return bytes;
}

file_result<> replay_segment(segment_ptr from,
                             kafka::offset end,
                             kafka::timestamp now,
                             producer_state_at& state) {
    batch_scanner scanner(from->log,
                          {.begin = 0, .end = from->written, .base = from->base},
                          batch_scanner::depth::headers);
    for (;;) {
        const auto found = co_await scanner.next();
        if (!found) co_return std::unexpected(found.error());
        if (!*found || (*found)->header.base_offset >= end) break;
        const kafka::records::batch_header& header = (*found)->header;
        if (header.base_offset < state.offset) continue;
        std::optional<kafka::records::end_transaction_marker> marker;
        if (header.attributes.is_control()) {
            const auto bytes = co_await read_batch(*from, **found);
            if (!bytes) co_return std::unexpected(bytes.error());
            marker = marker_in(header, *bytes);
        }
        (void)apply(header, marker, now, state.producers);
        state.offset = header.next_offset();
    }
    co_return std::expected<void, runtime::errc>();
}

}  // namespace

std::optional<kafka::records::end_transaction_marker> marker_in(
    const kafka::records::batch_header& header, std::span<const std::byte> batch) {
    if (!header.attributes.is_control() || !header.attributes.is_transactional()) {
        return std::nullopt;
    }
    const auto view = kafka::records::batch_view::parse(batch);
    if (!view) return std::nullopt;
    const auto marker = kafka::records::parse_marker_batch(*view);
    if (!marker) return std::nullopt;
    return *marker;
}

std::optional<transaction_index::entry> apply(
    const kafka::records::batch_header& header,
    const std::optional<kafka::records::end_transaction_marker>& marker,
    kafka::timestamp now,
    producer_table& producers) {
    if (marker) return producers.record(*marker, header.last_offset(), now);
    if (!header.attributes.is_control()) producers.record(header, now);
    return std::nullopt;
}

file_result<producer_state_at> load_newest_snapshot(runtime::file_system& files,
                                                    std::filesystem::path directory,
                                                    kafka::offset highest,
                                                    kafka::offset log_start) {
    auto snapshots = co_await list_snapshots(files, directory);
    if (!snapshots) co_return std::unexpected(snapshots.error());
    std::ranges::sort(*snapshots, std::greater{});
    for (const kafka::offset at : *snapshots) {
        if (at > highest) continue;
        const auto bytes = co_await read_file(files, snapshot_path(directory, at));
        if (!bytes) co_return std::unexpected(bytes.error());
        auto table = decode_snapshot(*bytes);
        if (table) co_return producer_state_at{.producers = std::move(*table), .offset = at};
    }
    co_return producer_state_at{.producers = {}, .offset = log_start};
}

file_result<> replay_until(std::vector<segment_ptr> segments,
                           kafka::offset end,
                           kafka::timestamp now,
                           producer_state_at& state) {
    for (const segment_ptr& each : segments) {
        if (each->base >= end) break;
        if (each->next_offset <= state.offset) continue;
        const auto replayed = co_await replay_segment(each, end, now, state);
        if (!replayed) co_return replayed;
    }
    state.offset = end;
    co_return std::expected<void, runtime::errc>();
}

file_result<> remove_snapshots_above(runtime::file_system& files,
                                     std::filesystem::path directory,
                                     kafka::offset highest) {
    const auto snapshots = co_await list_snapshots(files, directory);
    if (!snapshots) co_return std::unexpected(snapshots.error());
    for (const kafka::offset at : *snapshots) {
        if (at <= highest) continue;
        const auto removed = co_await remove_if_present(files, snapshot_path(directory, at));
        if (!removed) co_return removed;
    }
    co_return std::expected<void, runtime::errc>();
}

}  // namespace verdikt::broker::storage
