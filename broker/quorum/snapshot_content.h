/// What stands in a snapshot of the metadata log (KIP-630): record batches, of which the first is
/// the quorum's own (how recent it is, who votes) and the last says that it is whole.
#pragma once

#include "broker/quorum/frames.h"
#include "broker/raft/types.h"
#include "kafka/types.h"

#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace verdikt::broker::quorum {

struct snapshot_content {
    /// That of the last record that the snapshot stands for.
    kafka::timestamp time = kafka::no_timestamp;
    /// Of a snapshot that names none, the configured ones vote.
    std::optional<raft::voter_set> voters = {};
    std::vector<frame> frames = {};
};

[[nodiscard]] std::vector<std::byte> encode_snapshot(const snapshot_content& content,
                                                     raft::leader_epoch epoch);
/// The error is English: what is damaged or not whole.
[[nodiscard]] std::expected<snapshot_content, std::string> decode_snapshot(
    std::span<const std::byte> bytes);

}  // namespace verdikt::broker::quorum
