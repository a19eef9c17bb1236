#include "broker/storage/checkpoint_file.h"
#include "broker/storage/file_names.h"
#include "broker/storage/small_file.h"
#include "broker/storage/stored_log.h"
#include "runtime/check.h"
#include "runtime/deadline.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace verdikt::broker::storage {

namespace {

// A full disk frees itself by retention, not by our asking more often.
constexpr runtime::duration persist_retry_interval = std::chrono::seconds(1);

}  // namespace

runtime::awaitable<void> stored_log::run_flusher() {
    while (!failure()) {
        if (flush_due()) {
            (void)co_await flush_once();
        } else {
            co_await wait_for_flush_work();
        }
    }
}

bool stored_log::flush_due() const {
    if (half_cut()) return false;
    if (may_persist() && (must_save_epochs() || persist_needed_)) return true;
    const std::int64_t unflushed = staged_end_ - flush_target_;
    if (unflushed == 0) return durable_end_ < written_end_ && config_.durable();
    if (unflushed >= config_.flush_messages) return true;
    return unflushed_since_ && config_.flush_ms.count() != INT64_MAX &&
           host_.world().now() - *unflushed_since_ >= config_.flush_ms;
}

bool stored_log::may_persist() const {
    return !persist_not_before_ || host_.world().now() >= *persist_not_before_;
}

runtime::awaitable<void> stored_log::wait_for_flush_work() {
    if (half_cut()) co_return co_await flush_work_.wait();
    // Only what there is something to do at: a time that has passed would not be waited for at all.
    std::optional<runtime::instant> wake;
    if (must_save_epochs() || persist_needed_) wake = persist_not_before_;
    const bool is_unflushed = staged_end_ > flush_target_ && unflushed_since_.has_value();
    if (is_unflushed && config_.flush_ms.count() != INT64_MAX) {
        const runtime::instant flush_at = *unflushed_since_ + config_.flush_ms;
        wake = wake ? std::min(*wake, flush_at) : flush_at;
    }
    if (!wake) {
        co_await flush_work_.wait();
    } else {
        (void)co_await runtime::with_deadline(host_.world(), *wake, flush_work_.wait());
    }
}

runtime::awaitable<std::expected<void, errc>> stored_log::flush() {
    {
        // What a failed write left behind must not be taken for written.
        turnstile::turn turn = co_await turn_.enter();
        if (const auto ready = co_await enter_for_writing(turn); !ready) co_return ready;
    }
    const kafka::offset end = staged_end_;
    while (durable_end_ < end) {
        if (const auto failure_now = failure()) co_return std::unexpected(*failure_now);
        const std::uint64_t repairs_before = repairs_;
        if (const auto flushed = co_await flush_once(); !flushed) co_return flushed;
        if (durable_end_ >= end) break;
        if (repairs_ != repairs_before || repair_needed_) {
            co_return std::unexpected(errc::write_failed);
        }
        if (!in_flight_.empty()) co_await write_settled_.wait();
    }
    const turnstile::turn turn = co_await flush_turn_.enter();
    if (named_) co_return std::expected<void, errc>();
    if (const auto failure_now = failure()) co_return std::unexpected(*failure_now);
    if (const auto named = co_await make_name_durable(); !named) {
        host_.go_offline("sync the name of " + who_.directory.string(), named.error());
        co_return std::unexpected(errc::offline);
    }
    co_return std::expected<void, errc>();
}

runtime::awaitable<std::expected<void, errc>> stored_log::flush_once() {
    const turnstile::turn turn = co_await flush_turn_.enter();
    if (const auto failure_now = failure(); failure_now == errc::offline) {
        co_return std::unexpected(*failure_now);
    }
    const auto synced = co_await sync_written();
    if (!synced) {
        // Whatever the reason, the page cache cannot be believed any more.
        host_.go_offline("sync " + who_.directory.string(), synced.error());
        co_return std::unexpected(errc::offline);
    }
    if (!may_persist()) co_return std::expected<void, errc>();
    const auto persisted = co_await persist_sealed();
    raise_recovery_point();
    if (persisted) {
        persist_not_before_.reset();
        co_return std::expected<void, errc>();
    }
    if (failed("write the indexes of", persisted.error()) == errc::offline) {
        co_return std::unexpected(errc::offline);
    }
    // The indexes stay in memory until there is room for them; the log itself is safe.
    persist_not_before_ = host_.world().now() + persist_retry_interval;
    co_return std::expected<void, errc>();
}

// Oldest segment first, so that what is durable has no gap.
file_result<> stored_log::sync_written() {
    for (;;) {
        const auto unsynced = std::ranges::find(segments_, false, &segment::synced);
        CHECK(unsynced != segments_.end());
        const segment_ptr which = *unsynced;
        const bool is_active = which == segments_.back();
        // Who was cancelled must leave before anything is marked as done.
        co_await runtime::throw_if_cancelled();
        if (!named_ && (!is_active || staged_end_ > durable_end_)) {
            const auto named = co_await make_name_durable();
            if (!named) co_return named;
            continue;
        }
        if (is_active && std::exchange(directory_dirty_, false)) {
            const auto named = co_await files().sync_directory(who_.directory);
            if (!named) co_return named;
            continue;
        }
        const kafka::offset target = is_active ? staged_end_ : which->next_offset;
        if (is_active && target == durable_end_) co_return std::expected<void, runtime::errc>();
        if (is_active) {
            flush_target_ = target;
            unflushed_since_.reset();
        }
        const auto synced = co_await which->log->sync();
        if (!synced) co_return synced;
        if (!is_active) {
            which->synced = true;
            continue;
        }
        raise_durable_end(std::min(target, written_end_));
        co_return std::expected<void, runtime::errc>();
    }
}

