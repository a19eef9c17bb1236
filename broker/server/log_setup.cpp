#include "broker/server/log_setup.h"

#include "broker/quorum/storage_format.h"
#include "broker/server/topic_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>

namespace verdikt::broker::server {

namespace {

using std::chrono::milliseconds;
using storage::log_directory;
using paths = std::vector<std::filesystem::path>;

storage::directory_settings settings_for(const broker_config& config, std::string cluster_id) {
    const auto span = [&config](std::string_view key) { return milliseconds(config.integer(key)); };
    return {.cluster_id = std::move(cluster_id),
            .node = kafka::node_id(static_cast<std::int32_t>(config.integer("node.id"))),
            .defaults = settings_of({}, config).log,
            .reserved_bytes = static_cast<std::uint64_t>(config.integer("log.dir.reserved.bytes")),
            .stall_timeout = span("disk.stall.timeout.ms"),
            .checkpoint_interval = span("log.flush.offset.checkpoint.interval.ms"),
            .retention_check_interval = span("log.retention.check.interval.ms"),
            .cleaner_interval = span("log.cleaner.backoff.ms"),
            .producer_id_expiration = span("producer.id.expiration.ms")};
}

std::string draw_cluster_id(runtime::environment& world) {
    kafka::uuid id;
    world.random().fill(id.bytes);
    return kafka::to_text(id);
}

paths folders_of(const broker_config& config) {
    paths folders;
    for (const std::string& text : config.list("log.dirs")) folders.emplace_back(text);
    return folders;
}

std::filesystem::path metadata_folder(const broker_config& config) {
    const std::string& own = config.text("metadata.log.dir");
    return own.empty() ? folders_of(config).front() : std::filesystem::path(own);
}

/// What the directories and the configuration agree on.
runtime::awaitable<std::expected<std::string, std::string>> find_cluster_id(
    runtime::environment& world,
    const broker_config& config,
    const cluster_place& place,
    paths folders) {
    std::string id = config.text("cluster.id");
    for (const std::filesystem::path& folder : folders) {
        const auto identity = co_await quorum::read_identity(world, folder);
        if (!identity) co_return std::unexpected(identity.error());
        if (!*identity) continue;
        if (id.empty()) id = (*identity)->cluster_id;
        if ((*identity)->cluster_id != id) {
            co_return std::unexpected(
                fmt::format("{} belongs to cluster {}, and {} to cluster {}",
                            folder.string(),
                            (*identity)->cluster_id,
                            config.text("cluster.id").empty() ? "another directory" : "cluster.id",
                            id));
        }
    }
    if (!id.empty()) co_return id;
    if (place.stands_alone) co_return draw_cluster_id(world);
    co_return std::unexpected(
        std::string("cluster.id is not set, and no log directory is formatted: give all nodes the "
                    "same cluster.id, or run 'verdikt storage format' on each"));
}

runtime::awaitable<std::expected<std::unique_ptr<log_directory>, std::string>> open_one(
    runtime::environment& world,
    std::filesystem::path folder,
    storage::directory_settings settings) {
    auto opened = co_await log_directory::open(world, folder, std::move(settings));
    if (opened) co_return std::move(*opened);
    co_return std::unexpected(
        fmt::format("{}: {}", folder.string(), storage::describe(opened.error())));
}

runtime::awaitable<std::expected<void, std::string>> open_all(runtime::environment& world,
                                                              const broker_config& config,
                                                              opened_logs& logs) {
    const std::filesystem::path for_metadata = metadata_folder(config);
    std::string first_fault;
    for (const std::filesystem::path& folder : folders_of(config)) {
        auto opened = co_await open_one(world, folder, settings_for(config, logs.cluster_id));
        if (!opened) {
            world.log().write(runtime::log_level::error,
                              "log_directory_not_opened",
                              {{"directory", folder.string()}, {"why", opened.error()}});
            if (first_fault.empty()) first_fault = std::move(opened.error());
            if (folder == for_metadata) co_return std::unexpected(first_fault);
            logs.misses_one = true;
            continue;
        }
        if (folder == for_metadata) logs.metadata = opened->get();
        logs.directories.push_back(std::move(*opened));
    }
    if (logs.directories.empty()) co_return std::unexpected(first_fault);
    if (logs.metadata != nullptr) co_return std::expected<void, std::string>();
    auto own = co_await open_one(world, for_metadata, settings_for(config, logs.cluster_id));
    if (!own) co_return std::unexpected(std::move(own.error()));
    logs.own_metadata = std::move(*own);
    logs.metadata = logs.own_metadata.get();
    co_return std::expected<void, std::string>();
}

/// All of them, whatever happens to the caller meanwhile.
runtime::awaitable<void> stop_all(const opened_logs& logs) {
    std::exception_ptr interrupted;
    for (const auto& directory : logs.directories) {
        try {
            co_await directory->stop();
        } catch (...) {
            interrupted = std::current_exception();
        }
    }
    if (interrupted) std::rethrow_exception(interrupted);
}

}  // namespace

runtime::awaitable<std::expected<opened_logs, std::string>> open_logs(runtime::environment& world,
                                                                      const broker_config& config,
                                                                      const cluster_place& place) {
    paths folders = folders_of(config);
    if (std::ranges::find(folders, metadata_folder(config)) == folders.end()) {
        folders.push_back(metadata_folder(config));
    }
    auto id = co_await find_cluster_id(world, config, place, std::move(folders));
    if (!id) co_return std::unexpected(std::move(id.error()));
    opened_logs logs{.cluster_id = std::move(*id)};
    std::expected<void, std::string> opened;
    std::exception_ptr interrupted;
    try {
        opened = co_await open_all(world, config, logs);
    } catch (...) {
        interrupted = std::current_exception();
    }
    // Those that were opened before the one that failed, or that was waited for when this was cut
    // short.
    if (!opened || interrupted) co_await stop_all(logs);
    if (interrupted) std::rethrow_exception(interrupted);
    if (!opened) co_return std::unexpected(std::move(opened.error()));
    world.log().write(
        runtime::log_level::info,
        "logs_opened",
        {{"directories", logs.directories.size()},
         {"cluster", logs.cluster_id},
         {"clean", std::ranges::all_of(logs.directories, &log_directory::was_clean)}});
    co_return logs;
}

}  // namespace verdikt::broker::server
