/// What a replica of the metadata log is set up with.
#pragma once

#include "broker/raft/types.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace verdikt::broker::quorum {

struct quorum_settings {
    /// Who we are and how patient. `self.directory` is that of the metadata log directory, and
    /// `may_vote` is false for a pure broker, which only observes.
    raft::settings replica;
    std::string cluster_id;
    /// controller.quorum.voters: who votes while neither log nor snapshot names anybody. The first
    /// leader writes them into the log; from then on the log decides.
    raft::voter_set voters;
    /// A fetch's answer holds about so much, and at least one batch.
    std::int32_t fetch_bytes_max = 8 << 20;
    std::int32_t snapshot_chunk_bytes = 1 << 20;
    /// What may wait for the disk before this leader gives up.
    std::size_t unwritten_bytes_max = std::size_t{64} << 20;
    /// metadata.log.segment.bytes
    std::int64_t segment_bytes = std::int64_t{1} << 30;
};

}  // namespace verdikt::broker::quorum
