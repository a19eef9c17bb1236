#include "broker/server/log_setup.h"

#include "broker/server/topic_settings.h"
#include "broker/storage/small_file.h"
#include "kafka/types.h"

#include <chrono>

namespace verdikt::broker::server {

namespace {

using std::chrono::milliseconds;

constexpr std::string_view state_file_name = "verdikt-state.json";

storage::directory_settings settings_for(const broker_config& config, std::string cluster_id) {
    const auto span = [&config](std::string_view key) { return milliseconds(config.integer(key)); };
    return {.cluster_id = std::move(cluster_id),
            .node = kafka::node_id(static_cast<std::int32_t>(config.integer("node.id"))),
            .defaults = settings_of({}, config).log,
            .reserved_bytes = static_cast<std::uint64_t>(config.integer("log.dir.reserved.bytes")),
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

std::string sentence(const std::filesystem::path& path, runtime::errc error) {
    return fmt::format("{}: {}", path.string(), runtime::describe(error));
}

/// The saved state, or a new one that is durable already: the directory's own identity is written
/// after it, so that a crash in between leaves nothing that contradicts it.
runtime::awaitable<std::expected<saved_state, std::string>> load_or_make_state(
    runtime::environment& world, const broker_config& config, std::filesystem::path path) {
    const auto text = co_await storage::read_text_file(world.files(), path);
    if (!text && text.error() != runtime::errc::not_found) {
        co_return std::unexpected(sentence(path, text.error()));
    }
    if (text) {
        auto state = decode_state(*text);
        if (!state) co_return std::unexpected(fmt::format("{}: {}", path.string(), state.error()));
        co_return std::move(*state);
    }
    saved_state state;
    state.cluster_id = config.text("cluster.id");
    if (state.cluster_id.empty()) state.cluster_id = draw_cluster_id(world);
    const auto saved = co_await storage::replace_file(world.files(), path, encode_state(state));
    if (!saved) co_return std::unexpected(sentence(path, saved.error()));
    co_return state;
}

}  // namespace

runtime::awaitable<std::expected<opened_logs, std::string>> open_logs(runtime::environment& world,
                                                                      const broker_config& config) {
    const std::filesystem::path folder = config.list("log.dirs").front();
    const auto made = co_await world.files().create_directories(folder);
    if (!made) co_return std::unexpected(sentence(folder, made.error()));
    const std::filesystem::path state_path = folder / state_file_name;
    auto state = co_await load_or_make_state(world, config, state_path);
    if (!state) co_return std::unexpected(std::move(state.error()));
    const std::string& wanted = config.text("cluster.id");
    if (!wanted.empty() && wanted != state->cluster_id) {
        co_return std::unexpected(fmt::format("{} belongs to cluster {}, and cluster.id is {}",
                                              folder.string(),
                                              state->cluster_id,
                                              wanted));
    }
    auto directory = co_await storage::log_directory::open(
        world, folder, settings_for(config, state->cluster_id));
    if (!directory) {
        co_return std::unexpected(
            fmt::format("{}: {}", folder.string(), storage::describe(directory.error())));
    }
    world.log().write(runtime::log_level::info,
                      "logs_opened",
                      {{"directory", folder.string()},
                       {"cluster", state->cluster_id},
                       {"clean", (*directory)->was_clean()},
                       {"topics", state->topics.size()}});
    co_return opened_logs{std::move(*directory), std::move(*state), state_path};
}

}  // namespace verdikt::broker::server