// Requires: the flusher's turn.
file_result<> stored_log::make_name_durable() {
    const auto named = co_await host_.make_name_durable(who_.directory);
    if (named) named_ = true;
    co_return named;
}

void stored_log::raise_durable_end(kafka::offset end) {
    if (end <= durable_end_) return;
    durable_end_ = end;
    follow_high_watermark();
    tell_watcher();
    durable_moved_.notify_all();
    changed_.notify_all();
}

segment_ptr stored_log::first_unpersisted() const {
    for (const segment_ptr& each : segments_) {
        if (each->snapshot) return each;
        if (each != segments_.back() && !each->persisted) return each;
    }
    return nullptr;
}

// Epochs, snapshots and indexes: what recovery then need not build again.
file_result<> stored_log::persist_sealed() {
    if (must_save_epochs()) {
        const auto saved = co_await save_epochs();
        if (!saved) co_return saved;
    }
    while (const segment_ptr which = first_unpersisted()) {
        if (which->snapshot) {
            const auto saved = co_await save_snapshot(which);
            if (!saved) co_return saved;
            continue;
        }
        const auto saved = co_await persist_indexes(files(), which);
        if (!saved) co_return saved;
        const auto named = co_await files().sync_directory(who_.directory);
        if (!named) co_return named;
        which->persisted = true;
        raise_recovery_point();
        touch_indexes(which);
    }
    persist_needed_ = false;
    co_return std::expected<void, runtime::errc>();
}

file_result<> stored_log::save_snapshot(segment_ptr of) {
    std::vector<std::byte> content = *of->snapshot;
    const auto saved = co_await replace_file(
        files(), path_of(*of, file_kind::producer_snapshot), std::move(content));
    if (saved) of->snapshot.reset();
    co_return saved;
}

file_result<> stored_log::save_epochs() {
    const leader_epoch_cache saving = epochs_;
    const auto saved = co_await save(saving);
    if (saved) epochs_dirty_ = epochs_.entries() != saving.entries();
    co_return saved;
}

file_result<> stored_log::save(const leader_epoch_cache& epochs) {
    return replace_file(
        files(), who_.directory / epoch_checkpoint_name, print_epoch_checkpoint(epochs.entries()));
}

// All batches below it are on stable storage, and so are the epochs, and the indexes of all
// segments that end below it. A segment that ends at it may have been the active one when it was
// set, so it does not vouch for that one's indexes.
void stored_log::raise_recovery_point() {
    if (epochs_dirty_) return;
    kafka::offset safe = durable_end_;
    for (const segment_ptr& each : segments_) {
        if (each == segments_.back() || each->persisted) continue;
        safe = std::min(safe, each->next_offset);
        break;
    }
    recovery_point_ = std::max(recovery_point_, safe);
}

runtime::awaitable<std::expected<void, errc>> stored_log::wait_durable(kafka::offset end) {
    while (durable_end_ < end) {
        if (const auto failure_now = failure()) co_return std::unexpected(*failure_now);
        co_await durable_moved_.wait();
    }
    co_return std::expected<void, errc>();
}

runtime::awaitable<std::expected<void, errc>> stored_log::wait_committed(kafka::offset end) {
    while (high_watermark_ < end) {
        if (const auto failure_now = failure()) co_return std::unexpected(*failure_now);
        co_await committed_moved_.wait();
    }
    co_return std::expected<void, errc>();
}

runtime::awaitable<bool> stored_log::stop(bool flush_first) {
    stopping_ = true;
    wake_all();
    bool clean = false;
    std::exception_ptr interrupted;
    try {
        clean = co_await close(flush_first);
    } catch (...) {
        interrupted = std::current_exception();
    }
    co_await background_.cancel_and_join();
    if (interrupted) std::rethrow_exception(interrupted);
    co_return clean;
}

runtime::awaitable<bool> stored_log::close(bool flush_first) {
    const turnstile::turn turn = co_await turn_.enter();
    co_await drain();
    if (!flush_first || host_.offline()) co_return false;
    if (half_cut()) co_return false;
    if (repair_needed_) {
        if (const auto repaired = co_await repair(); !repaired) co_return false;
    }
    if (const auto flushed = co_await flush_once(); !flushed) co_return false;
    const turnstile::turn flush_turn = co_await flush_turn_.enter();
    const auto persisted = co_await persist_active();
    if (!persisted) (void)failed("close", persisted.error());
    co_return persisted.has_value() &&
        durable_end_ == written_end_&& first_unpersisted() == nullptr && !must_save_epochs();
}

file_result<> stored_log::persist_active() {
    const segment_ptr last = segments_.back();
    if (config_.preallocate && last->log->size() > last->size) {
        const auto trimmed = co_await last->log->truncate(last->size);
        if (!trimmed) co_return trimmed;
        const auto synced = co_await last->log->sync();
        if (!synced) co_return synced;
    }
    if (last->is_read_at_once()) co_return co_await forget_indexes(files(), last);
    const auto indexed = co_await persist_indexes(files(), last);
    if (!indexed) co_return indexed;
    const log_file_name snapshot{.base = written_end_, .kind = file_kind::producer_snapshot};
    co_return co_await replace_file(
        files(), who_.directory / to_string(snapshot), encode_snapshot(producers_));
}

}  // namespace verdikt::broker::storage
