#include "tests/sim/client/client_storm.h"

#include "broker/server/broker.h"
#include "tests/sim/client_programs/impatient_client.h"

#include <numeric>

namespace verdikt::tests {

using namespace std::chrono_literals;
using runtime::awaitable;
using runtime::sim::disk_operation;

client_storm::client_storm(std::uint64_t seed)
    : universe(seed), broker(universe.add_node("broker")) {
    set("listeners", "PLAINTEXT://broker:9092");
    set("log.dirs", "/data");
    set("group.initial.rebalance.delay.ms", "100");
    set("offsets.topic.num.partitions", "2");
    set("num.partitions", "3");
    runtime::random_source& random = universe.random();
    for (std::uint64_t& weight : weights_) weight = random.chance(0.5) ? random.below(10) : 0;
    universe.network().set_short_read_chance(random.fraction() / 2);
    universe.network().set_retransmission_limit(
        std::chrono::milliseconds(random.between(1'000, 20'000)));
}

runtime::sim::node& client_storm::add_client(std::string name, bool crashes) {
    runtime::sim::node& added = universe.add_node(std::move(name));
    clients_.push_back({.machine = &added, .crashes = crashes});
    return added;
}

client::client_config client_storm::client_config() {
    return impatient_client({"broker:9092"});
}

void client_storm::start_broker() {
    broker.start([this](runtime::environment& world) { return run_broker(world); });
    universe.run_for(1s);
}

awaitable<void> client_storm::run_broker(runtime::environment& world) {
    const auto ended = co_await broker::server::run_broker(world, config_, never_);
    // Whatever the disk did, a broker that starts on what it left behind comes up.
    if (!ended) universe.mark("broker ended: " + ended.error());
}

awaitable<void> client_storm::rage(runtime::duration span) {
    const auto until = universe.now() + span;
    runtime::random_source& random = universe.random();
    while (universe.now() < until) {
        co_await universe.sleep_for(std::chrono::milliseconds(random.between(0, 1'500)));
        if (random.chance(0.4)) heal();
        if (random.chance(0.6)) restart_the_dead();
        strike();
    }
    heal();
    restart_the_dead();
}

awaitable<void> client_storm::cut_the_power() {
    broker.power_loss();
    co_await universe.sleep_for(100ms);
    broker.restart();
    co_await universe.sleep_for(1s);
}

void client_storm::strike() {
    const std::uint64_t total = std::accumulate(weights_.begin(), weights_.end(), std::uint64_t{0});
    if (total == 0) return;
    std::uint64_t drawn = universe.random().below(total);
    std::size_t kind = 0;
    while (drawn >= weights_[kind]) drawn -= weights_[kind++];
    apply(static_cast<trouble>(kind), clients_[universe.random().below(clients_.size())]);
}

runtime::sim::link_settings client_storm::bad_link() {
    runtime::random_source& random = universe.random();
    return {.delay = std::chrono::milliseconds(random.between(1, 400)),
            .jitter = std::chrono::milliseconds(random.between(1, 200)),
            .bytes_per_second = static_cast<std::uint64_t>(random.between(20'000, 1'000'000))};
}

void client_storm::apply(trouble what, const client_machine& at) {
    runtime::sim::network_faults& network = universe.network();
    runtime::random_source& random = universe.random();
    ++counts_[static_cast<std::size_t>(what)];
    switch (what) {
        case trouble::broker_crash:
            return broker.crash();
        case trouble::broker_power_loss:
            return broker.power_loss();
        case trouble::client_crash:
            if (at.crashes) at.machine->crash();
            return;
        case trouble::cut_one_way:
            return random.chance(0.5) ? network.cut(broker, *at.machine)
                                      : network.cut(*at.machine, broker);
        case trouble::cut_both_ways:
            return network.cut_both_ways(broker, *at.machine);
        case trouble::reset_both_ends:
            return network.reset_connections(broker, *at.machine);
        case trouble::reset_one_end:
            return random.chance(0.5) ? network.reset_one_end(broker, *at.machine)
                                      : network.reset_one_end(*at.machine, broker);
        case trouble::slow_link:
            return random.chance(0.5) ? network.set_link(broker, *at.machine, bad_link())
                                      : network.set_link(*at.machine, broker, bad_link());
        case trouble::stragglers:
            return network.set_link(
                *at.machine,
                broker,
                {.straggler_chance = 0.2,
                 .straggler_delay = std::chrono::milliseconds(random.between(200, 4'000))});
        case trouble::refused_connections:
            return network.refuse_connections(broker, true);
        case trouble::disk_hang:
            return broker.disk().hang();
        case trouble::failed_sync:
            return broker.disk().fail_next(disk_operation::sync, 1);
    }
}

void client_storm::heal() {
    universe.network().heal_all();
    universe.network().refuse_connections(broker, false);
    for (const client_machine& each : clients_) {
        universe.network().set_link(broker, *each.machine, {});
        universe.network().set_link(*each.machine, broker, {});
    }
    broker.disk().heal();
}

void client_storm::restart_the_dead() {
    if (!broker.running()) broker.restart();
    for (const client_machine& each : clients_) {
        if (each.crashes && !each.machine->running()) each.machine->restart();
    }
}

}  // namespace verdikt::tests
