#include "tests/unit/runtime/sim_bench.h"

namespace verdikt::runtime {

sim_bench::sim_bench() : node_(universe_.add_node("node")) {
    // The case itself drives the node's environment; the program only keeps it alive.
    node_.start([](environment& env) -> awaitable<void> {
        (void)co_await env.files().create_directories("/case");
        for (;;) co_await env.sleep_for(std::chrono::hours(1));
    });
    universe_.run_for(std::chrono::milliseconds(1));
}

}  // namespace verdikt::runtime
