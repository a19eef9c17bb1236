#include "broker/quorum/host_parts.h"

#include <utility>

namespace verdikt::broker::quorum {

runtime::awaitable<std::optional<quorum_host::parts::served>> quorum_host::parts::serve(
    raft::request what, std::size_t bytes_max) {
    if (!takes_part()) co_return std::nullopt;
    const raft::ticket mine(++last_ticket_);
    waiter<std::optional<served>> waiting{.bytes_max = bytes_max};
    const listed<std::optional<served>> entry(waiting_, mine, waiting);
    step([&](raft::replica& core, const raft::moment& at, raft::effects& out) {
        core.receive(mine, what, at, out);
    });
    co_return co_await waiting.arrived.wait();
}

runtime::awaitable<kafka::error_code> quorum_host::parts::change_voters(voter_change change,
                                                                        runtime::duration timeout) {
    if (!takes_part()) co_return kafka::error_code::not_leader_or_follower;
    const raft::ticket mine(++last_ticket_);
    waiter<kafka::error_code> waiting;
    const listed<kafka::error_code> entry(changing_, mine, waiting);
    step([&](raft::replica& core, const raft::moment& at, raft::effects& out) {
        change(core, mine, {.at = at, .timeout = timeout}, out);
    });
    co_return co_await waiting.arrived.wait();
}

}  // namespace verdikt::broker::quorum
