#include "broker/storage/clean_marker.h"
#include "broker/storage/file_names.h"
#include "broker/storage/log_recovery.h"
#include "broker/storage/small_file.h"
#include "broker/storage/stored_directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace verdikt::broker::storage {

namespace {

using ok = std::expected<void, errc>;

kafka::offset value_in(const offset_checkpoint& checkpoint, const kafka::topic_partition& which) {
    const auto found = checkpoint.find(which);
    return found == checkpoint.end() ? kafka::offset(0) : found->second;
}

// Absent or not to be believed: empty, and the logs say the rest.
file_result<offset_checkpoint> read_checkpoint(runtime::file_system& files,
                                               std::filesystem::path path) {
    const auto text = co_await read_text_file(files, std::move(path));
    if (!text && text.error() != runtime::errc::not_found) co_return std::unexpected(text.error());
    if (!text) co_return offset_checkpoint();
    co_return parse_offset_checkpoint(*text).value_or(offset_checkpoint());
}

// The directory's own name must outlive a power loss, and so must those above it. What may not even
// be opened was not made by us.
file_result<> sync_ancestors(runtime::file_system& files, std::filesystem::path path) {
    while (path.has_relative_path()) {
        path = path.parent_path();
        const auto synced = co_await files.sync_directory(path.empty() ? "." : path);
        if (!synced && synced.error() != runtime::errc::not_permitted) co_return synced;
    }
    co_return std::expected<void, runtime::errc>();
}

}  // namespace

runtime::awaitable<std::expected<void, errc>> stored_directory::start() {
    if (const auto ready = co_await prepare(); !ready) co_return ready;
    if (const auto known = co_await check_identity(); !known) co_return known;
    if (const auto loaded = co_await load_checkpoints(); !loaded) co_return loaded;
    if (const auto taken = co_await take_clean_marker(); !taken) co_return taken;
    if (const auto recovered = co_await recover_all(); !recovered) co_return recovered;
    if (const auto named = co_await make_names_durable(); !named) co_return named;
    // A log that was cut must not be taken for verified beyond the cut.
    const auto saved = co_await save_checkpoints();
    if (!saved && saved.error() != errc::no_space) co_return saved;
    for (const auto& [which, log] : logs_) log->start();
    co_await measure_space();
    start_background();
    started_ = true;
    co_return ok();
}

runtime::awaitable<std::expected<void, errc>> stored_directory::prepare() {
    const auto made = co_await files().create_directories(path_);
    if (!made) co_return std::unexpected(failed("create " + path_.string(), made.error()));
    if (const auto named = co_await sync_ancestors(files(), path_); !named) {
        co_return std::unexpected(failed("sync the name of " + path_.string(), named.error()));
    }
    auto locked = co_await files().lock(path_ / lock_name);
    if (!locked && locked.error() == runtime::errc::locked) {
        co_return std::unexpected(errc::locked);
    }
    if (!locked) co_return std::unexpected(failed("lock " + path_.string(), locked.error()));
    lock_ = std::move(*locked);
    co_return ok();
}

runtime::awaitable<std::expected<void, errc>> stored_directory::check_identity() {
    const std::filesystem::path path = path_ / meta_properties_name;
    const auto text = co_await read_text_file(files(), path);
    if (!text && text.error() != runtime::errc::not_found) {
        co_return std::unexpected(failed("read " + path.string(), text.error()));
    }
    properties entries = text ? parse_properties(*text) : properties();
    const std::string node = fmt::to_string(settings_.node.value());
    const auto differs = [&](const char* key, const std::string& ours) {
        const auto found = entries.find(key);
        return found != entries.end() && found->second != ours;
    };
    if (differs("cluster.id", settings_.cluster_id) || differs("node.id", node)) {
        world_.log().write(runtime::log_level::error,
                           "log_directory_of_another",
                           {{"path", path_.string()}, {"found", print_properties(entries)}});
        co_return std::unexpected(errc::wrong_identity);
    }
    const auto known = kafka::uuid_from_text(entries["directory.id"]);
    directory_id_ = known.value_or(kafka::uuid{});
    if (known && entries.contains("cluster.id") && entries.contains("node.id")) co_return ok();
    if (!known) world_.random().fill(directory_id_.bytes);
    entries["version"] = "1";
    entries["cluster.id"] = settings_.cluster_id;
    entries["node.id"] = node;
    entries["directory.id"] = kafka::to_text(directory_id_);
    const auto written = co_await replace_file(files(), path, print_properties(entries));
    if (!written) co_return std::unexpected(failed("write " + path.string(), written.error()));
    co_return ok();
}

// Gone, durably, before anything is written that a crash could leave half done.
runtime::awaitable<std::expected<void, errc>> stored_directory::take_clean_marker() {
    const auto marker = co_await read_text_file(files(), path_ / clean_shutdown_name);
    if (marker) former_broker_epoch_ = parse_clean_marker(*marker);
    const auto removed = co_await files().remove(path_ / clean_shutdown_name);
    if (!removed && removed.error() != runtime::errc::not_found) {
        co_return std::unexpected(failed("start in " + path_.string(), removed.error()));
    }
    was_clean_ = removed.has_value();
    const auto synced = co_await files().sync_directory(path_);
    if (!synced) co_return std::unexpected(failed("sync " + path_.string(), synced.error()));
    co_return ok();
}

