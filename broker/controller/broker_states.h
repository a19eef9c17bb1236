/// What becomes of partitions when a broker comes, goes, or loses a disk. Each function appends all
/// that follows, so that it takes effect together with its cause or not at all.
#pragma once

#include "broker/controller/draft.h"
#include "kafka/types.h"

#include <optional>
#include <vector>

namespace verdikt::broker::controller {

/// Takes the broker out of every in-sync set and its leaderships away. Its replicas stay eligible
/// where they may be the last that are complete. Requires: registered, not fenced.
void fence_broker(draft& into, kafka::node_id which);

/// Lets the broker lead and join in-sync sets, and leads what waited for it. Requires: fenced.
void unfence_broker(draft& into, kafka::node_id which);

/// Takes leaderships and memberships away as `fence_broker` does, while the broker still serves.
/// Requires: active.
void begin_controlled_shutdown(draft& into, kafka::node_id which);

/// The replicas of this broker may have lost what they acknowledged: out of in-sync and eligible
/// sets alike. Whoever then elects them knows what that means.
void drop_replicas(draft& into, kafka::node_id which);

/// The broker's process ended cleanly: its replicas leave the in-sync sets as if it were fenced,
/// but for those on directories that it no longer has, which are dropped.
void retire_replicas(draft& into, kafka::node_id which);

/// These directories of the broker failed. If none is left, the broker is fenced.
void fail_directories(draft& into,
                      kafka::node_id which,
                      const std::vector<kafka::uuid>& directories);

}  // namespace verdikt::broker::controller
