#include "broker/quorum/storage_format.h"

#include "broker/quorum/snapshot_content.h"
#include "broker/quorum/snapshot_files.h"
#include "broker/raft/wire/topic.h"
#include "broker/storage/checkpoint_file.h"
#include "broker/storage/file_names.h"
#include "broker/storage/small_file.h"
#include "runtime/parse_number.h"

#include <fmt/format.h>

#include <utility>

namespace verdikt::broker::quorum {
namespace {

std::unexpected<std::string> trouble(std::string_view act,
                                     const std::filesystem::path& what,
                                     runtime::errc error) {
    return std::unexpected(fmt::format("cannot {} {}: {}", act, what.string(), describe(error)));
}

std::expected<directory_identity, std::string> identity_from(const storage::properties& entries) {
    const auto value = [&](std::string_view key) {
        const auto found = entries.find(key);
        return found == entries.end() ? std::string() : found->second;
    };
    const auto node = runtime::parse_number<std::int32_t>(value("node.id"));
    const auto directory = kafka::uuid_from_text(value("directory.id"));
    if (value("version") != "1") return std::unexpected(std::string("its version is not 1"));
    if (value("cluster.id").empty()) return std::unexpected(std::string("it has no cluster.id"));
    if (!node) return std::unexpected(std::string("its node.id is no number"));
    if (!directory) return std::unexpected(std::string("its directory.id is no id"));
    return directory_identity{
        .cluster_id = value("cluster.id"), .node = kafka::node_id(*node), .directory = *directory};
}

storage::properties to_properties(const directory_identity& identity) {
    return {{"version", "1"},
            {"cluster.id", identity.cluster_id},
            {"node.id", fmt::to_string(identity.node.value())},
            {"directory.id", kafka::to_text(identity.directory)}};
}

kafka::uuid draw_id(runtime::environment& world) {
    kafka::uuid id;
    world.random().fill(id.bytes);
    return id;
}

/// Before the identity, which says that the directory is formatted.
runtime::awaitable<std::expected<void, std::string>> write_first_voters(
    runtime::environment& world, const format_request& what, const directory_identity& identity) {
    const std::filesystem::path partition =
        what.directory / fmt::format("{}-{}", raft::wire::topic_name, raft::wire::topic_partition);
    const auto made = co_await world.files().create_directories(partition);
    if (!made) co_return trouble("create", partition, made.error());
    const raft::voter_set alone(
        {{identity.node, {.directory = identity.directory, .endpoints = what.endpoints}}});
    snapshot_files snapshots(world.files(), partition);
    const auto written = co_await snapshots.write(
        bootstrap_snapshot,
        encode_snapshot({.time = kafka::timestamp(world.wall_time().time_since_epoch().count()),
                         .voters = alone},
                        bootstrap_snapshot.epoch));
    if (!written) co_return trouble("write the first voters to", partition, written.error());
    const auto named = co_await world.files().sync_directory(what.directory);
    if (!named) co_return trouble("sync", what.directory, named.error());
    co_return std::expected<void, std::string>();
}

std::string describe_identity(const directory_identity& who) {
    return fmt::format("node {} of cluster {}", who.node, who.cluster_id);
}

}  // namespace

runtime::awaitable<std::expected<std::optional<directory_identity>, std::string>> read_identity(
    runtime::environment& world, std::filesystem::path directory) {
    const std::filesystem::path path = directory / storage::meta_properties_name;
    const auto text = co_await storage::read_text_file(world.files(), path);
    if (!text && text.error() == runtime::errc::not_found) co_return std::nullopt;
    if (!text) co_return trouble("read", path, text.error());
    const auto identity = identity_from(storage::parse_properties(*text));
    if (!identity) {
        co_return std::unexpected(
            fmt::format("{} cannot be read: {}", path.string(), identity.error()));
    }
    co_return *identity;
}

runtime::awaitable<std::expected<directory_identity, std::string>> format_directory(
    runtime::environment& world, format_request what, bool ignore_formatted) {
    const auto known = co_await read_identity(world, what.directory);
    if (!known) co_return std::unexpected(known.error());
    if (const auto& is = *known) {
        const bool ours = is->cluster_id == what.cluster_id && is->node == what.node;
        if (ours && ignore_formatted) co_return *is;
        co_return std::unexpected(fmt::format(
            "{} is formatted already, for {}", what.directory.string(), describe_identity(*is)));
    }
    const directory_identity identity{
        .cluster_id = what.cluster_id,
        .node = what.node,
        .directory = what.directory_id ? *what.directory_id : draw_id(world)};
    const auto made = co_await world.files().create_directories(what.directory);
    if (!made) co_return trouble("create", what.directory, made.error());
    if (what.standalone) {
        const auto written = co_await write_first_voters(world, what, identity);
        if (!written) co_return std::unexpected(written.error());
    }
    const std::filesystem::path path = what.directory / storage::meta_properties_name;
    const auto written = co_await storage::replace_file(
        world.files(), path, storage::print_properties(to_properties(identity)));
    if (!written) co_return trouble("write", path, written.error());
    co_return identity;
}

}  // namespace verdikt::broker::quorum
