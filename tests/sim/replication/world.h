/// What the nodes of a storm share: time, chance, the network, the controller and the judge.
#pragma once

#include "broker/replication/settings.h"
#include "kafka/types.h"
#include "runtime/random.h"
#include "tests/sim/replication/judge.h"
#include "tests/sim/replication/marks.h"
#include "tests/sim/replication/model_controller.h"
#include "tests/sim/scheduler.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>

namespace verdikt::broker::replication {

class replica_node;

/// How a canary misbehaves. The judge has to notice each.
enum class misdeed {
    none,
    counts_unsynced_as_durable,
    elects_who_is_not_in_sync,
    trusts_unclean_restarts,
    cuts_at_the_high_watermark,
    ignores_divergence,
};

struct storm_settings {
    int replicas = 3;
    replica_settings replica;
    controller_rules controller;
    double loss = 0;
    /// Chance of a message to be late by up to `spike_max`.
    double spikes = 0;
    milliseconds spike_max{1'000};
    misdeed canary = misdeed::none;

    /// Every seed draws its own mix.
    [[nodiscard]] static storm_settings drawn_from(runtime::random_source& random);
};

inline constexpr kafka::node_id controller_address{0};
inline constexpr kafka::node_id client_address{100};

struct world {
    world(const storm_settings& with, runtime::random_source random, mark_table& reached);
    ~world();
    world(const world&) = delete;
    world& operator=(const world&) = delete;

    /// Loses it, or delivers it after a while, perhaps after what is sent later.
    void send(kafka::node_id from, kafka::node_id to, std::function<void()> deliver);
    void cut(kafka::node_id from, kafka::node_id to) { cuts.insert({from, to}); }
    void cut_both(kafka::node_id one, kafka::node_id other);
    [[nodiscard]] replica_node& node(kafka::node_id id) { return *nodes.at(id); }
    [[nodiscard]] milliseconds random_ms(std::int64_t low, std::int64_t high) {
        return milliseconds(chance.between(low, high));
    }

    storm_settings settings;
    tests::scheduler time;
    runtime::random_source chance;
    mark_table& marks;
    judge verdict;
    model_controller controller;
    std::map<kafka::node_id, std::unique_ptr<replica_node>> nodes;
    std::set<std::pair<kafka::node_id, kafka::node_id>> cuts;
    bool calm = false;  ///< The storm is over.
    std::set<std::uint64_t> acknowledged_by_leader;
};

}  // namespace verdikt::broker::replication
