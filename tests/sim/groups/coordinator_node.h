/// A program of the simulated world: storage, a group coordinator over it, and the group's members.
#pragma once

#include "runtime/environment.h"
#include "tests/sim/groups/restless_member.h"

#include <list>

namespace verdikt::tests {

struct coordinator_node {
    group_history& history;
    std::list<restless_member>& members;
    /// Whether a commit counts only once it is on stable storage, as it should.
    bool durable = true;
    /// How many lives the node has had; also the leader epoch of the next.
    std::int32_t lives = 0;
    bool calm = false;

    /// Runs until it is cancelled. Throws if the log directory cannot be opened.
    runtime::awaitable<void> run(runtime::environment& world);
};

}  // namespace verdikt::tests
