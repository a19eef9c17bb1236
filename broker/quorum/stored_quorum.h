/// What a former life left of the metadata log, brought into a state that a replica can go on from.
///
/// The parts become durable by themselves, so a crash may leave them out of step: the log ahead of
/// the vote, a fetched snapshot beside the log that it was to replace, records and snapshots that
/// were to be let go. Each of these is settled here; what cannot have come about in any of these
/// ways is damage, and this node must not start on it: it could vote or acknowledge twice.
#pragma once

#include "broker/quorum/snapshot_files.h"
#include "broker/raft/replica.h"
#include "broker/storage/partition_log.h"
#include "runtime/environment.h"

#include <expected>
#include <filesystem>
#include <string>

namespace verdikt::broker::quorum {

struct stored_quorum {
    runtime::environment& world;
    storage::partition_log& log;
    std::filesystem::path directory;
    snapshot_files& snapshots;
};

/// `configured` vote where neither the log nor a snapshot says who does. The error is English.
[[nodiscard]] runtime::awaitable<std::expected<raft::stored_replica, std::string>> recover_quorum(
    stored_quorum from, raft::voter_set configured);

}  // namespace verdikt::broker::quorum
