#include "tests/unit/controller/replicated_cluster.h"

#include <algorithm>
#include <iterator>
#include <limits>

namespace verdikt::broker::controller::testing {

using kafka::error_code;
using kafka::node_id;
using metadata::contains;
using metadata::nodes;

namespace {

controller_settings settings_for(const weather& of) {
    auto settings = plain_settings();
    settings.last_known_leader_election = of.last_known_leader;
    settings.unclean_leader_election_enable = of.unclean;
    // Short beside the time that passes between two heartbeats, so that sessions do end.
    settings.session_timeout = seconds(3);
    settings.auto_leader_rebalance_enable = true;
    settings.leader_imbalance_check_interval = seconds(20);
    return settings;
}

constexpr std::size_t everything = std::numeric_limits<std::size_t>::max();

}  // namespace

replicated_cluster::replicated_cluster(std::uint64_t seed, weather of)
    : chance_(seed), weather_(of), count_(3 + chance_.below(3)), base_(settings_for(of)) {
    base_.set_config(4, "", "min.insync.replicas", std::to_string(1 + chance_.below(3)));
    for (std::int32_t id = 1; id <= static_cast<std::int32_t>(count_); ++id) start(id);
    for (auto& [id, of_id] : brokers_) {
        follow(id, everything);
        beat(id);
    }
    const ids first = any_replicas();
    base_.create("orders", {first, ids(first.rbegin(), first.rend())});
    base_.create("bills", {any_replicas()});
    calm_ = false;
}

ids replicated_cluster::any_replicas() {
    ids result;
    for (std::int32_t id = 1; id <= static_cast<std::int32_t>(count_); ++id) result.push_back(id);
    chance_.shuffle(std::span(result));
    result.resize(1 + chance_.below(std::min<std::uint64_t>(count_, 3)));
    return result;
}

void replicated_cluster::step() {
    const std::int32_t id = any_broker();
    const auto dice = chance_.below(1'000);
    if (dice < 190) return fetch(id);
    if (dice < 350) return produce();
    if (dice < 510) return follow(id, chance_.chance(0.4) ? everything : chance_.below(9));
    if (dice < 700) return beat(id);
    if (dice < 770) return propose(id);
    if (dice < 820) return deliver_proposal();
    if (dice < 860) return sync(id);
    if (dice < 920) return brokers_[id].up ? tell_directories(id) : start(id);
    if (dice < 930) return stop(id, /*cleanly=*/false, /*power_cut=*/true);
    if (dice < 934) return stop(id, /*cleanly=*/false, /*power_cut=*/false);
    if (dice < 938) return stop(id, /*cleanly=*/true, /*power_cut=*/false);
    if (dice < 943) {
        brokers_[id].stopping = true;
        return;
    }
    if (dice < 958) return administer();
    if (dice < 960) return base_.change_controller();
    if (dice < 966 && weather_.wipes) return wipe(id);
    base_.now += milliseconds(chance_.below(1'500));
    base_.tick();
}

void replicated_cluster::start(std::int32_t id) {
    broker& which = brokers_[id];
    if (which.up) return;
    which.up = true;
    which.request = base_.registration(id, std::exchange(which.proof, -1));
    enroll(id);
}

void replicated_cluster::enroll(std::int32_t id) {
    broker& which = brokers_[id];
    const auto answer = base_.enroll(which.request);
    which.registered = answer.error_code == 0;
    if (which.registered) which.epoch = answer.broker_epoch;
}

void replicated_cluster::beat(std::int32_t id) {
    broker& which = brokers_[id];
    if (!which.up) return;
    if (!which.registered) return enroll(id);
    const auto answer = base_.beat({.broker_id = id,
                                    .broker_epoch = which.epoch,
                                    .current_metadata_offset = which.view.position().offset.value(),
                                    .want_fence = !calm_ && chance_.chance(0.04),
                                    .want_shut_down = which.stopping});
    if (answer.error_code != 0) {
        // Forgotten, or replaced: it starts over, and has nothing to prove itself by.
        stop(id, /*cleanly=*/false, /*power_cut=*/false);
    } else if (answer.should_shut_down) {
        stop(id, /*cleanly=*/true, /*power_cut=*/false);
    }
}

void replicated_cluster::stop(std::int32_t id, bool cleanly, bool power_cut) {
    broker& which = brokers_[id];
    if (!which.up) return;
    which.proof = cleanly && which.registered ? which.epoch : -1;
    which.up = which.registered = which.stopping = false;
    which.leads.clear();
    for (auto& [where, of] : which.replicas) {
        if (power_cut) of.log.resize(of.synced + chance_.below(of.log.size() - of.synced + 1));
        of.synced = of.log.size();
    }
}

/// Somebody put an empty disk in.
void replicated_cluster::wipe(std::int32_t id) {
    broker& which = brokers_[id];
    if (which.up) return;
    which.proof = -1;
    which.replicas.clear();
    base_.processes[id].log_dirs = {uuid_of(++next_directory_)};
}

void replicated_cluster::follow(std::int32_t id, std::size_t records) {
    broker& which = brokers_[id];
    if (!which.up) return;
    metadata::changes changed;
    for (; records > 0 && which.applied < base_.log.size(); --records) {
        const auto& [record, where] = base_.log[which.applied++];
        ASSERT_TRUE(which.view.apply(record, where, changed).has_value());
    }
    take_up_leaderships(id);
}

/// A process acts on nothing that was decided before it registered.
bool replicated_cluster::acts(std::int32_t id) const {
    const broker& which = brokers_.at(id);
    return which.up && which.registered && which.view.position().offset.value() >= which.epoch;
}

void replicated_cluster::take_up_leaderships(std::int32_t id) {
    broker& which = brokers_[id];
    if (!acts(id)) return;
    for (const auto& [topic_id, topic] : which.view.topics()) {
        for (std::size_t index = 0; index < topic.partitions.size(); ++index) {
            const topic_partition_id where{
                topic_id, kafka::partition_index(static_cast<std::int32_t>(index))};
            const metadata::partition& known = topic.partitions[index];
            if (known.leader != node_id(id)) {
                which.leads.erase(where);
                continue;
            }
            const auto mine = which.leads.find(where);
            if (mine != which.leads.end() && mine->second.epoch == known.leader_epoch) {
                if (known.epoch > mine->second.proposed_at) mine->second.proposed.reset();
                continue;
            }
            which.leads[where] = {.epoch = known.leader_epoch,
                                  .start = which.replicas[where].log.size()};
            ++leaderships_;
            ASSERT_TRUE(has_all(id, where, known.leader_epoch))
                << id << " leads and lacks what was acknowledged";
        }
    }
}

bool replicated_cluster::has_all(std::int32_t id,
                                 const topic_partition_id& which,
                                 kafka::leader_epoch by) {
    if (weather_.unclean) return true;
    const auto& log = brokers_[id].replicas[which].log;
    const auto& acknowledged = acknowledged_[which];
    for (std::size_t at = 0; at < acknowledged.size() && acknowledged[at].by <= by; ++at) {
        if (at >= log.size() || log[at] != acknowledged[at].entry) return false;
    }
    return true;
}

void replicated_cluster::check_complete() {
    for (const auto& [topic_id, topic] : base_.image().topics()) {
        for (std::size_t index = 0; index < topic.partitions.size(); ++index) {
            const topic_partition_id where{
                topic_id, kafka::partition_index(static_cast<std::int32_t>(index))};
            const metadata::partition& partition = topic.partitions[index];
            nodes complete = partition.isr;
            std::ranges::copy(partition.eligible, std::back_inserter(complete));
            for (const node_id member : complete) {
                const broker& which = brokers_.at(member.value());
                const auto epoch = base_.image().find_broker(member)->epoch.value();
                if (!which.up || !which.registered || which.epoch != epoch) continue;
                ASSERT_TRUE(has_all(member.value(), where, partition.leader_epoch))
                    << member.value() << " counts as complete and is not";
            }
        }
    }
}

void replicated_cluster::heal() {
    calm_ = true;
    for (int round = 0; round < 60; ++round) {
        for (std::int32_t id = 1; id <= static_cast<std::int32_t>(count_); ++id) {
            brokers_[id].stopping = false;
            if (!brokers_[id].up) start(id);
            follow(id, everything);
            beat(id);
            tell_directories(id);
            follow(id, everything);
            sync(id);
            for (int turn = 0; turn < 3; ++turn) fetch(id);
            for (int turn = 0; turn < 3; ++turn) propose(id);
        }
        while (!proposals_.empty()) deliver_proposal();
        base_.now += seconds(1);
        base_.tick();
        check_complete();
    }
}

void replicated_cluster::expect_leaders_everywhere() {
    for (const auto& [id, topic] : base_.image().topics()) {
        for (const metadata::partition& each : topic.partitions)
            EXPECT_NE(each.leader, kafka::no_node) << topic.name;
    }
}

std::size_t replicated_cluster::acknowledged() const {
    std::size_t result = 0;
    for (const auto& [where, entries] : acknowledged_) result += entries.size();
    return result;
}

}  // namespace verdikt::broker::controller::testing
