/// How this replica's requests reach the other replicas of the quorum.
#pragma once

#include "broker/raft/messages.h"
#include "runtime/awaitable.h"

#include <expected>

namespace verdikt::broker::quorum {

/// Why no answer to a request will be used.
enum class no_answer {
    lost,           ///< It was lost, cannot be read, or took too long.
    nobody_listens  ///< Where the node should be: its process has ended.
};

class peers {
  public:
    virtual ~peers() = default;

    using result = std::expected<raft::answer, no_answer>;

    /// The answer, or an error once it is certain that none will be used, at the latest after
    /// `timeout`. May be called again while earlier requests are under way; a fetch, which the
    /// leader may keep for a while, must not hold up a vote.
    [[nodiscard]] virtual runtime::awaitable<result> ask(raft::node_id to,
                                                         raft::request what,
                                                         runtime::duration timeout) = 0;

    /// Who votes now, and where each is reached.
    virtual void voters_are(const raft::voter_set& voters) = 0;
};

}  // namespace verdikt::broker::quorum
