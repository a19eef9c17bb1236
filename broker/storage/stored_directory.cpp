#include "broker/storage/stored_directory.h"

#include "broker/storage/file_names.h"
#include "broker/storage/log_recovery.h"
#include "broker/storage/small_file.h"
#include "runtime/check.h"

#include <fmt/format.h>

#include <utility>

namespace verdikt::broker::storage {

runtime::awaitable<std::expected<std::unique_ptr<log_directory>, errc>> log_directory::open(
    runtime::environment& world, std::filesystem::path path, directory_settings settings) {
    auto directory =
        std::make_unique<stored_directory>(world, std::move(path), std::move(settings));
    std::expected<void, errc> started;
    std::exception_ptr interrupted;
    try {
        started = co_await directory->start();
    } catch (...) {
        interrupted = std::current_exception();
    }
    // What was started must be joined before it goes.
    if (!started || interrupted) co_await directory->stop();
    if (interrupted) std::rethrow_exception(interrupted);
    if (!started) co_return std::unexpected(started.error());
    co_return std::unique_ptr<log_directory>(std::move(directory));
}

stored_directory::stored_directory(runtime::environment& world,
                                   std::filesystem::path path,
                                   directory_settings settings)
    : path_(std::move(path)),
      settings_(std::move(settings)),
      stalls_(settings_.stall_timeout),
      files_(world, stalls_),
      world_(world, files_),
      health_(settings_.reserved_bytes),
      background_(world.get_executor()) {}

stored_directory::~stored_directory() = default;

std::shared_ptr<partition_log> stored_directory::partition(
    const kafka::topic_partition& which) const {
    const auto found = logs_.find(which);
    return found == logs_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<partition_log>> stored_directory::partitions() const {
    std::vector<std::shared_ptr<partition_log>> all;
    for (const auto& [which, log] : logs_) all.push_back(log);
    return all;
}

std::optional<std::string> stored_directory::offline_reason() const {
    return health_.offline_reason();
}

runtime::awaitable<std::expected<std::shared_ptr<partition_log>, errc>>
stored_directory::create_partition(kafka::topic_partition which,
                                   kafka::uuid topic_id,
                                   log_config config) {
    if (stopped_) co_return std::unexpected(errc::stopped);
    if (offline()) co_return std::unexpected(errc::offline);
    if (logs_.contains(which)) co_return std::unexpected(errc::already_exists);
    if (!under_construction_.insert(which).second) {
        co_return std::unexpected(errc::already_exists);
    }
    const std::filesystem::path directory = path_ / directory_name(which);
    auto opened = co_await make_partition(directory, topic_id, config);
    under_construction_.erase(which);
    if (!opened) co_return std::unexpected(failed("create " + directory.string(), opened.error()));
    if (stopped_) co_return std::unexpected(errc::stopped);
    const auto log = std::make_shared<stored_log>(
        static_cast<log_host&>(*this),
        stored_log::identity{.partition = which, .topic_id = topic_id, .directory = directory},
        config,
        std::move(*opened),
        kafka::offset(0));
    log->start();
    logs_.emplace(std::move(which), log);
    co_return log;
}

file_result<recovered_log> stored_directory::make_partition(std::filesystem::path directory,
                                                            kafka::uuid topic_id,
                                                            log_config config) {
    const auto segment = co_await make_partition_files(directory, topic_id, config);
    if (segment) co_return recovered_log{.segments = {*segment}};
    // Half a partition must not be found at the next start.
    (void)co_await files().remove_all(directory);
    co_return std::unexpected(segment.error());
}

file_result<segment_ptr> stored_directory::make_partition_files(std::filesystem::path directory,
                                                                kafka::uuid topic_id,
                                                                log_config config) {
    const auto made = co_await files().create_directories(directory);
    if (!made) co_return std::unexpected(made.error());
    const auto named = co_await write_file(
        files(), directory / partition_metadata_name, print_partition_metadata(topic_id));
    if (!named) co_return std::unexpected(named.error());
    co_return co_await create_segment(files(), directory, kafka::offset(0), config);
}

file_result<> stored_directory::make_name_durable(std::filesystem::path log_directory) {
    const std::filesystem::path path = log_directory / partition_metadata_name;
    const auto content = co_await read_file(files(), path);
    if (!content) co_return std::unexpected(content.error());
    const auto metadata = co_await files().open(path, runtime::open_mode::read_write);
    if (!metadata) co_return std::unexpected(metadata.error());
    // Written again, since a sync that failed before has taken it for clean, and would leave it in
    // memory alone.
    const runtime::const_bytes same = *content;
    auto synced = co_await (*metadata)->write_at(0, {&same, 1});
    if (synced) synced = co_await (*metadata)->sync();
    if (synced) synced = co_await files().sync_directory(log_directory);
    if (synced) synced = co_await sync_entries();
    co_return synced;
}

file_result<> stored_directory::sync_entries() {
    const std::uint64_t begun_before = entries_syncs_begun_;
    const turnstile::turn turn = co_await entries_turn_.enter();
    // Begun after this was called, and ended.
    if (entries_syncs_begun_ > begun_before && last_entries_sync_good_) {
        co_return std::expected<void, runtime::errc>();
    }
    ++entries_syncs_begun_;
    last_entries_sync_good_ = false;
    const auto synced = co_await files().sync_directory(path_);
    last_entries_sync_good_ = synced.has_value();
    co_return synced;
}

runtime::awaitable<std::expected<void, errc>> stored_directory::delete_partition(
    kafka::topic_partition which) {
    const auto found = logs_.find(which);
    if (found == logs_.end()) co_return std::unexpected(errc::not_found);
    const log_ptr log = found->second;
    const runtime::duration delay = log->config().file_delete_delay_ms;
    const std::filesystem::path to = path_ / deleted_directory_name(which, draw_unique_name());
    const auto taken = co_await take_away(log, to, false);
    if (!taken) co_return taken;
    background_.spawn(remove_directory_later(to, delay));
    // A partition of the same name must not inherit what the checkpoints say.
    co_return co_await save_checkpoints();
}

runtime::awaitable<std::expected<void, errc>> stored_directory::set_aside_partition(
    kafka::topic_partition which) {
    const auto found = logs_.find(which);
    if (found == logs_.end()) co_return std::unexpected(errc::not_found);
    const log_ptr log = found->second;
    const std::filesystem::path to = path_ / stray_directory_name(which, draw_unique_name());
    const auto taken = co_await take_away(log, to, true);
    if (!taken) co_return taken;
    co_return co_await save_checkpoints();
}

std::string stored_directory::draw_unique_name() {
    return fmt::format("{:032x}", world_.random().next());
}

// Its name is free on return, and durably so.
runtime::awaitable<std::expected<void, errc>> stored_directory::take_away(log_ptr log,
                                                                          std::filesystem::path to,
                                                                          bool flush_first) {
    const kafka::topic_partition which = log->partition();
    logs_.erase(which);
    cleaned_.erase(which);
    (void)under_construction_.insert(which);
    (void)co_await log->stop(flush_first);
    auto renamed = co_await files().rename(log->directory(), to);
    if (renamed) renamed = co_await files().sync_directory(path_);
    under_construction_.erase(which);
    if (!renamed) co_return std::unexpected(failed("rename to " + to.string(), renamed.error()));
    co_return std::expected<void, errc>();
}

runtime::awaitable<void> stored_directory::remove_directory_later(std::filesystem::path directory,
                                                                  runtime::duration delay) {
    co_await world_.sleep_for(delay);
    const auto removed = co_await files().remove_all(directory);
    if (!removed && removed.error() != runtime::errc::not_found) {
        (void)failed("remove " + directory.string(), removed.error());
    }
}

runtime::awaitable<std::expected<void, errc>> stored_directory::checkpoint() {
    co_return co_await save_checkpoints();
}

runtime::awaitable<std::expected<void, errc>> stored_directory::save_checkpoints() {
    const std::uint64_t begun_before = checkpoints_begun_;
    const turnstile::turn turn = co_await checkpoint_turn_.enter();
    // Begun after this was called, and ended: it says what was to be said.
    if (checkpoints_begun_ > begun_before && last_checkpoint_good_) {
        co_return std::expected<void, errc>();
    }
    if (offline()) co_return std::unexpected(errc::offline);
    ++checkpoints_begun_;
    last_checkpoint_good_ = false;
    const auto written = co_await write_checkpoint_files();
    if (!written) co_return std::unexpected(failed("write checkpoints", written.error()));
    last_checkpoint_good_ = true;
    co_return std::expected<void, errc>();
}

file_result<> stored_directory::write_checkpoint_files() {
    offset_checkpoint recovery_points;
    offset_checkpoint high_watermarks;
    offset_checkpoint log_starts;
    for (const auto& [which, log] : logs_) {
        recovery_points[which] = log->recovery_point();
        high_watermarks[which] = log->high_watermark();
        if (log->log_start() > kafka::offset(0)) log_starts[which] = log->log_start();
    }
    auto done = co_await replace_file(
        files(), path_ / recovery_point_checkpoint_name, print_offset_checkpoint(recovery_points));
    if (!done) co_return done;
    done = co_await replace_file(
        files(), path_ / log_start_checkpoint_name, print_offset_checkpoint(log_starts));
    if (!done) co_return done;
    co_return co_await replace_file(
        files(), path_ / high_watermark_checkpoint_name, print_offset_checkpoint(high_watermarks));
}

void stored_directory::go_offline(std::string_view what, runtime::errc error) {
    const std::string reason = fmt::format("{}: {}", what, runtime::describe(error));
    if (!health_.fail(reason)) return;
    world_.log().write(runtime::log_level::error,
                       "log_directory_offline",
                       {{"path", path_.string()}, {"reason", reason}});
    for (const auto& [which, log] : logs_) log->wake_all();
    health_changed_.notify_all();
}

bool stored_directory::take_space(std::uint64_t bytes, append_origin origin) {
    if (health_.take(bytes, origin)) return true;
    space_wanted_.notify_all();
    return false;
}

void stored_directory::ran_out_of_space() {
    if (health_.ran_out()) health_changed_.notify_all();
    space_wanted_.notify_all();
}

errc stored_directory::failed(std::string_view act, runtime::errc error) {
    if (error == runtime::errc::no_space) {
        ran_out_of_space();
        return errc::no_space;
    }
    go_offline(act, error);
    return errc::offline;
}

kafka::timestamp stored_directory::wall_time() const {
    return kafka::timestamp(world_.wall_time().time_since_epoch().count());
}

}  // namespace verdikt::broker::storage
