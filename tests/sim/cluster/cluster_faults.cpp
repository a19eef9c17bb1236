#include "tests/sim/cluster/cluster_faults.h"

#include "runtime/check.h"

#include <numeric>

namespace verdikt::tests {

using namespace std::chrono_literals;
using runtime::awaitable;
using runtime::sim::disk_operation;
using runtime::sim::node;

cluster_faults::cluster_faults(runtime::sim::world& universe,
                               std::deque<cluster_machine>& machines,
                               std::vector<node*>& clients,
                               const cluster_watch& watch,
                               std::string topic)
    : universe_(universe),
      machines_(machines),
      clients_(clients),
      watch_(watch),
      topic_(std::move(topic)) {
    runtime::random_source& random = universe_.random();
    for (std::uint64_t& weight : weights_) weight = random.chance(0.6) ? random.below(10) : 0;
    disks_fail_ = random.chance(0.3);
    pause_max_ = std::chrono::milliseconds(random.between(500, 5'000));
    universe_.network().set_short_read_chance(random.fraction() / 4);
    universe_.network().set_retransmission_limit(
        std::chrono::milliseconds(random.between(1'000, 20'000)));
}

awaitable<void> cluster_faults::rage(runtime::duration span) {
    const runtime::instant until = universe_.now() + span;
    runtime::random_source& random = universe_.random();
    while (universe_.now() < until) {
        if (random.chance(0.08)) {
            mend();
            restart_the_dead();
            co_await universe_.sleep_for(std::chrono::milliseconds(random.between(1'000, 8'000)));
        }
        co_await universe_.sleep_for(runtime::duration(random.between(0, pause_max_.count())));
        if (random.chance(0.4)) mend();
        if (random.chance(0.6)) restart_the_dead();
        strike();
    }
}

void cluster_faults::mend() {
    universe_.network().heal_all();
    std::vector<node*> all = clients_;
    for (cluster_machine& each : machines_) {
        all.push_back(each.machine);
        each.machine->disk().heal();
    }
    for (const node* one : all) {
        for (const node* other : all) universe_.network().set_link(*one, *other, {});
    }
}

void cluster_faults::restart_the_dead() {
    for (cluster_machine& each : machines_) {
        if (!each.machine->running() && each.machine != left_alone_) each.machine->restart();
    }
    for (node* each : clients_) {
        if (!each->running()) each->restart();
    }
}

void cluster_faults::strike() {
    const std::uint64_t total = std::accumulate(weights_.begin(), weights_.end(), std::uint64_t{0});
    if (total == 0) return;
    std::uint64_t drawn = universe_.random().below(total);
    std::size_t kind = 0;
    while (drawn >= weights_.at(kind)) drawn -= weights_.at(kind++);
    cluster_machine& target = draw_target();
    apply(kind, target, draw_other(*target.machine));
}

/// Often somebody who matters.
cluster_machine& cluster_faults::draw_target() {
    runtime::random_source& random = universe_.random();
    int drawn = 0;
    if (random.chance(0.25)) drawn = watch_.controller();
    if (drawn == 0 && random.chance(0.25)) drawn = watch_.leader_of(topic_, random.below(3));
    if (drawn == 0) drawn = static_cast<int>(random.between(1, cluster_size));
    return machines_.at(static_cast<std::size_t>(drawn - 1));
}

node& cluster_faults::draw_other(const node& than) {
    if (universe_.random().chance(0.3))
        return *clients_.at(universe_.random().below(clients_.size()));
    cluster_machine& drawn = machines_.at(universe_.random().below(machines_.size()));
    const auto next = static_cast<std::size_t>(drawn.id().value()) % machines_.size();
    return drawn.machine == &than ? *machines_.at(next).machine : *drawn.machine;
}

void cluster_faults::apply(std::size_t kind, cluster_machine& target, node& other) {
    runtime::random_source& random = universe_.random();
    node& machine = *target.machine;
    switch (kind) {
        case 0:
            return machine.crash();
        case 1:
            return random.chance(0.15) ? black_out() : machine.power_loss();
        case 2:
            return target.stop_cleanly();
        case 3:
            return clients_.at(random.below(clients_.size()))->crash();
        case 4:
            return machine.set_clock_drift(random.between(-100'000, 100'000));
        case 5:
            return machine.jump_wall_clock(
                std::chrono::milliseconds(random.between(-2'000, 2'000)));
        default:
            return kind < 12 ? apply_to_links(kind, machine, other)
                             : apply_to_disk(kind, machine.disk());
    }
}

void cluster_faults::black_out() {
    for (cluster_machine& each : machines_) each.machine->power_loss();
}

void cluster_faults::apply_to_links(std::size_t kind, node& target, node& other) {
    runtime::sim::network_faults& network = universe_.network();
    runtime::random_source& random = universe_.random();
    switch (kind) {
        case 6:
            return random.chance(0.5) ? network.cut(target, other) : network.cut(other, target);
        case 7:
            return network.cut_both_ways(target, other);
        case 8:
            return network.isolate(target);
        case 9:
            return random.chance(0.5) ? network.reset_connections(target, other)
                                      : network.reset_one_end(target, other);
        case 10:
            return network.set_link(
                target, other, {.delay = std::chrono::milliseconds(random.between(1, 400))});
        case 11:
            return network.set_link(
                target,
                other,
                {.straggler_chance = 0.2,
                 .straggler_delay = std::chrono::milliseconds(random.between(200, 4'000))});
        default:
            CHECK(false, "no fault of links of kind {}", kind);
    }
}

void cluster_faults::apply_to_disk(std::size_t kind, runtime::sim::disk& which) {
    runtime::random_source& random = universe_.random();
    if (kind >= 14 && !disks_fail_) return slow_disk(which);
    switch (kind) {
        case 12:
            return slow_disk(which);
        case 13:
            return which.hang();
        case 14:
            return which.fail_next(disk_operation::sync, 1);
        case 15:
            return which.set_error_chance(disk_operation::write, random.fraction() / 4);
        case 16:
            return which.set_capacity(which.used() + random.below(20'000));
        default:
            CHECK(false, "no fault of disks of kind {}", kind);
    }
}

void cluster_faults::slow_disk(runtime::sim::disk& which) {
    const runtime::duration base = std::chrono::milliseconds(universe_.random().between(5, 300));
    which.set_latency(disk_operation::sync, {.base = base, .jitter = base});
    which.set_latency(disk_operation::write, {.base = base / 20, .jitter = base / 10});
}

}  // namespace verdikt::tests
