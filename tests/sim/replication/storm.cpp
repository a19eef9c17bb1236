#include "tests/sim/replication/storm.h"

#include "tests/sim/replication/replica_node.h"

#include <algorithm>
#include <chrono>

namespace verdikt::broker::replication {

using std::chrono::seconds;

namespace {

constexpr seconds storm_length{10};
constexpr seconds recovery_length{8};

}  // namespace

void storm::run() {
    for (const auto& [id, node] : world_.nodes) node->start();
    world_.time.after(milliseconds(300), [this] {
        write();
        watch();
        make_trouble();
    });
    world_.time.run_until(runtime::instant{} + storm_length);
    calm_down();
    world_.time.run_until(runtime::instant{} + storm_length + recovery_length);
    check_recovered();
}

kafka::node_id storm::any_node() {
    return kafka::node_id(
        static_cast<std::int32_t>(world_.chance.between(1, world_.settings.replicas)));
}

/// The leader, half of the time.
kafka::node_id storm::target() {
    const kafka::node_id leader = world_.controller.image().partition.leader;
    return leader != no_leader && world_.chance.chance(0.5) ? leader : any_node();
}

void storm::write() {
    if (over_) return;
    const kafka::node_id leader = world_.controller.image().partition.leader;
    const kafka::node_id to =
        leader != no_leader && world_.chance.chance(0.8) ? leader : any_node();
    const required_acks acks =
        world_.chance.chance(0.6) ? required_acks::all : required_acks::leader;
    world_.send(client_address, to, [this, to, acks, value = ++last_value_] {
        world_.node(to).produce(value, acks, [](kafka::error_code, kafka::offset) {});
    });
    world_.time.after(world_.random_ms(1, 25), [this] { write(); });
}

void storm::watch() {
    for (const auto& [node, standing] : world_.controller.image().brokers) {
        if (world_.node(node).is_registered()) lost_tails_.erase(node);
    }
    world_.controller.expire_sessions(world_.time.now());
    world_.node(any_node()).tell_end();
    world_.time.after(milliseconds(10), [this] { watch(); });
}

void storm::make_trouble() {
    if (over_) return;
    one_trouble();
    misbehave();
    // Some troubles come alone, some in quick succession.
    const bool quick = world_.chance.chance(0.4);
    world_.time.after(quick ? world_.random_ms(1, 60) : world_.random_ms(100, 1'200),
                      [this] { make_trouble(); });
}

void storm::one_trouble() {
    const kafka::node_id which = target();
    switch (world_.chance.below(12)) {
        case 0:
        case 1:
        case 2:
            crash_one(which);
            break;
        case 3:
            if (world_.chance.chance(0.3)) everybody_loses_power();
            break;
        case 4:
            if (!may_crash()) break;
            world_.node(which).shut_down();
            restart_later(which);
            break;
        case 5:
            world_.node(which).pause(world_.random_ms(50, 1'500));
            if (world_.controller.image().partition.leader == which) {
                world_.marks.reach(mark::paused_leader_came_back);
            }
            break;
        case 6:
        case 7:
            cut_something(which);
            world_.time.after(world_.random_ms(50, 2'000), [this] { world_.cuts.clear(); });
            break;
        case 8:
        case 9:
        case 10:
            for (auto left = world_.chance.between(1, 4); left > 0; --left) {
                world_.time.after(world_.random_ms(0, 120),
                                  [this] { world_.controller.move_leadership(); });
            }
            break;
        default:
            if (world_.chance.chance(0.3)) world_.node(which).delete_records();
            break;
    }
}

void storm::cut_something(kafka::node_id which) {
    switch (world_.chance.below(5)) {
        case 0:
            for (const auto& [other, node] : world_.nodes) world_.cut_both(which, other);
            world_.cut_both(which, controller_address);
            break;
        case 1:
            world_.cut_both(which, controller_address);
            break;
        case 2:
            for (const auto& [other, node] : world_.nodes) {
                world_.cut_both(other, controller_address);
            }
            break;
        case 3:
            world_.cut_both(which, any_node());
            break;
        default:
            world_.cut(which, world_.chance.chance(0.3) ? controller_address : any_node());
            break;
    }
}

/// In page-cache mode a member that lost its tail must not meet another crash before the
/// controller knows: that is one more failure than the mode promises to survive.
bool storm::may_crash() const {
    return world_.settings.replica.durable || lost_tails_.empty();
}

/// In page-cache mode fewer than min.insync.replicas may restart uncleanly before the partition has
/// recovered; here one that loses its tail, while all others that count are up. With a minimum of 1
/// none may: whoever is fenced last stays in sync alone, though it lost its tail, while another
/// that has everything is only out of reach.
bool storm::may_lose_its_tail(kafka::node_id which) const {
    if (world_.settings.replica.durable) return true;
    if (world_.settings.replica.min_insync_replicas < 2) return false;
    const partition_state& state = world_.controller.image().partition;
    const auto counts = [&](kafka::node_id id) {
        return state.isr.contains(id) || world_.controller.eligible().contains(id);
    };
    return world_.controller.has_another_holder(which) &&
           std::ranges::all_of(world_.nodes, [&](const auto& entry) {
               return entry.first == which || !counts(entry.first) || entry.second->is_registered();
           });
}

void storm::crash_one(kafka::node_id which) {
    if (!may_crash()) return;
    if (world_.chance.chance(0.6) && may_lose_its_tail(which)) {
        world_.node(which).lose_power();
        lost_tails_.insert(which);
    } else {
        world_.node(which).kill();
    }
    restart_later(which);
}

void storm::everybody_loses_power() {
    if (!world_.settings.replica.durable) return;
    world_.marks.reach(mark::everybody_lost_power);
    for (const auto& [id, node] : world_.nodes) {
        node->lose_power();
        restart_later(id);
    }
}

void storm::restart_later(kafka::node_id which) {
    world_.time.after(world_.random_ms(10, 1'500), [this, which] { world_.node(which).start(); });
}

/// What the controller itself does wrong, for the canary.
void storm::misbehave() {
    if (world_.settings.canary != misdeed::elects_who_is_not_in_sync) return;
    world_.controller.elect_anybody();
}

void storm::calm_down() {
    over_ = true;
    world_.calm = true;
    world_.cuts.clear();
    world_.time.after(milliseconds(2'000), [this] {
        for (const auto& [id, node] : world_.nodes) node->start();
    });
    world_.time.after(milliseconds(7'000), [this] {
        const kafka::node_id leader = world_.controller.image().partition.leader;
        if (leader == no_leader) return;
        world_.node(leader).produce(
            ++last_value_, required_acks::all, [this](kafka::error_code error, kafka::offset) {
                final_write_done_ = error == kafka::error_code::none;
            });
    });
}

void storm::check_recovered() {
    const partition_state& state = world_.controller.image().partition;
    if (state.isr.size() != world_.nodes.size()) {
        world_.verdict.violation(fmt::format("{} of {} replicas are in sync after the storm",
                                             state.isr.size(),
                                             world_.nodes.size()));
    }
    if (!final_write_done_) world_.verdict.violation("nothing can be written after the storm");
    std::vector<const memory_log*> logs;
    for (const auto& [id, node] : world_.nodes) logs.push_back(&node->log());
    world_.verdict.final_logs(logs);
}

}  // namespace verdikt::broker::replication
