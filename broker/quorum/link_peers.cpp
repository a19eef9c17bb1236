#include "broker/quorum/link_peers.h"

#include "broker/raft/wire/fetch_messages.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace verdikt::broker::quorum {
namespace {

namespace messages = kafka::messages;

/// Those that broker/raft/wire is written for.
constexpr std::int16_t vote_version = 2;
constexpr std::int16_t epoch_version = 1;
constexpr std::int16_t fetch_version = 17;
constexpr std::int16_t fetch_snapshot_version = 1;

}  // namespace

link_peers::link_peers(link::node_links& links,
                       const quorum_settings& settings,
                       std::string listener)
    : links_(links),
      cluster_(settings.cluster_id),
      self_(settings.replica.self.id),
      configured_(settings.voters),
      fetch_bytes_max_(settings.fetch_bytes_max),
      snapshot_chunk_bytes_(settings.snapshot_chunk_bytes),
      listener_(std::move(listener)) {}

runtime::awaitable<peers::result> link_peers::ask(raft::node_id to,
                                                  raft::request what,
                                                  runtime::duration timeout) {
    using raft::wire::to_wire;
    const link::destination quick{to, link::channel::quorum};
    const link::destination slow{to, link::channel::quorum_fetch};
    if (const auto* vote = std::get_if<raft::vote_request>(&what)) {
        return call<messages::vote_response>(
            quick, to_wire(*vote, cluster_), timeout, vote_version);
    }
    if (const auto* begin = std::get_if<raft::begin_epoch_request>(&what)) {
        return call<messages::begin_quorum_epoch_response>(
            quick, to_wire(*begin, cluster_), timeout, epoch_version);
    }
    if (const auto* end = std::get_if<raft::end_epoch_request>(&what)) {
        return call<messages::end_quorum_epoch_response>(
            quick, to_wire(*end, cluster_), timeout, epoch_version);
    }
    if (const auto* fetch = std::get_if<raft::fetch_request>(&what)) {
        return call<messages::fetch_response>(
            slow, to_wire(*fetch, cluster_, fetch_bytes_max_), timeout, fetch_version);
    }
    const auto& snapshot = std::get<raft::fetch_snapshot_request>(what);
    return call<messages::fetch_snapshot_response>(
        slow, to_wire(snapshot, cluster_, snapshot_chunk_bytes_), timeout, fetch_snapshot_version);
}

template <typename Response, typename Request>
runtime::awaitable<peers::result> link_peers::call(link::destination to,
                                                   Request request,
                                                   runtime::duration timeout,
                                                   std::int16_t version) {
    const auto answered = co_await links_.call<Response>(to, std::move(request), timeout, version);
    if (!answered) {
        const bool refused = answered.error().why == link::link_errc::refused;
        co_return std::unexpected(refused ? no_answer::nobody_listens : no_answer::lost);
    }
    for (const auto& each : answered->message.node_endpoints) {
        const raft::node_id node(each.node_id);
        learn_address(node, {.host = each.host, .port = static_cast<std::uint16_t>(each.port)});
    }
    auto read = raft::wire::from_wire(answered->message);
    if (!read) co_return std::unexpected(no_answer::lost);
    co_return raft::answer(*std::move(read));
}

void link_peers::voters_are(const raft::voter_set& voters) {
    for (const auto& [node, entry] : voters.all()) {
        if (entry.endpoints.empty()) continue;
        const auto named = std::ranges::find(entry.endpoints, listener_, &raft::endpoint::name);
        const raft::endpoint& at =
            named == entry.endpoints.end() ? entry.endpoints.front() : *named;
        learn_address(node, {.host = at.host, .port = at.port});
    }
}

/// Configuration knows better: the quorum hears last that a node has moved.
void link_peers::learn_address(raft::node_id node, runtime::endpoint at) {
    if (node == self_) return;
    const auto configured = configured_.all().find(node);
    if (configured != configured_.all().end() && !configured->second.endpoints.empty()) {
        const raft::endpoint& known = configured->second.endpoints.front();
        at = {.host = known.host, .port = known.port};
    }
    links_.set_address(node, std::move(at));
}

}  // namespace verdikt::broker::quorum
