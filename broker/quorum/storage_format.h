/// `storage format`: gives a log directory its identity before a node first starts in it, and the
/// quorum its first voters.
///
/// meta.properties has Kafka's keys: version=1, cluster.id, node.id, directory.id (KIP-853). The
/// first voters of a quorum that is not configured by controller.quorum.voters are the snapshot
/// 00000000000000000000-0000000000.checkpoint, as `kafka-storage format --standalone` leaves it.
#pragma once

#include "broker/raft/types.h"
#include "kafka/types.h"
#include "runtime/environment.h"

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::broker::quorum {

struct directory_identity {
    std::string cluster_id;
    kafka::node_id node;
    kafka::uuid directory;

    bool operator==(const directory_identity&) const = default;
};

/// What meta.properties says; nothing if the directory was never formatted. The error is English.
[[nodiscard]] runtime::awaitable<std::expected<std::optional<directory_identity>, std::string>>
read_identity(runtime::environment& world, std::filesystem::path directory);

struct format_request {
    std::filesystem::path directory;
    std::string cluster_id;
    kafka::node_id node;
    /// Drawn where absent.
    std::optional<kafka::uuid> directory_id = {};
    /// --standalone: this node alone votes. Set for the metadata log directory only.
    bool standalone = false;
    /// Where this node's controller listens, for `standalone`.
    std::vector<raft::endpoint> endpoints = {};
};

/// Durable on return; gives the directory's id. A directory that is formatted already is an error,
/// unless it is this node's in this cluster and `ignore_formatted` is set: then nothing is written.
[[nodiscard]] runtime::awaitable<std::expected<directory_identity, std::string>> format_directory(
    runtime::environment& world, format_request what, bool ignore_formatted);

}  // namespace verdikt::broker::quorum
