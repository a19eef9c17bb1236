#include "trial/replicas/replica_files.h"

#include "broker/storage/dump.h"
#include "broker/storage/file_names.h"
#include "broker/storage/small_file.h"
#include "trial/replicas/record_contents.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace verdikt::trial {

namespace storage = broker::storage;
using checker::replica_logs::replica;
using runtime::awaitable;
using outcome = std::expected<void, std::string>;

namespace {

std::string reason(const std::filesystem::path& path, runtime::errc why) {
    return fmt::format("{}: {}", path.string(), runtime::describe(why));
}

std::string details_of(const kafka::records::batch_header& header) {
    std::string text =
        fmt::format("{} record{}", header.record_count, header.record_count == 1 ? "" : "s");
    if (header.has_producer_id()) {
        text += fmt::format(" of producer {}/{} from {}",
                            header.producer_id,
                            header.producer_epoch,
                            header.base_sequence.value());
    }
    if (header.attributes.is_transactional()) text += ", transactional";
    if (header.attributes.is_control()) text += ", control";
    return text;
}

checker::replica_logs::batch told(const kafka::records::batch_header& header) {
    return {.first = header.base_offset.value(),
            .last = header.last_offset().value(),
            .epoch = header.epoch.value(),
            .checksum = header.crc,
            .size = header.size(),
            .details = details_of(header)};
}

/// A checkpoint that is not there says nothing of any partition.
awaitable<outcome> load(runtime::file_system& files,
                        std::filesystem::path path,
                        storage::offset_checkpoint& into) {
    const auto text = co_await storage::read_text_file(files, path);
    if (!text && text.error() == runtime::errc::not_found) co_return outcome();
    if (!text) co_return std::unexpected(reason(path, text.error()));
    auto parsed = storage::parse_offset_checkpoint(*text);
    if (!parsed) co_return std::unexpected(path.string() + " is no checkpoint");
    into = std::move(*parsed);
    co_return outcome();
}

}  // namespace

awaitable<std::expected<replica_files, std::string>> replica_files::open(
    runtime::file_system& files, std::int32_t node, std::filesystem::path folder) {
    replica_files made(files, node, std::move(folder));
    auto looked = co_await made.look_around();
    if (looked) looked = co_await made.look_at_checkpoints();
    if (!looked) co_return std::unexpected(looked.error());
    co_return made;
}

awaitable<outcome> replica_files::look_around() {
    const auto found = co_await files_->list(folder_);
    if (!found) co_return std::unexpected(reason(folder_, found.error()));
    const bool in_order = std::ranges::any_of(
        *found, [](const auto& each) { return each.name == storage::clean_shutdown_name; });
    if (!in_order) {
        co_return std::unexpected(fmt::format("node {} did not stop in good order", node_));
    }
    for (const runtime::directory_entry& each : *found) {
        const auto which = storage::parse_directory_name(each.name);
        if (!each.is_directory || !which) continue;
        const auto path = folder_ / each.name / storage::partition_metadata_name;
        const auto text = co_await storage::read_text_file(*files_, path);
        if (!text) co_return std::unexpected(reason(path, text.error()));
        const auto id = storage::parse_partition_metadata(*text);
        if (!id) co_return std::unexpected(path.string() + " names no topic");
        partitions_.emplace(*which, *id);
    }
    co_return outcome();
}

awaitable<outcome> replica_files::look_at_checkpoints() {
    auto done =
        co_await load(*files_, folder_ / storage::high_watermark_checkpoint_name, high_watermarks_);
    if (!done) co_return done;
    done = co_await load(*files_, folder_ / storage::log_start_checkpoint_name, log_starts_);
    if (!done) co_return done;
    co_return co_await load(*files_, folder_ / storage::cleaner_checkpoint_name, cleaned_);
}

awaitable<std::expected<replica, std::string>> replica_files::read(kafka::topic_partition which,
                                                                   bool with_records) const {
    const std::filesystem::path folder = folder_ / storage::directory_name(which);
    const auto found = co_await files_->list(folder);
    if (!found) co_return std::unexpected(reason(folder, found.error()));
    std::vector<std::pair<kafka::offset, std::string>> segments;
    for (const runtime::directory_entry& each : *found) {
        const auto name = storage::parse_log_file_name(each.name);
        const bool is_segment = name && name->kind == storage::file_kind::log &&
                                name->state == storage::file_state::valid;
        if (is_segment) segments.emplace_back(name->base, each.name);
    }
    std::ranges::sort(segments);
    const auto offset_in = [&which](const storage::offset_checkpoint& all) {
        const auto known = all.find(which);
        return known == all.end() ? std::int64_t{0} : known->second.value();
    };
    replica made{.node = node_,
                 .start = offset_in(log_starts_),
                 .high_watermark = offset_in(high_watermarks_)};
    if (which.topic == kafka::metadata_log_topic) made.high_watermark = std::nullopt;
    if (!segments.empty()) made.start = std::max(made.start, segments.front().first.value());
    for (const auto& [base, name] : segments) {
        if (made.damaged) break;
        const auto problem = co_await read_segment(folder / name, base, with_records, made);
        if (problem) co_return std::unexpected(*problem);
    }
    co_return made;
}

awaitable<std::optional<std::string>> replica_files::read_segment(std::filesystem::path path,
                                                                  kafka::offset base,
                                                                  bool with_records,
                                                                  replica& into) const {
    auto reader = co_await storage::segment_reader::open(*files_, path);
    if (!reader) co_return reason(path, reader.error());
    kafka::offset next = base;
    while (true) {
        const auto read = co_await reader->next();
        if (!read) co_return reason(path, read.error());
        const auto& batch = *read;
        if (!batch) break;
        into.batches.push_back(told(batch->header));
        next = batch->header.next_offset();
        if (!with_records) continue;
        const auto unreadable = add_contents(batch->bytes, into.records);
        if (!unreadable) continue;
        into.damaged = {into.batches.back().first, *unreadable};
        co_return std::nullopt;
    }
    if (reader->damage().empty()) co_return std::nullopt;
    into.damaged = {.offset = next.value(),
                    .why = fmt::format("{}, at byte {} of {}",
                                       reader->damage(),
                                       reader->position(),
                                       path.filename().string())};
    co_return std::nullopt;
}

}  // namespace verdikt::trial
