/// When a node that wants to stop has nobody left to ask.
///
/// A controlled shutdown needs a controller, and a controller needs a majority of voters. Where so
/// many processes have ended that there is no majority, as when a whole cluster stops at once,
/// waiting is in vain. Silence does not count: a node that is cut off waits for as long as it may.
#pragma once

#include "kafka/types.h"
#include "runtime/awaitable.h"
#include "runtime/environment.h"

#include <map>

namespace verdikt::broker::server {

/// Returns once the processes of so many voters have ended that the others are no majority.
/// `voters` says where each listens; `self` is not looked for. `world` outlives it.
runtime::awaitable<void> until_quorum_has_ended(runtime::environment& world,
                                                kafka::node_id self,
                                                std::map<kafka::node_id, runtime::endpoint> voters);

}  // namespace verdikt::broker::server
