#include "broker/storage/clean_marker.h"
#include "broker/storage/compactor.h"
#include "broker/storage/file_names.h"
#include "broker/storage/small_file.h"
#include "broker/storage/stored_directory.h"
#include "runtime/deadline.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace verdikt::broker::storage {

namespace {

constexpr int stall_looks_per_timeout = 10;

}  // namespace

void stored_directory::start_background() {
    background_.spawn(watch_stalls());
    background_.spawn(watch_space());
    background_.spawn(run_checkpoints());
    background_.spawn(run_retention());
    background_.spawn(run_cleaner());
}

runtime::awaitable<void> stored_directory::watch_space() {
    while (!offline()) {
        const runtime::instant next = world_.now() + settings_.space_check_interval;
        // Refused appends ask for a look at once, but not over and over.
        const bool asked = co_await runtime::with_deadline(world_, next, space_wanted_.wait());
        co_await measure_space();
        if (asked) co_await world_.sleep_until(next);
    }
}

runtime::awaitable<void> stored_directory::measure_space() {
    const auto measured = co_await files().space(path_);
    if (!measured) {
        (void)failed("measure the space of " + path_.string(), measured.error());
        co_return;
    }
    if (!health_.measured(*measured)) co_return;
    world_.log().write(runtime::log_level::warning,
                       health_.below_reserve() ? "log_directory_full" : "log_directory_has_space",
                       {{"path", path_.string()}, {"available", measured->available}});
    health_changed_.notify_all();
}

/// Looks often enough to be late by little. A disk of which nothing is asked is not noticed to
/// hang, and holds nobody up; to ask for its space, as `watch_space` does, hangs on some and not on
/// others.
runtime::awaitable<void> stored_directory::watch_stalls() {
    const runtime::duration interval = settings_.stall_timeout / stall_looks_per_timeout;
    while (!offline()) {
        co_await world_.sleep_for(interval);
        const runtime::duration waited = stalls_.oldest_age(world_.now());
        if (!stalls_.look(world_.now())) continue;
        world_.log().write(
            stalled() ? runtime::log_level::error : runtime::log_level::warning,
            stalled() ? "disk_stalled" : "disk_answers_again",
            {{"path", path_.string()}, {"waited_ms", waited / std::chrono::milliseconds(1)}});
        health_changed_.notify_all();
    }
}

runtime::awaitable<void> stored_directory::run_checkpoints() {
    while (!offline()) {
        co_await world_.sleep_for(settings_.checkpoint_interval);
        const kafka::timestamp deadline = wall_time() - settings_.producer_id_expiration.count();
        for (const auto& [which, log] : logs_) log->expire_producers(deadline);
        (void)co_await save_checkpoints();
    }
}

runtime::awaitable<void> stored_directory::run_retention() {
    while (!offline()) {
        co_await world_.sleep_for(settings_.retention_check_interval);
        co_await apply_retention();
    }
}

runtime::awaitable<void> stored_directory::run_cleaner() {
    while (!offline()) {
        co_await world_.sleep_for(settings_.cleaner_interval);
        co_await compact();
    }
}

runtime::awaitable<void> stored_directory::apply_retention() {
    // A copy: partitions come and go meanwhile.
    const std::map<kafka::topic_partition, log_ptr> logs = logs_;
    for (const auto& [which, log] : logs) co_await log->apply_retention();
}

runtime::awaitable<void> stored_directory::compact() {
    const turnstile::turn turn = co_await cleaner_turn_.enter();
    const std::map<kafka::topic_partition, log_ptr> logs = logs_;
    for (const auto& [which, log] : logs) {
        if (!log->config().cleanup_compact || log->failure()) continue;
        co_await compact_one(log);
    }
}

runtime::awaitable<void> stored_directory::compact_one(log_ptr log) {
    const kafka::topic_partition which = log->partition();
    const auto known = cleaned_.find(which);
    kafka::offset first_dirty = known == cleaned_.end() ? log->log_start() : known->second;
    first_dirty = std::clamp(first_dirty, log->log_start(), log->log_end());
    compactor work(world_, log);
    const cleaning_plan plan = work.plan(first_dirty);
    if (!plan.due || below_reserve()) co_return;
    const auto cleaned = co_await work.run(plan);
    if (!cleaned) {
        // A log that was deleted meanwhile has lost its files, not its disk.
        if (!log->failure()) {
            (void)failed("compact " + log->directory().string(), cleaned.error());
        }
        co_return;
    }
    if (!*cleaned) {
        world_.log().write(runtime::log_level::warning, "not_compacted", {{"partition", which}});
        co_return;
    }
    cleaned_[which] = **cleaned;
    world_.log().write(runtime::log_level::info,
                       "compacted",
                       {{"partition", which},
                        {"dirty_ratio", plan.dirty_ratio},
                        {"clean_up_to", **cleaned},
                        {"size", log->size()}});
    const auto saved = co_await replace_file(
        files(), path_ / cleaner_checkpoint_name, print_offset_checkpoint(cleaned_));
    if (!saved) (void)failed("write checkpoints", saved.error());
}

runtime::awaitable<void> stored_directory::stop() {
    if (std::exchange(stopped_, true)) co_return;
    std::exception_ptr interrupted;
    try {
        co_await background_.cancel_and_join();
        if (started_ && !offline()) (void)co_await close_logs();
    } catch (...) {
        interrupted = std::current_exception();
    }
    for (const auto& [which, log] : logs_) {
        try {
            (void)co_await log->stop(false);
        } catch (...) {
            if (!interrupted) interrupted = std::current_exception();
        }
    }
    lock_.reset();
    if (interrupted) std::rethrow_exception(interrupted);
}

runtime::awaitable<std::expected<void, errc>> stored_directory::close_logs() {
    bool clean = true;
    for (const auto& [which, log] : logs_) {
        const bool closed = co_await log->stop(true);
        clean = clean && closed;
    }
    if (offline()) co_return std::unexpected(errc::offline);
    const auto saved = co_await save_checkpoints();
    if (!saved || !clean) co_return saved;
    const auto marked = co_await replace_file(
        files(), path_ / clean_shutdown_name, print_clean_marker(broker_epoch_));
    if (!marked) co_return std::unexpected(failed("close " + path_.string(), marked.error()));
    co_return std::expected<void, errc>();
}

}  // namespace verdikt::broker::storage
