/// Fetch and FetchSnapshot: between the quorum's own terms and the wire's.
///
/// Written for Fetch 17 and FetchSnapshot 1, the versions that know directories and name the topic
/// by its id. Reading gives nothing where a message does not speak of the one partition that the
/// quorum replicates, or holds batches that cannot be read.
#pragma once

#include "broker/raft/messages.h"
#include "broker/raft/wire/election_messages.h"
#include "kafka/messages/fetch.h"
#include "kafka/messages/fetch_snapshot.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace verdikt::broker::raft::wire {

[[nodiscard]] kafka::messages::fetch_request to_wire(const fetch_request& what,
                                                     const cluster_id& cluster,
                                                     std::int32_t bytes_max);
[[nodiscard]] kafka::messages::fetch_snapshot_request to_wire(const fetch_snapshot_request& what,
                                                              const cluster_id& cluster,
                                                              std::int32_t bytes_max);
/// `records` are those that the answer is to carry, as they are stored; they must outlive the
/// response. The batches of `what` are not looked at.
[[nodiscard]] kafka::messages::fetch_response to_wire(const fetch_answer& what,
                                                      std::span<const std::byte> records);
/// `bytes` likewise.
[[nodiscard]] kafka::messages::fetch_snapshot_response to_wire(const fetch_snapshot_answer& what,
                                                               std::span<const std::byte> bytes);

[[nodiscard]] std::optional<fetch_request> from_wire(const kafka::messages::fetch_request& what);
[[nodiscard]] std::optional<fetch_snapshot_request> from_wire(
    const kafka::messages::fetch_snapshot_request& what);
[[nodiscard]] std::optional<fetch_answer> from_wire(const kafka::messages::fetch_response& what);
[[nodiscard]] std::optional<fetch_snapshot_answer> from_wire(
    const kafka::messages::fetch_snapshot_response& what);

}  // namespace verdikt::broker::raft::wire