runtime::awaitable<std::expected<void, errc>> stored_directory::load_checkpoints() {
    const auto load =
        [this](std::string_view name,
               offset_checkpoint& into) -> runtime::awaitable<std::expected<void, errc>> {
        auto read = co_await read_checkpoint(files(), path_ / name);
        if (!read) co_return std::unexpected(failed("read checkpoints", read.error()));
        into = std::move(*read);
        co_return ok();
    };
    auto done = co_await load(recovery_point_checkpoint_name, recovery_points_);
    if (done) done = co_await load(high_watermark_checkpoint_name, high_watermarks_);
    if (done) done = co_await load(log_start_checkpoint_name, log_starts_);
    if (done) done = co_await load(cleaner_checkpoint_name, cleaned_);
    co_return done;
}

runtime::awaitable<std::expected<void, errc>> stored_directory::recover_all() {
    const auto entries = co_await files().list(path_);
    if (!entries) co_return std::unexpected(failed("list " + path_.string(), entries.error()));
    for (const runtime::directory_entry& entry : *entries) {
        if (!entry.is_directory) {
            if (!entry.name.ends_with(temporary_suffix)) continue;
            const auto removed = co_await remove_if_present(files(), path_ / entry.name);
            if (!removed) co_return std::unexpected(failed("clear", removed.error()));
        } else if (is_deleted_directory_name(entry.name)) {
            const auto removed = co_await files().remove_all(path_ / entry.name);
            if (!removed) co_return std::unexpected(failed("clear", removed.error()));
        } else if (auto which = parse_directory_name(entry.name)) {
            const auto recovered = co_await recover_one(std::move(*which));
            if (!recovered) co_return recovered;
        }
    }
    co_return ok();
}

runtime::awaitable<std::expected<void, errc>> stored_directory::recover_one(
    kafka::topic_partition which) {
    const std::filesystem::path directory = path_ / directory_name(which);
    const auto topic_id = co_await read_topic_id(directory);
    if (!topic_id) {
        co_return std::unexpected(failed("read " + directory.string(), topic_id.error()));
    }
    if (!*topic_id) co_return co_await clear_nameless(std::move(which));
    auto found = co_await recover_log(world_,
                                      directory,
                                      {.clean = was_clean_,
                                       .recovery_point = value_in(recovery_points_, which),
                                       .log_start = value_in(log_starts_, which)},
                                      settings_.defaults);
    if (!found) co_return std::unexpected(failed("recover " + directory.string(), found.error()));
    world_.log().write(
        found->bytes_cut > 0 ? runtime::log_level::warning : runtime::log_level::info,
        "log_recovered",
        {{"partition", which},
         {"log_start", found->log_start},
         {"log_end", found->segments.back()->next_offset},
         {"bytes_verified", found->bytes_verified},
         {"bytes_cut", found->bytes_cut},
         {"damage", found->damage}});
    logs_.emplace(which,
                  std::make_shared<stored_log>(
                      static_cast<log_host&>(*this),
                      stored_log::identity{
                          .partition = which, .topic_id = **topic_id, .directory = directory},
                      settings_.defaults,
                      std::move(*found),
                      value_in(high_watermarks_, which)));
    co_return ok();
}

// What recovery found is durable now, so its names must be. An empty log waits with that.
runtime::awaitable<std::expected<void, errc>> stored_directory::make_names_durable() {
    if (was_clean_) co_return ok();
    for (const auto& [which, log] : logs_) {
        if (log->size() == 0) continue;
        const auto named = co_await make_name_durable(log->directory());
        if (!named) co_return std::unexpected(failed("sync the names of logs", named.error()));
    }
    co_return ok();
}

// Nothing where it never became durable.
file_result<std::optional<kafka::uuid>> stored_directory::read_topic_id(
    std::filesystem::path directory) {
    const auto text = co_await read_text_file(files(), directory / partition_metadata_name);
    if (!text && text.error() == runtime::errc::not_found) co_return std::nullopt;
    if (!text) co_return std::unexpected(text.error());
    co_return parse_partition_metadata(*text);
}

// A partition that was made right before the power failed. Another topic may have its name by now,
// so nothing of it may be found under it. Records, which nobody can have been told to be durable,
// are left for the operator to look at.
runtime::awaitable<std::expected<void, errc>> stored_directory::clear_nameless(
    kafka::topic_partition which) {
    const std::filesystem::path directory = path_ / directory_name(which);
    const auto entries = co_await files().list(directory);
    if (!entries) co_return std::unexpected(failed("list", entries.error()));
    const bool is_empty = std::ranges::none_of(*entries, [](const auto& entry) {
        const auto name = parse_log_file_name(entry.name);
        return name && name->kind == file_kind::log && entry.size > 0;
    });
    world_.log().write(is_empty ? runtime::log_level::info : runtime::log_level::warning,
                       "partition_without_metadata",
                       {{"partition", which}, {"removed", is_empty}});
    std::expected<void, runtime::errc> cleared;
    if (is_empty) {
        cleared = co_await files().remove_all(directory);
    } else {
        cleared = co_await files().rename(directory,
                                          path_ / stray_directory_name(which, draw_unique_name()));
    }
    if (!cleared) co_return std::unexpected(failed("clear", cleared.error()));
    co_return ok();
}

}  // namespace verdikt::broker::storage
