#include "broker/link/node_links.h"
#include "kafka/messages/add_raft_voter.h"
#include "kafka/messages/remove_raft_voter.h"
#include "tests/sim/cluster/cluster_administrator.h"

namespace verdikt::tests {

using namespace std::chrono_literals;
using runtime::awaitable;
namespace messages = kafka::messages;

namespace {

constexpr std::uint16_t controller_port = 9093;

}  // namespace

std::optional<std::vector<kafka::node_id>> cluster_administrator::missing_voters() const {
    const int active = watch_.controller();
    if (active == 0) return std::nullopt;
    const auto* const here = machines_.at(static_cast<std::size_t>(active - 1)).services();
    if (here == nullptr) return std::nullopt;
    std::vector<kafka::node_id> missing;
    for (int number = 1; number <= plan_.shape.controllers; ++number) {
        const kafka::node_id node(number);
        if (!here->quorum.replica().log().voters().contains(node)) missing.push_back(node);
    }
    return missing;
}

/// One at a time: a quorum that has lost a voter gets it back before it loses another.
awaitable<void> cluster_administrator::change_voters(runtime::environment& world) {
    const auto missing = missing_voters();
    if (!missing) co_return;
    if (!missing->empty()) co_return co_await add_voter(world, missing->front());
    co_await remove_voter(
        world,
        kafka::node_id(static_cast<int>(world.random().between(1, plan_.shape.controllers))));
}

template <typename Response, typename Request>
awaitable<void> cluster_administrator::ask_controller(runtime::environment& world, Request what) {
    const int active = watch_.controller();
    if (active == 0) co_return;
    const kafka::node_id to(active);
    broker::link::node_links links(world, {.client_id = "administrator"});
    links.set_address(to, {.host = cluster_host(active), .port = controller_port});
    std::exception_ptr cut_short;
    try {
        (void)co_await links.call<Response>(
            {.node = to, .over = broker::link::channel::controller}, std::move(what), 4s);
    } catch (...) {
        cut_short = std::current_exception();
    }
    co_await links.stop();
    if (cut_short) std::rethrow_exception(cut_short);
}

awaitable<void> cluster_administrator::remove_voter(runtime::environment& world,
                                                    kafka::node_id which) {
    const auto* const there = machines_.at(static_cast<std::size_t>(which.value() - 1)).services();
    if (there == nullptr) co_return;
    const kafka::uuid directory = there->quorum.key().directory;
    directories_[which] = directory;
    co_await ask_controller<messages::remove_raft_voter_response>(
        world,
        messages::remove_raft_voter_request{
            .cluster_id = "storm", .voter_id = which.value(), .voter_directory_id = directory});
}

awaitable<void> cluster_administrator::add_voter(runtime::environment& world,
                                                 kafka::node_id which) {
    co_await ask_controller<messages::add_raft_voter_response>(
        world,
        messages::add_raft_voter_request{.cluster_id = "storm",
                                         .timeout_ms = 3'000,
                                         .voter_id = which.value(),
                                         .voter_directory_id = directories_.at(which),
                                         .listeners = {{.name = "CONTROLLER",
                                                        .host = cluster_host(which.value()),
                                                        .port = controller_port}}});
}

}  // namespace verdikt::tests
