/// OffsetCommit and OffsetFetch, as members and administrators both send them.
#pragma once

#include "client/record.h"
#include "kafka/messages/offset_commit.h"
#include "kafka/messages/offset_fetch.h"

#include <map>
#include <optional>
#include <set>
#include <string>

namespace verdikt::client {

/// In whose name an offset is committed. The defaults are nobody's: the group must then be empty.
struct committer {
    std::string group_id;
    std::int32_t generation = -1;
    std::string member_id = {};
    std::optional<std::string> instance_id = {};
};

[[nodiscard]] kafka::messages::offset_commit_request make_offset_commit(
    const committer& who, const std::map<topic_partition, committed_offset>& offsets);

/// Without partitions it asks for all. `stable` waits out open transactions (KIP-447).
[[nodiscard]] kafka::messages::offset_fetch_request make_offset_fetch(
    const std::string& group,
    const std::optional<std::set<topic_partition>>& partitions,
    bool stable);

/// The first error in an answer, or none: a coordinator refuses all or nothing for most reasons.
[[nodiscard]] kafka::error_code code_of(const kafka::messages::offset_commit_response& answer);
[[nodiscard]] kafka::error_code code_of(const kafka::messages::offset_fetch_response& answer);

/// Partitions without a committed offset are absent. Requires: `code_of` is none.
[[nodiscard]] std::map<topic_partition, committed_offset> read_offsets(
    const kafka::messages::offset_fetch_response& answer);

}  // namespace verdikt::client
