#include "broker/raft/types.h"

#include "runtime/check.h"

namespace verdikt::broker::raft {

bool voter_set::contains(const replica_key& replica) const {
    const auto found = voters_.find(replica.id);
    if (found == voters_.end()) return false;
    return found->second.directory.is_zero() || found->second.directory == replica.directory;
}

replica_key voter_set::key_of(node_id node) const {
    return {node, voters_.at(node).directory};
}

voter_set voter_set::with(node_id node, voter entry) const {
    voter_set changed = *this;
    changed.voters_.insert_or_assign(node, std::move(entry));
    return changed;
}

voter_set voter_set::without(node_id node) const {
    voter_set changed = *this;
    changed.voters_.erase(node);
    return changed;
}

std::string_view name(role which) {
    switch (which) {
        case role::unattached:
            return "unattached";
        case role::prospective:
            return "prospective";
        case role::candidate:
            return "candidate";
        case role::leader:
            return "leader";
        case role::resigned:
            return "resigned";
        case role::follower:
            return "follower";
    }
    CHECK(false, "a role of value {}", static_cast<int>(which));
    return {};
}

}  // namespace verdikt::broker::raft
