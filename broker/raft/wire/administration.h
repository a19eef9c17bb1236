/// DescribeQuorum and the changes of voters: between the quorum's own terms and the wire's.
#pragma once

#include "broker/raft/replica.h"
#include "kafka/messages/add_raft_voter.h"
#include "kafka/messages/describe_quorum.h"
#include "kafka/messages/remove_raft_voter.h"
#include "kafka/messages/update_raft_voter.h"
#include "runtime/clock.h"

#include <optional>
#include <vector>

namespace verdikt::broker::raft::wire {

/// One moment on both clocks of the leader: replicas are timed by the one and shown in the other.
struct two_clocks {
    instant now;
    runtime::wall_instant wall;
};

/// `voters` gives the endpoints. Without a description this replica does not lead, and says so.
[[nodiscard]] kafka::messages::describe_quorum_response to_wire(
    const std::optional<quorum_description>& told,
    const voter_set& voters,
    const two_clocks& clocks);

[[nodiscard]] replica_key voter_in(const kafka::messages::add_raft_voter_request& what);
[[nodiscard]] replica_key voter_in(const kafka::messages::remove_raft_voter_request& what);
[[nodiscard]] replica_key voter_in(const kafka::messages::update_raft_voter_request& what);
[[nodiscard]] std::vector<endpoint> endpoints_in(
    const kafka::messages::add_raft_voter_request& what);
[[nodiscard]] std::vector<endpoint> endpoints_in(
    const kafka::messages::update_raft_voter_request& what);

}  // namespace verdikt::broker::raft::wire
