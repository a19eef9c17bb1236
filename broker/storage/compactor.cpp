#include "broker/storage/compactor.h"

#include "broker/storage/batch_scanner.h"
#include "broker/storage/file_names.h"
#include "broker/storage/uncompressed_max.h"
#include "kafka/records/record.h"
#include "runtime/check.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::storage {

namespace {

// What the keys of one run may take; a log with more is cleaned in several.
constexpr std::size_t key_memory_max = std::size_t{128} << 20;
constexpr std::size_t write_size = std::size_t{1} << 20;

std::vector<cleanable_segment> describe_segments(const std::vector<segment_ptr>& segments) {
    std::vector<cleanable_segment> described;
    for (const segment_ptr& each : segments) {
        described.push_back({.base = each->base,
                             .end = each->next_offset,
                             .size = each->written,
                             .max_timestamp = each->max_timestamp});
    }
    return described;
}

}  // namespace

compactor::compactor(runtime::environment& world, std::shared_ptr<stored_log> log)
    : world_(world), log_(std::move(log)), config_(log_->config()), segments_(log_->segments()) {}

kafka::timestamp compactor::now() const {
    return kafka::timestamp(world_.wall_time().time_since_epoch().count());
}

cleaning_plan compactor::plan(kafka::offset first_dirty) const {
    const auto described = describe_segments(segments_);
    return plan_cleaning(
        {.segments = described,
         .first_dirty = first_dirty,
         .last_stable_offset = std::min(log_->last_stable_offset(), log_->recovery_point()),
         .now = now()},
        config_);
}

file_result<std::optional<kafka::offset>> compactor::run(cleaning_plan what) {
    for (const segment_ptr& each : segments_) {
        for (const transaction_index::entry& entry : each->aborted.entries()) aborted_.add(entry);
    }
    const auto mapped = co_await map_keys(what);
    if (!mapped) co_return std::unexpected(mapped.error());
    if (*mapped == 0) co_return std::nullopt;
    const kafka::offset clean_end = segments_[*mapped - 1]->next_offset;

    const auto described = describe_segments(segments_);
    const auto groups = group_segments(std::span(described).first(*mapped), config_);
    const std::set<kafka::offset> needed = needed_offsets(groups);
    batch_cleaner cleaner(
        latest_,
        aborted_,
        needed,
        {.now = now(), .delete_retention_ms = config_.delete_retention_ms.count()});
    for (const segment_group group : groups) {
        const auto cleaned = co_await clean_group(group, cleaner);
        if (!cleaned) co_return std::unexpected(cleaned.error());
        if (!*cleaned) co_return std::nullopt;
    }
    co_return clean_end;
}

// Last offsets of batches that stay, if only without records: those that a producer may repeat, and
// the last one of each new segment. So a segment ends where the next one begins, and recovery can
// tell a compacted log from one that has lost a part.
std::set<kafka::offset> compactor::needed_offsets(const std::vector<segment_group>& groups) const {
    std::set<kafka::offset> needed;
    for (const auto& [id, state] : log_->producers().producers()) {
        for (const remembered_batch& batch : state.recent) needed.insert(batch.last_offset);
    }
    for (const segment_group& group : groups) {
        needed.insert(segments_[group.last - 1]->next_offset.previous());
    }
    return needed;
}

file_result<std::size_t> compactor::map_keys(cleaning_plan what) {
    for (std::size_t at = what.first_dirty_segment; at < what.segments; ++at) {
        const bool is_first = at == what.first_dirty_segment;
        if (!is_first && latest_.size_bytes() > key_memory_max) co_return at;
        const auto sound = co_await map_segment(segments_[at]);
        if (!sound) co_return std::unexpected(sound.error());
        if (!*sound) co_return std::size_t{0};
    }
    co_return what.segments;
}

