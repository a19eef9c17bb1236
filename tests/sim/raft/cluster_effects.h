/// One event of a replica, from the event to the last of its effects. Included by cluster_*.cpp
/// only.
#pragma once

#include "tests/sim/raft/cluster.h"

namespace verdikt::broker::raft {

template <typename Event>
void cluster::step(node_id which, Event event) {
    node& target = nodes_.at(which);
    const before_step before = look(*target.core);
    effects out;
    event(*target.core, moment_of(target), out);
    target.core->check_invariants();
    observe(which, before, out);
    carry_out(which, out);
}

}  // namespace verdikt::broker::raft
