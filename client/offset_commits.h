/// OffsetCommit and OffsetFetch, as members and administrators both send them, and TxnOffsetCommit.
#pragma once

#include "client/consumer.h"
#include "client/producer_identity.h"
#include "kafka/messages/offset_commit.h"
#include "kafka/messages/offset_fetch.h"
#include "kafka/messages/txn_offset_commit.h"

#include <optional>
#include <set>
#include <string>

namespace verdikt::client {

/// `in_whose_name`: a member, or nobody (the group alone is named), and then the group must be
/// empty.
[[nodiscard]] kafka::messages::offset_commit_request make_offset_commit(
    const group_standing& in_whose_name, const offset_map& offsets);
/// The same, to take effect when the producer's transaction is committed.
[[nodiscard]] kafka::messages::txn_offset_commit_request make_offset_commit(
    const std::string& transactional_id,
    const producer_identity& producer,
    const group_standing& in_whose_name,
    const offset_map& offsets);

/// Without partitions it asks for all. `stable` waits out open transactions (KIP-447).
[[nodiscard]] kafka::messages::offset_fetch_request make_offset_fetch(
    const std::string& group,
    const std::optional<std::set<topic_partition>>& partitions,
    bool stable);

/// The first error in an answer, or none: a coordinator refuses all or nothing for most reasons.
[[nodiscard]] kafka::error_code code_of(const kafka::messages::offset_commit_response& answer);
[[nodiscard]] kafka::error_code code_of(const kafka::messages::txn_offset_commit_response& answer);
[[nodiscard]] kafka::error_code code_of(const kafka::messages::offset_fetch_response& answer);

/// Partitions without a committed offset are absent. Requires: `code_of` is none.
[[nodiscard]] offset_map read_offsets(const kafka::messages::offset_fetch_response& answer);

}  // namespace verdikt::client
