#include "tests/sim/load/broker_program.h"

#include "broker/server/broker.h"

#include <fmt/format.h>

namespace verdikt::tests {

broker_program::broker_program() {
    set("listeners", fmt::format("PLAINTEXT://broker:{}", broker_port));
    set("log.dirs", "/data");
    set("offsets.topic.num.partitions", "2");
    set("num.partitions", "3");
    set("group.initial.rebalance.delay.ms", "0");
}

runtime::awaitable<void> broker_program::run(runtime::environment& world) {
    const auto ended = co_await broker::server::run_broker(world, config_, stop_requested_);
    ++(ended ? clean_ends_ : failures_);
}

}  // namespace verdikt::tests
