#include "tests/sim/cluster/cluster_faults.h"

#include "runtime/check.h"

#include <numeric>
#include <span>

namespace verdikt::tests {

using namespace std::chrono_literals;
using runtime::awaitable;
using runtime::sim::disk_operation;
using runtime::sim::node;

namespace {

std::size_t draw_weighted(runtime::random_source& random, std::span<const std::uint64_t> weights) {
    const std::uint64_t total = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
    CHECK(total > 0);
    std::uint64_t drawn = random.below(total);
    std::size_t at = 0;
    while (drawn >= weights[at]) drawn -= weights[at++];
    return at;
}

}  // namespace

cluster_faults::cluster_faults(runtime::sim::world& universe,
                               std::deque<cluster_machine>& machines,
                               std::vector<node*>& clients,
                               const cluster_watch& watch,
                               cluster_marks& into)
    : universe_(universe),
      machines_(machines),
      clients_(clients),
      watch_(watch),
      marks_(into),
      passing_(universe.get_executor()) {
    runtime::random_source& random = universe_.random();
    for (std::uint64_t& weight : weights_) weight = random.chance(0.6) ? random.below(10) : 0;
    for (std::uint64_t& weight : aims_) weight = random.chance(0.5) ? random.below(10) : 0;
    aims_.front() += 1;
    // More often where that is not the end of a broker.
    disks_fail_ = random.chance(machines_.front().disks().size() > 1 ? 0.7 : 0.3);
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
    co_await passing_.cancel_and_join();
}

void cluster_faults::mend() {
    universe_.network().heal_all();
    std::vector<node*> all = clients_;
    for (cluster_machine& each : machines_) {
        all.push_back(&each.machine());
        for (runtime::sim::disk* const disk : each.disks()) disk->heal();
    }
    for (const node* one : all) {
        for (const node* other : all) universe_.network().set_link(*one, *other, {});
    }
}

void cluster_faults::restart_the_dead() {
    for (cluster_machine& each : machines_) {
        if (!each.running() && &each.machine() != left_alone_) each.machine().restart();
    }
    for (node* each : clients_) {
        if (!each->running()) each->restart();
    }
}

void cluster_faults::bring_everything_back() {
    restart_the_dead();
    for (cluster_machine& each : machines_) {
        if (each.is_maimed()) each.stop_cleanly();
    }
}

void cluster_faults::strike() {
    if (std::accumulate(weights_.begin(), weights_.end(), std::uint64_t{0}) == 0) return;
    const auto which = static_cast<kind>(draw_weighted(universe_.random(), weights_));
    cluster_machine& target = draw_target();
    apply(which, target, draw_other(target.machine()));
}

cluster_machine& cluster_faults::draw_target() {
    runtime::random_source& random = universe_.random();
    int drawn = watch_.find(static_cast<role>(draw_weighted(random, aims_)), random);
    if (drawn == 0)
        drawn = static_cast<int>(random.between(1, static_cast<std::int64_t>(machines_.size())));
    return machines_.at(static_cast<std::size_t>(drawn - 1));
}

node& cluster_faults::draw_other(const node& than) {
    if (universe_.random().chance(0.3))
        return *clients_.at(universe_.random().below(clients_.size()));
    cluster_machine& drawn = machines_.at(universe_.random().below(machines_.size()));
    const auto next = static_cast<std::size_t>(drawn.id().value()) % machines_.size();
    return &drawn.machine() == &than ? machines_.at(next).machine() : drawn.machine();
}

void cluster_faults::kill(cluster_machine& which, bool with_its_power) {
    if (which.is_starting()) marks_.count(mark::killed_while_starting);
    if (which.is_stopping()) marks_.count(mark::killed_while_stopping);
    with_its_power ? which.machine().power_loss() : which.machine().crash();
}

void cluster_faults::apply(kind which, cluster_machine& target, node& other) {
    runtime::random_source& random = universe_.random();
    node& machine = target.machine();
    switch (which) {
        case kind::crash:
            return kill(target, false);
        case kind::power_loss:
            return random.chance(0.15) ? black_out() : kill(target, true);
        case kind::stop:
            return target.stop_cleanly();
        case kind::roll:
            if (!is_rolling_) passing_.spawn(roll_all());
            return;
        case kind::client_crash:
            return clients_.at(random.below(clients_.size()))->crash();
        case kind::clock_drift:
            return machine.set_clock_drift(random.between(-100'000, 100'000));
        case kind::wall_clock_jump:
            return machine.jump_wall_clock(
                std::chrono::milliseconds(random.between(-2'000, 2'000)));
        default:
            return which < kind::slow_disk ? apply_to_links(which, machine, other)
                                           : apply_to_disk(which, target);
    }
}

void cluster_faults::black_out() {
    for (cluster_machine& each : machines_) kill(each, true);
}

/// What an upgrade does: one after the other stops in good order, and comes back.
awaitable<void> cluster_faults::roll_all() {
    is_rolling_ = true;
    for (cluster_machine& each : machines_) {
        each.stop_cleanly();
        for (int tenth = 0; tenth < 80 && each.running(); ++tenth)
            co_await universe_.sleep_for(100ms);
        if (!each.running()) each.machine().restart();
        co_await universe_.sleep_for(1s);
    }
    marks_.count(mark::rolling_restart);
    is_rolling_ = false;
}

void cluster_faults::apply_to_links(kind which, node& target, node& other) {
    runtime::sim::network_faults& network = universe_.network();
    runtime::random_source& random = universe_.random();
    switch (which) {
        case kind::cut_one_way:
            return random.chance(0.5) ? network.cut(target, other) : network.cut(other, target);
        case kind::cut:
            return network.cut_both_ways(target, other);
        case kind::isolate:
            return network.isolate(target);
        case kind::reset:
            return random.chance(0.5) ? network.reset_connections(target, other)
                                      : network.reset_one_end(target, other);
        case kind::delay:
            return network.set_link(
                target, other, {.delay = std::chrono::milliseconds(random.between(1, 400))});
        case kind::stragglers:
            return network.set_link(
                target,
                other,
                {.straggler_chance = 0.2,
                 .straggler_delay = std::chrono::milliseconds(random.between(200, 4'000))});
        default:
            CHECK(false, "no fault of links");
    }
}

void cluster_faults::apply_to_disk(kind which, cluster_machine& target) {
    runtime::random_source& random = universe_.random();
    // The last one is the one that a broker with several can live without.
    runtime::sim::disk& disk = *target.disks().at(random.below(target.disks().size()));
    switch (which) {
        case kind::slow_disk:
            return slow(disk);
        case kind::hang:
            return hang(target, disk);
        case kind::brief_hang:
            hang(target, disk);
            return passing_.spawn(thaw_later(disk));
        case kind::fail_sync:
            return disks_fail_ ? disk.fail_next(disk_operation::sync, 1) : slow(disk);
        case kind::fail_writes:
            return disks_fail_ ? disk.set_error_chance(disk_operation::write, random.fraction() / 4)
                               : slow(disk);
        case kind::full_disk:
            return disks_fail_ ? disk.set_capacity(disk.used() + random.below(60'000)) : slow(disk);
        default:
            CHECK(false, "no fault of disks");
    }
}

void cluster_faults::slow(runtime::sim::disk& which) {
    const runtime::duration base = std::chrono::milliseconds(universe_.random().between(5, 300));
    which.set_latency(disk_operation::sync, {.base = base, .jitter = base});
    which.set_latency(disk_operation::write, {.base = base / 20, .jitter = base / 10});
}

void cluster_faults::hang(cluster_machine& owner, runtime::sim::disk& which) {
    if (!owner.running()) return;
    marks_.count(mark::disk_hung);
    if (watch_.leads_anything(owner.id())) marks_.count(mark::disk_hung_under_a_leader);
    which.hang();
}

awaitable<void> cluster_faults::thaw_later(runtime::sim::disk& which) {
    co_await universe_.sleep_for(
        std::chrono::milliseconds(universe_.random().between(500, 15'000)));
    which.thaw();
}

}  // namespace verdikt::tests
