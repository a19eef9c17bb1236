/// What the state machine above the metadata log hears of the quorum.
///
/// `load`, `apply` and `ready` come one after another, in the order of the log, from one coroutine.
/// `leadership_lost`, `leader_changed` and `failed` come at once and may overtake them; but a
/// `leadership_lost` always follows the `ready` that it ends (where the leadership ends before its
/// `ready` was delivered, neither is). All of them may call the host.
#pragma once

#include "broker/quorum/frames.h"
#include "broker/raft/types.h"
#include "runtime/awaitable.h"

#include <optional>
#include <string_view>
#include <vector>

namespace verdikt::broker::quorum {

/// A batch of the metadata log. It was appended whole, and is committed whole.
struct committed_batch {
    raft::offset base;
    raft::leader_epoch epoch;
    std::int32_t record_count = 0;
    /// A record of the quorum's own, which the state machine skips.
    bool control = false;
    /// Kafka's record batch, its checksum verified. `frames_in` reads it.
    raft::payload bytes;

    [[nodiscard]] raft::offset end() const { return base + record_count; }
};

struct loaded_snapshot {
    raft::snapshot_id id;
    std::vector<frame> frames;
};

class quorum_listener {
  public:
    virtual ~quorum_listener() = default;

    /// The state starts again from this snapshot; what is applied next follows from its end on.
    virtual runtime::awaitable<void> load(loaded_snapshot from) = 0;
    /// Each batch once, without a gap, from offset 0 or the end of a snapshot on.
    virtual runtime::awaitable<void> apply(std::vector<committed_batch> batches) = 0;
    /// This node leads, and everything below `log_end` is committed and has been applied. It may
    /// append from now on.
    virtual void ready(raft::leader_epoch epoch, raft::offset log_end) = 0;

    /// What was appended in that epoch and has not been applied may or may not survive.
    virtual void leadership_lost(raft::leader_epoch epoch) = 0;
    virtual void leader_changed(raft::leader_epoch epoch, std::optional<raft::node_id> leader) = 0;
    /// The replica has stopped for good: its disk failed, or what lies on it cannot be true. The
    /// node should give up.
    virtual void failed(std::string_view why) = 0;
};

}  // namespace verdikt::broker::quorum
