#include "broker/server/end_of_quorum.h"

#include "broker/link/presence.h"

#include <chrono>
#include <cstddef>

namespace verdikt::broker::server {

namespace {

constexpr std::chrono::milliseconds look_interval{200};
/// One that is just being started again refuses for a moment, too.
constexpr int looks_in_a_row = 3;

runtime::awaitable<std::size_t> count_ended(
    runtime::environment& world,
    kafka::node_id self,
    const std::map<kafka::node_id, runtime::endpoint>& voters) {
    std::size_t ended = 0;
    for (const auto& [node, at] : voters) {
        if (node == self) continue;
        const link::presence found = co_await link::look_for_listener(world, at, look_interval);
        if (found == link::presence::refused) ++ended;
    }
    co_return ended;
}

}  // namespace

runtime::awaitable<void> until_quorum_has_ended(
    runtime::environment& world,
    kafka::node_id self,
    std::map<kafka::node_id, runtime::endpoint> voters) {
    const std::size_t majority = voters.size() / 2 + 1;
    for (int in_vain = 0; in_vain < looks_in_a_row;) {
        co_await world.sleep_for(look_interval);
        const std::size_t ended = co_await count_ended(world, self, voters);
        in_vain = voters.size() - ended < majority ? in_vain + 1 : 0;
    }
}

}  // namespace verdikt::broker::server
