#include "tests/sim/load/storm.h"

#include "tests/sim/faults/fault_mix.h"
#include "tests/sim/load/wire_producer.h"

namespace verdikt::tests {

namespace {

using namespace std::chrono_literals;
using runtime::awaitable;
using runtime::environment;
using runtime::sim::node;

awaitable<void> produce(environment& world, produce_history& history, runtime::instant until) {
    std::list<wire_producer> producers;
    runtime::scope running(world.get_executor());
    for (int index = 0; index < 4; ++index) {
        const auto kind = index % 2 == 0 ? delivery::at_most_once : delivery::exactly_once;
        producers.emplace_back(world, history, fmt::format("p{}", index), kind);
        running.spawn(producers.back().run(until));
    }
    co_await running.join();
}

/// Now and then somebody stops the broker as one should.
awaitable<void> stop_at_times(runtime::sim::world& universe,
                              node& on,
                              broker_program& program,
                              runtime::instant until) {
    while (universe.now() < until) {
        co_await universe.sleep_for(runtime::duration(universe.random().between(1, 8) * 1s));
        if (on.running()) program.stop_cleanly();
    }
}

/// A broker that ended, because its disk failed or because it was asked to, is started again.
awaitable<void> keep_running(runtime::sim::world& universe, node& on, node& clients) {
    while (clients.running()) {
        co_await universe.sleep_for(500ms);
        if (!on.running()) on.restart();
    }
}

void come_to_rest(runtime::sim::world& universe, node& on) {
    on.power_loss();
    on.restart();
    universe.run_for(5s);
}

}  // namespace

storm_outcome run_storm(runtime::sim::world& universe,
                        broker_program& program,
                        runtime::duration span) {
    produce_history history;
    node& on = universe.add_node("broker");
    node& clients = universe.add_node("clients");
    on.start([&program](environment& world) { return program.run(world); });
    universe.run_for(100ms);
    const runtime::instant faults_end = universe.now() + span;
    // Peace at the end, so that every seed has something to lose.
    const runtime::instant until = faults_end + 2s;
    clients.start([&](environment& world) { return produce(world, history, until); });

    fault_mix faults(universe, {&on});
    universe.run([](runtime::sim::world& in,
                    node& broker_node,
                    node& client_node,
                    broker_program& what,
                    fault_mix& striking,
                    runtime::instant end) -> awaitable<void> {
        runtime::scope running(in.get_executor());
        running.spawn(striking.strike(end));
        running.spawn(stop_at_times(in, broker_node, what, end));
        co_await running.join();
        co_await keep_running(in, broker_node, client_node);
    }(universe, on, clients, program, faults, faults_end));

    come_to_rest(universe, on);
    std::map<std::int32_t, log_content> content;
    clients.start([&content](environment& world) -> awaitable<void> {
        content = co_await read_partitions(world, 3);
    });
    universe.run(clients.until_stopped());
    return {.violations = history.violations(content),
            .acknowledgements = history.acknowledgements(),
            .deaths = on.starts() - 1,
            .clean_ends = program.clean_ends(),
            .disk_failures = program.failures(),
            .sectors_lost = on.disk().counted().sectors_lost};
}

}  // namespace verdikt::tests
