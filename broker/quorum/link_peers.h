/// The other replicas of the quorum, over the links between nodes.
#pragma once

#include "broker/link/node_links.h"
#include "broker/quorum/peers.h"
#include "broker/quorum/quorum_settings.h"
#include "broker/raft/wire/election_messages.h"

#include <string>

namespace verdikt::broker::quorum {

class link_peers final : public peers {
  public:
    /// `links` outlives it. Of a voter's endpoints the one with `listener`'s name is used, or the
    /// first. Where `settings.voters` has a voter, it is reached as is said there: configuration
    /// may know that a node has moved before the quorum can.
    link_peers(link::node_links& links, const quorum_settings& settings, std::string listener);

    [[nodiscard]] runtime::awaitable<result> ask(raft::node_id to,
                                                 raft::request what,
                                                 runtime::duration timeout) override;
    void voters_are(const raft::voter_set& voters) override;

  private:
    template <typename Response, typename Request>
    [[nodiscard]] runtime::awaitable<result> call(link::destination to,
                                                  Request request,
                                                  runtime::duration timeout,
                                                  std::int16_t version);
    void learn_address(raft::node_id node, runtime::endpoint at);

    link::node_links& links_;
    raft::wire::cluster_id cluster_;
    raft::node_id self_;
    raft::voter_set configured_;
    std::int32_t fetch_bytes_max_;
    std::int32_t snapshot_chunk_bytes_;
    std::string listener_;
};

}  // namespace verdikt::broker::quorum
