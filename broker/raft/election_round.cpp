#include "broker/raft/election_round.h"

#include "runtime/check.h"

namespace verdikt::broker::raft {

election_round::election_round(voter_set voters) : voters_(std::move(voters)) {
    CHECK(voters_.size() > 0, "an election without voters");
    for (const auto& [node, entry] : voters_.all()) ballots_.emplace(node, ballot::open);
}

void election_round::record(node_id from, ballot answer) {
    const auto found = ballots_.find(from);
    if (found != ballots_.end() && found->second == ballot::open) found->second = answer;
}

bool election_round::won() const {
    return with(ballot::granted).size() >= voters_.majority();
}

bool election_round::lost() const {
    return voters_.size() - with(ballot::refused).size() < voters_.majority();
}

std::vector<node_id> election_round::with(ballot answer) const {
    std::vector<node_id> nodes;
    for (const auto& [node, given] : ballots_) {
        if (given == answer) nodes.push_back(node);
    }
    return nodes;
}

}  // namespace verdikt::broker::raft
