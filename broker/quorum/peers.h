/// How this replica's requests reach the other replicas of the quorum.
#pragma once

#include "broker/raft/messages.h"
#include "runtime/awaitable.h"

#include <optional>

namespace verdikt::broker::quorum {

class peers {
  public:
    virtual ~peers() = default;

    /// The answer, or nothing once it is certain that none will be used: it was lost, it cannot be
    /// read, or `timeout` has passed. May be called again while earlier requests are under way; a
    /// fetch, which the leader may keep for a while, must not hold up a vote.
    [[nodiscard]] virtual runtime::awaitable<std::optional<raft::answer>> ask(
        raft::node_id to, raft::request what, runtime::duration timeout) = 0;

    /// Who votes now, and where each is reached.
    virtual void voters_are(const raft::voter_set& voters) = 0;
};

}  // namespace verdikt::broker::quorum
