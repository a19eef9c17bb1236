/// Vote, BeginQuorumEpoch and EndQuorumEpoch: between the quorum's own terms and the wire's.
///
/// Written for Vote 2 and Begin- and EndQuorumEpoch 1, the versions that know directories. Reading
/// gives nothing where a message does not speak of the one partition that the quorum replicates.
#pragma once

#include "broker/raft/messages.h"
#include "kafka/messages/begin_quorum_epoch.h"
#include "kafka/messages/end_quorum_epoch.h"
#include "kafka/messages/vote.h"

#include <optional>
#include <string>

namespace verdikt::broker::raft::wire {

/// Nothing where the cluster's id is not known yet.
using cluster_id = std::optional<std::string>;

[[nodiscard]] kafka::messages::vote_request to_wire(const vote_request& what,
                                                    const cluster_id& cluster);
[[nodiscard]] kafka::messages::begin_quorum_epoch_request to_wire(const begin_epoch_request& what,
                                                                  const cluster_id& cluster);
[[nodiscard]] kafka::messages::end_quorum_epoch_request to_wire(const end_epoch_request& what,
                                                                const cluster_id& cluster);
[[nodiscard]] kafka::messages::vote_response to_wire(const vote_answer& what);
[[nodiscard]] kafka::messages::begin_quorum_epoch_response to_wire(const begin_epoch_answer& what);
[[nodiscard]] kafka::messages::end_quorum_epoch_response to_wire(const end_epoch_answer& what);

[[nodiscard]] std::optional<vote_request> from_wire(const kafka::messages::vote_request& what);
[[nodiscard]] std::optional<begin_epoch_request> from_wire(
    const kafka::messages::begin_quorum_epoch_request& what);
[[nodiscard]] std::optional<end_epoch_request> from_wire(
    const kafka::messages::end_quorum_epoch_request& what);
[[nodiscard]] std::optional<vote_answer> from_wire(const kafka::messages::vote_response& what);
[[nodiscard]] std::optional<begin_epoch_answer> from_wire(
    const kafka::messages::begin_quorum_epoch_response& what);
[[nodiscard]] std::optional<end_epoch_answer> from_wire(
    const kafka::messages::end_quorum_epoch_response& what);

}  // namespace verdikt::broker::raft::wire
