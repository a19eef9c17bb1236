#include "broker/storage/log_replay.h"
#include "broker/storage/retention.h"
#include "broker/storage/stored_log.h"
#include "runtime/check.h"

#include <algorithm>
#include <ranges>
#include <utility>

namespace verdikt::broker::storage {

namespace {

using ok = std::expected<void, errc>;
using file_ok = std::expected<void, runtime::errc>;

}  // namespace

runtime::awaitable<void> stored_log::drain() {
    while (!in_flight_.empty()) co_await write_settled_.wait();
}

runtime::awaitable<std::expected<void, errc>> stored_log::roll() {
    turnstile::turn turn = co_await turn_.enter();
    if (const auto ready = co_await enter_for_writing(turn); !ready) co_return ready;
    if (active().empty()) co_return ok();
    co_return co_await roll_in_turn();
}

// The sealed segment is synced and its indexes are written by the flusher, behind the appends.
runtime::awaitable<std::expected<void, errc>> stored_log::roll_in_turn() {
    co_await drain();
    if (repair_needed_) {
        if (const auto repaired = co_await repair(); !repaired) co_return repaired;
    }
    if (config_.preallocate && active().log->size() > active().size) {
        const auto trimmed = co_await active().log->truncate(active().size);
        if (!trimmed) co_return std::unexpected(failed("trim", trimmed.error()));
    }
    auto made = co_await create_segment(files(), who_.directory, staged_end_, config_);
    if (!made) co_return std::unexpected(failed("roll", made.error()));
    (*made)->snapshot = encode_snapshot(producers_);
    active().seal();
    segments_.push_back(std::move(*made));
    directory_dirty_ = true;
    persist_needed_ = true;
    flush_work_.notify_all();
    co_return ok();
}

runtime::awaitable<std::expected<void, errc>> stored_log::assign_epoch(kafka::leader_epoch epoch) {
    turnstile::turn turn = co_await turn_.enter();
    if (const auto ready = co_await enter_for_writing(turn); !ready) co_return ready;
    if (epochs_.assign(epoch, staged_end_)) epochs_dirty_ = true;
    flush_work_.notify_all();
    co_return ok();
}

runtime::awaitable<std::expected<void, errc>> stored_log::repair() {
    co_await drain();
    const turnstile::turn flush_turn = co_await flush_turn_.enter();
    if (host_.offline()) co_return std::unexpected(errc::offline);
    if (const auto cut = co_await cut_to(written_end_); !cut) {
        // The disk may be full, but cutting needs no room: it cannot do even that.
        if (!host_.offline()) {
            host_.go_offline("undo a failed write in " + who_.directory.string(),
                             runtime::errc::io_error);
        }
        co_return std::unexpected(errc::offline);
    }
    repair_needed_ = false;
    ++repairs_;
    write_settled_.notify_all();
    host_.world().log().write(runtime::log_level::warning,
                              "append_undone",
                              {{"partition", who_.partition}, {"log_end", written_end_}});
    co_return ok();
}

runtime::awaitable<std::expected<void, errc>> stored_log::truncate_to(kafka::offset offset) {
    turnstile::turn turn = co_await turn_.enter();
    if (const auto ready = co_await enter_for_writing(turn); !ready) co_return ready;
    co_await drain();
    if (repair_needed_) {
        if (const auto repaired = co_await repair(); !repaired) co_return repaired;
    }
    if (offset >= staged_end_) co_return ok();
    const turnstile::turn flush_turn = co_await flush_turn_.enter();
    // The next start must not take what is written here anew for verified.
    recovery_point_ = std::min(recovery_point_, offset);
    if (const auto saved = co_await host_.save_checkpoints(); !saved) co_return saved;
    co_return co_await cut_to(offset);
}

// With both turns and nothing in flight. Durable on return.
runtime::awaitable<std::expected<void, errc>> stored_log::cut_to(kafka::offset offset) {
    unfinished_cut_ = offset;
    if (const auto cut = co_await cut_files(offset); !cut) {
        co_return std::unexpected(failed("cut", cut.error()));
    }
    const kafka::offset end = active().next_offset;
    staged_end_ = end;
    written_end_ = end;
    durable_end_ = std::min(durable_end_, end);
    flush_target_ = durable_end_;
    log_start_ = std::min(log_start_, end);
    high_watermark_ = std::min(high_watermark_, end);
    recovery_point_ = std::min(recovery_point_, end);
    // Until the flusher has saved them, the recovery point stays at or below the cut.
    if (epochs_.truncate_from_end(end)) epochs_dirty_ = true;
    auto state = co_await load_newest_snapshot(files(), who_.directory, end, log_start_);
    if (!state) co_return std::unexpected(failed("read", state.error()));
    const auto replayed = co_await replay_until(segments_, end, wall_time(), *state);
    if (!replayed) co_return std::unexpected(failed("read", replayed.error()));
    producers_ = std::move(state->producers);
    producers_.advance_high_watermark(high_watermark_);
    unfinished_cut_.reset();
    flush_work_.notify_all();
    changed_.notify_all();
    co_return ok();
}

file_result<> stored_log::cut_files(kafka::offset offset) {
    const auto snapshots = co_await remove_snapshots_above(files(), who_.directory, offset);
    if (!snapshots) co_return snapshots;
    if (offset < segments_.front()->base) co_return co_await replace_all_segments(offset);
    // From the end, so that a crash meanwhile leaves no gap.
    while (segments_.size() > 1 && active().base >= offset) {
        const auto removed = co_await remove_segment(files(), who_.directory, active().base);
        if (!removed) co_return removed;
        segments_.pop_back();
    }
    if (const auto cut = co_await cut_active(offset); !cut) co_return cut;
    active().persisted = false;
    active().synced = false;
    std::erase(indexes_in_memory_, segments_.back());
    directory_dirty_ = false;
    co_return co_await files().sync_directory(who_.directory);
}

file_result<> stored_log::cut_active(kafka::offset offset) {
    const segment_ptr last = segments_.back();
    const auto loaded = co_await load_indexes(files(), last, config_);
    if (!loaded) co_return loaded;
    std::uint64_t end = last->size;
    if (last->next_offset > offset && offset == written_end_) {
        end = last->written;
    } else if (last->next_offset > offset) {
        const auto place = co_await locate(last, offset);
        if (!place) co_return std::unexpected(place.error());
        if (*place) end = (*place)->position;
    }
    if (last->log->size() != end) {
        const auto truncated = co_await last->log->truncate(end);
        if (!truncated) co_return truncated;
    }
    last->rewind(offset);
    const auto noted = co_await note_until(last, end, config_);
    if (!noted) co_return std::unexpected(noted.error());
    CHECK(last->size == end, "{} of {} bytes are whole batches", last->size, end);
    co_return co_await last->log->sync();
}

file_result<> stored_log::replace_all_segments(kafka::offset base) {
    for (const segment_ptr& each : std::views::reverse(segments_)) {
        const auto removed = co_await remove_segment(files(), who_.directory, each->base);
        if (!removed) co_return removed;
    }
    auto made = co_await create_segment(files(), who_.directory, base, config_);
    if (!made) co_return std::unexpected(made.error());
    segments_.clear();
    indexes_in_memory_.clear();
    segments_.push_back(std::move(*made));
    directory_dirty_ = false;
    co_return co_await files().sync_directory(who_.directory);
}

runtime::awaitable<std::expected<void, errc>> stored_log::restart_at(kafka::offset offset) {
    turnstile::turn turn = co_await turn_.enter();
    if (const auto ready = co_await enter_for_writing(turn); !ready) co_return ready;
    co_await drain();
    if (repair_needed_) {
        if (const auto repaired = co_await repair(); !repaired) co_return repaired;
    }
    const turnstile::turn flush_turn = co_await flush_turn_.enter();
    // Durable before a file goes: a crash in between must find neither what is written from here on
    // taken for verified, nor an empty log that claims to start above `offset`.
    recovery_point_ = std::min(recovery_point_, offset);
    log_start_ = std::min(log_start_, offset);
    high_watermark_ = std::min(high_watermark_, offset);
    if (const auto saved = co_await host_.save_checkpoints(); !saved) co_return saved;
    saved_log_start_ = log_start_;
    unfinished_restart_ = offset;
    co_return co_await finish_restart();
}

// With both turns and nothing in flight.
runtime::awaitable<std::expected<void, errc>> stored_log::finish_restart() {
    if (const auto emptied = co_await empty_at(*unfinished_restart_); !emptied) {
        co_return std::unexpected(failed("restart", emptied.error()));
    }
    // The only segment starts there, which says as much as a checkpoint would.
    saved_log_start_ = log_start_;
    unfinished_restart_.reset();
    unfinished_cut_.reset();
    flush_work_.notify_all();
    changed_.notify_all();
    co_return ok();
}

file_result<> stored_log::empty_at(kafka::offset offset) {
    const auto snapshots =
        co_await remove_snapshots_above(files(), who_.directory, kafka::no_offset);
    if (!snapshots) co_return snapshots;
    const auto saved = co_await save(leader_epoch_cache());
    if (!saved) co_return saved;
    if (const auto replaced = co_await replace_all_segments(offset); !replaced) co_return replaced;
    // All at once: a slow disk must show nobody batches without epochs, or epochs without batches.
    epochs_ = leader_epoch_cache();
    epochs_dirty_ = false;
    producers_ = producer_table();
    producers_.advance_high_watermark(offset);
    staged_end_ = offset;
    written_end_ = offset;
    durable_end_ = offset;
    flush_target_ = offset;
    log_start_ = offset;
    high_watermark_ = offset;
    recovery_point_ = offset;
    co_return file_ok();
}

runtime::awaitable<std::expected<kafka::offset, errc>> stored_log::delete_records(
    kafka::offset up_to) {
    turnstile::turn turn = co_await turn_.enter();
    if (const auto ready = co_await enter_for_writing(turn); !ready) {
        co_return std::unexpected(ready.error());
    }
    if (up_to > high_watermark_) co_return std::unexpected(errc::offset_out_of_range);
    if (const auto raised = co_await raise_log_start(up_to); !raised) {
        co_return std::unexpected(raised.error());
    }
    co_return log_start_;
}

// With the turn.
runtime::awaitable<std::expected<void, errc>> stored_log::raise_log_start(kafka::offset offset) {
    if (offset > log_start_) {
        log_start_ = offset;
        producers_.forget_decided_below(offset);
        changed_.notify_all();
    }
    if (log_start_ <= saved_log_start_) co_return ok();
    // Durable before a file goes, so that recovery knows which segments are meant to be missing. On
    // a disk too full even for that, the files go one by one, which leaves no gap either; but the
    // caller learns that what is left of the oldest one may come back.
    const kafka::offset saved_start = log_start_;
    const auto saved = co_await host_.save_checkpoints();
    if (!saved && saved.error() != errc::no_space) co_return saved;
    if (saved) {
        // Not before: should the start be lost, the records below it are back, with their epochs.
        saved_log_start_ = saved_start;
        if (epochs_.truncate_from_start(saved_start)) epochs_dirty_ = true;
        flush_work_.notify_all();
    }
    const auto deleted = co_await delete_segments_below_start();
    co_return deleted ? saved : deleted;
}

// With the turn.
runtime::awaitable<std::expected<void, errc>> stored_log::delete_segments_below_start() {
    const turnstile::turn flush_turn = co_await flush_turn_.enter();
    while (segments_.size() > 1 && segments_[1]->base <= log_start_) {
        const segment_ptr oldest = segments_.front();
        // What the segment says about producers must not go with it.
        if (segments_[1]->snapshot) (void)co_await save_snapshot(segments_[1]);
        const auto marked = co_await mark_deleted(files(), who_.directory, oldest->base);
        if (!marked) co_return std::unexpected(failed("delete from", marked.error()));
        std::erase(segments_, oldest);
        std::erase(indexes_in_memory_, oldest);
        background_.spawn(remove_later(oldest->base));
        const auto named = co_await files().sync_directory(who_.directory);
        if (!named) co_return std::unexpected(failed("sync", named.error()));
    }
    co_return ok();
}

// What is not removed in time is removed by the next start.
runtime::awaitable<void> stored_log::remove_later(kafka::offset base) {
    co_await host_.world().sleep_for(config_.file_delete_delay_ms);
    for (const file_kind kind : {file_kind::log,
                                 file_kind::offset_index,
                                 file_kind::time_index,
                                 file_kind::transaction_index,
                                 file_kind::producer_snapshot}) {
        const auto removed = co_await remove_if_present(
            files(),
            who_.directory / to_string({.base = base, .kind = kind, .state = file_state::deleted}));
        if (!removed) (void)failed("remove", removed.error());
    }
}

std::size_t stored_log::expired_segments() const {
    std::vector<segment_age> ages;
    for (const segment_ptr& each : segments_) {
        ages.push_back(
            {.end = each->next_offset, .size = each->size, .max_timestamp = each->max_timestamp});
    }
    return segments_due({.segments = ages, .high_watermark = high_watermark_, .now = wall_time()},
                        config_);
}

runtime::awaitable<void> stored_log::apply_retention() {
    turnstile::turn turn = co_await turn_.enter();
    if (const auto ready = co_await enter_for_writing(turn); !ready) co_return;
    const std::size_t due = expired_segments();
    if (due == 0) {
        (void)co_await delete_segments_below_start();
        co_return;
    }
    const kafka::offset start = segments_[due - 1]->next_offset;
    if (due == segments_.size()) {
        if (const auto rolled = co_await roll_in_turn(); !rolled) co_return;
    }
    host_.world().log().write(
        runtime::log_level::info,
        "segments_expired",
        {{"partition", who_.partition}, {"segments", due}, {"log_start", start}});
    (void)co_await raise_log_start(start);
}

}  // namespace verdikt::broker::storage
