/// What the quorum keeps beside its log: the text of the quorum-state file, and the names of
/// snapshots. Both are Kafka's, so that its tools read them.
#pragma once

#include "broker/raft/types.h"

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace verdikt::broker::raft::wire {

inline constexpr std::string_view quorum_state_name = "quorum-state";

/// One line of JSON: leaderId, leaderEpoch, votedId, votedDirectoryId, data_version.
[[nodiscard]] std::string encode_quorum_state(const quorum_state& state);
/// The error is English, for a log line: to start without the state that was there would be to vote
/// twice.
[[nodiscard]] std::expected<quorum_state, std::string> decode_quorum_state(std::string_view text);

/// "00000000000000000040-0000000003.checkpoint": where it ends, and the epoch of its last record.
[[nodiscard]] std::string snapshot_file_name(const snapshot_id& id);
/// Nothing if the name is none that `snapshot_file_name` gives.
[[nodiscard]] std::optional<snapshot_id> snapshot_from_file_name(std::string_view name);

}  // namespace verdikt::broker::raft::wire
