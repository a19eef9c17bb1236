#include "tests/sim/faults/fault_mix.h"

#include "runtime/check.h"

namespace verdikt::tests {

using namespace std::chrono_literals;
using runtime::sim::disk_operation;
using runtime::sim::node;

fault_mix::fault_mix(runtime::sim::world& universe, std::vector<node*> nodes)
    : universe_(universe), nodes_(std::move(nodes)) {
    for (std::uint64_t& weight : weights_) {
        weight = universe_.random().chance(0.5) ? universe_.random().below(10) : 0;
        weight_total_ += weight;
    }
    universe_.network().set_short_read_chance(universe_.random().fraction() / 2);
    universe_.network().set_retransmission_limit(
        std::chrono::milliseconds(universe_.random().between(200, 5000)));
}

runtime::awaitable<void> fault_mix::strike(runtime::instant until) {
    while (universe_.now() < until) {
        co_await universe_.sleep_for(runtime::duration(universe_.random().between(0, 600'000'000)));
        if (universe_.random().chance(0.3)) heal_everything();
        if (universe_.random().chance(0.5)) restart_the_dead();
        draw_and_apply();
    }
    heal_everything();
    restart_the_dead();
}

void fault_mix::draw_and_apply() {
    if (weight_total_ == 0) return;
    std::uint64_t drawn = universe_.random().below(weight_total_);
    std::size_t kind = 0;
    while (drawn >= weights_[kind]) drawn -= weights_[kind++];
    node& target = *nodes_[universe_.random().below(nodes_.size())];
    node& other = *nodes_[universe_.random().below(nodes_.size())];
    apply(kind, target, other);
}

void fault_mix::apply(std::size_t kind, node& target, node& other) {
    runtime::random_source& random = universe_.random();
    switch (kind) {
        case 0:
            return target.crash();
        case 1:
            return target.power_loss();
        case 2:
            return universe_.network().cut(target, other);
        case 3:
            return universe_.network().isolate(target);
        case 4:
            return universe_.network().reset_connections(target, other);
        case 5:
            return target.disk().set_error_chance(disk_operation::write, random.fraction() / 4);
        case 6:
            return target.disk().fail_next(disk_operation::sync, 1);
        case 7:
            return target.disk().hang();
        case 8:
            return target.set_clock_drift(random.between(-100'000, 100'000));
        case 9:
            return target.disk().set_capacity(target.disk().used() + random.below(20'000));
        default:
            CHECK(false, "no fault of kind {}", kind);
    }
}

void fault_mix::heal_everything() {
    universe_.network().heal_all();
    for (node* each : nodes_) {
        each->disk().heal();
        each->jump_wall_clock(runtime::duration(universe_.random().between(-1'000'000, 1'000'000)));
    }
}

void fault_mix::restart_the_dead() {
    for (node* each : nodes_) {
        if (!each->running()) each->restart();
    }
}

}  // namespace verdikt::tests