file_result<bool> compactor::map_segment(segment_ptr from) {
    batch_scanner scanner(from->log,
                          {.begin = 0, .end = from->written, .base = from->base},
                          batch_scanner::depth::whole_batches);
    for (;;) {
        const auto found = co_await scanner.next();
        if (!found) co_return std::unexpected(found.error());
        if (!*found) co_return scanner.damage().empty();
        const auto batch = kafka::records::batch_view::parse((*found)->bytes);
        if (!batch || !map_batch(*batch)) co_return false;
    }
}

bool compactor::map_batch(const kafka::records::batch_view& batch) {
    const kafka::records::batch_header header = batch.header();
    if (header.attributes.is_control() || aborted_.contains(header)) return true;
    const auto payload = kafka::records::uncompressed_payload(
        batch, kafka::records::compression::of_this_thread(), uncompressed_max, scratch_);
    if (!payload) return false;
    kafka::records::record_reader records(*payload, header.record_count);
    while (!records.done()) {
        const auto record = records.next();
        if (!record) return false;
        if (record->key) latest_.note(*record->key, record->offset_in(header));
    }
    return true;
}

file_result<bool> compactor::clean_group(segment_group group, batch_cleaner& cleaner) {
    const auto made = co_await create_cleaned(group);
    if (!made) co_return std::unexpected(made.error());
    const segment_ptr into = *made;
    for (std::size_t at = group.first; at < group.last; ++at) {
        const auto sound = co_await clean_segment(segments_[at], into, cleaner);
        if (!sound || !*sound) co_return sound;
        for (const transaction_index::entry& entry : segments_[at]->aborted.entries()) {
            into->aborted.append(entry);
        }
    }
    const auto written = co_await write_out(into);
    if (!written) co_return std::unexpected(written.error());
    const auto synced = co_await into->log->sync();
    if (!synced) co_return std::unexpected(synced.error());
    into->seal();
    into->synced = true;
    into->written = into->size;
    into->next_offset = segments_[group.last - 1]->next_offset;
    co_return co_await log_->replace_segments(
        {segments_.begin() + static_cast<std::ptrdiff_t>(group.first),
         segments_.begin() + static_cast<std::ptrdiff_t>(group.last)},
        into);
}

file_result<segment_ptr> compactor::create_cleaned(segment_group group) {
    const kafka::offset base = segments_[group.first]->base;
    auto opened = co_await world_.files().open(
        log_->directory() /
            to_string({.base = base, .kind = file_kind::log, .state = file_state::cleaned}),
        runtime::open_mode::create);
    if (!opened) co_return std::unexpected(opened.error());
    // An earlier attempt may have been given up.
    if (const auto emptied = co_await (*opened)->truncate(0); !emptied) {
        co_return std::unexpected(emptied.error());
    }
    pending_.clear();
    co_return std::make_shared<segment>(log_->directory(), base, std::move(*opened));
}

file_result<bool> compactor::clean_segment(segment_ptr from,
                                           segment_ptr into,
                                           batch_cleaner& cleaner) {
    batch_scanner scanner(from->log,
                          {.begin = 0, .end = from->written, .base = from->base},
                          batch_scanner::depth::whole_batches);
    for (;;) {
        const auto found = co_await scanner.next();
        if (!found) co_return std::unexpected(found.error());
        if (!*found) co_return scanner.damage().empty();
        const auto batch = kafka::records::batch_view::parse((*found)->bytes);
        CHECK(batch.has_value());
        const auto cleaned = cleaner.clean(*batch);
        if (!cleaned) co_return false;
        if (cleaned->empty()) continue;
        const auto header = kafka::records::parse_batch_header(*cleaned);
        CHECK(header.has_value());
        into->note(*header, config_.index_interval_bytes);
        pending_.append(*cleaned);
        if (pending_.size() < write_size) continue;
        const auto written = co_await write_out(into);
        if (!written) co_return std::unexpected(written.error());
    }
}

file_result<> compactor::write_out(segment_ptr into) {
    if (pending_.empty()) co_return std::expected<void, runtime::errc>();
    const runtime::const_bytes piece = pending_.bytes();
    const auto written = co_await into->log->write_at(into->size - pending_.size(), {&piece, 1});
    pending_.clear();
    co_return written;
}

}  // namespace verdikt::broker::storage
