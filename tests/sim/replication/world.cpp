#include "tests/sim/replication/world.h"

#include "tests/sim/replication/replica_node.h"

namespace verdikt::broker::replication {

namespace {

std::vector<kafka::node_id> numbered(int count) {
    std::vector<kafka::node_id> ids;
    for (int id = 1; id <= count; ++id) ids.emplace_back(id);
    return ids;
}

}  // namespace

storm_settings storm_settings::drawn_from(runtime::random_source& random) {
    storm_settings drawn;
    drawn.replicas = random.chance(0.7) ? 3 : 5;
    drawn.replica.replica_lag_time_max = milliseconds(random.between(400, 1'500));
    drawn.replica.min_insync_replicas = static_cast<int>(random.between(1, drawn.replicas / 2 + 1));
    drawn.replica.durable = random.chance(0.6);
    drawn.replica.alter_partition_backoff = milliseconds(30);
    drawn.replica.replica_fetch_backoff = milliseconds(random.between(10, 80));
    drawn.controller.min_insync_replicas = drawn.replica.min_insync_replicas;
    drawn.controller.session_timeout = milliseconds(random.between(300, 900));
    drawn.controller.unclean_elections = random.chance(0.15);
    drawn.controller.durable_members = drawn.replica.durable;
    drawn.loss = random.chance(0.5) ? 0 : random.fraction() * 0.15;
    drawn.spikes = random.chance(0.5) ? 0 : random.fraction() * 0.05;
    return drawn;
}

world::world(const storm_settings& with, runtime::random_source random, mark_table& reached)
    : settings(with),
      chance(random),
      marks(reached),
      controller(with.controller, numbered(with.replicas), chance.fork(), reached) {
    for (const kafka::node_id id : numbered(with.replicas)) {
        nodes.emplace(id, std::make_unique<replica_node>(*this, id));
    }
}

world::~world() = default;

void world::cut_both(kafka::node_id one, kafka::node_id other) {
    cut(one, other);
    cut(other, one);
}

void world::send(kafka::node_id from, kafka::node_id to, std::function<void()> deliver) {
    if (cuts.contains({from, to})) return;
    if (!calm && chance.chance(settings.loss)) return;
    runtime::duration delay = std::chrono::microseconds(chance.between(300, 6'000));
    if (!calm && chance.chance(settings.spikes)) {
        delay += random_ms(0, settings.spike_max.count());
    }
    time.after(delay, std::move(deliver));
}

}  // namespace verdikt::broker::replication
