#include "tests/sim/replication/model_controller.h"

#include "runtime/check.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::replication {

using kafka::error_code;

model_controller::model_controller(const controller_rules& rules,
                                   std::vector<kafka::node_id> replicas,
                                   runtime::random_source random,
                                   mark_table& marks)
    : rules_(rules), random_(random), marks_(marks) {
    image_.partition.isr = {replicas.begin(), replicas.end()};
    image_.partition.replicas = std::move(replicas);
    image_.partition.leader_epoch = kafka::leader_epoch(0);
    image_.partition.epoch = partition_epoch(0);
}

void model_controller::changed() {
    ++image_.version;
}

bool model_controller::is_live(kafka::node_id node) const {
    const auto found = image_.brokers.find(node);
    return found != image_.brokers.end() && !found->second.fenced;
}

bool model_controller::has_another_holder(kafka::node_id node) const {
    const auto is_other = [&](kafka::node_id member) { return member != node; };
    return std::ranges::any_of(image_.partition.isr, is_other) ||
           std::ranges::any_of(eligible_, is_other);
}

broker_epoch model_controller::register_broker(kafka::node_id node,
                                               std::uint64_t process,
                                               bool clean) {
    registration& known = registrations_[node];
    broker_standing& standing = image_.brokers[node];
    if (known.process == process) return standing.epoch;
    const bool led = image_.partition.leader == node;
    known.process = process;
    standing = {.epoch = broker_epoch(++last_epoch_), .fenced = true};
    changed();
    known.version = image_.version;
    if (!clean && !rules_.durable_members && !rules_.trusts_unclean_restarts) {
        drop_for_unclean_restart(node);
    }
    // Whatever its predecessor led, the new process must not go on with: see partition_replica.
    if (led) elect();
    return standing.epoch;
}

void model_controller::drop_for_unclean_restart(kafka::node_id node) {
    if (!has_another_holder(node)) return;
    partition_state& state = image_.partition;
    if (state.isr.contains(node)) {
        marks_.reach(mark::dropped_from_isr_for_an_unclean_restart);
        state.isr.erase(node);
        state.epoch = state.epoch.next();
    }
    eligible_.erase(node);
    changed();
}

void model_controller::heartbeat(kafka::node_id node,
                                 broker_epoch epoch,
                                 std::uint64_t seen_version,
                                 runtime::instant now) {
    broker_standing& standing = image_.brokers[node];
    registration& known = registrations_[node];
    if (standing.epoch != epoch) return;
    known.last_heartbeat = now;
    if (!standing.fenced || standing.shutting_down || seen_version < known.version) return;
    standing.fenced = false;
    changed();
    if (image_.partition.leader == no_leader) elect();
}

void model_controller::begin_shutdown(kafka::node_id node, broker_epoch epoch) {
    broker_standing& standing = image_.brokers[node];
    if (standing.epoch != epoch || standing.shutting_down) return;
    standing.shutting_down = true;
    fence(node);
}

void model_controller::expire_sessions(runtime::instant now) {
    for (const auto& [node, known] : registrations_) {
        if (is_live(node) && now - known.last_heartbeat > rules_.session_timeout) fence(node);
    }
}

void model_controller::fence(kafka::node_id node) {
    if (!is_live(node)) return;
    image_.brokers[node].fenced = true;
    changed();
    remove_from_isr(node);
    if (image_.partition.leader == node) elect();
}

/// Never the last one.
void model_controller::remove_from_isr(kafka::node_id node) {
    std::set<kafka::node_id> isr = image_.partition.isr;
    if (isr.erase(node) == 0 || isr.empty()) return;
    set_isr(std::move(isr));
}

void model_controller::set_isr(std::set<kafka::node_id> isr) {
    partition_state& state = image_.partition;
    const auto min = static_cast<std::size_t>(rules_.min_insync_replicas);
    if (isr.size() >= min) {
        eligible_.clear();
    } else {
        eligible_.insert(state.isr.begin(), state.isr.end());
        for (const kafka::node_id member : isr) eligible_.erase(member);
    }
    state.isr = std::move(isr);
    state.epoch = state.epoch.next();
    changed();
}

void model_controller::set_leader(kafka::node_id leader) {
    partition_state& state = image_.partition;
    state.leader = leader;
    state.leader_epoch = state.leader_epoch.next();
    state.epoch = state.epoch.next();
    changed();
}

std::optional<kafka::node_id> model_controller::pick(const std::set<kafka::node_id>& from) {
    std::vector<kafka::node_id> live;
    std::ranges::copy_if(
        from, std::back_inserter(live), [&](kafka::node_id node) { return is_live(node); });
    if (live.empty()) return std::nullopt;
    return live[random_.below(live.size())];
}

void model_controller::elect() {
    partition_state& state = image_.partition;
    if (const auto member = pick(state.isr)) {
        set_leader(*member);
        return;
    }
    if (const auto member = pick(eligible_)) {
        marks_.reach(mark::elected_from_eligible_leader_replicas);
        set_isr({*member});
        set_leader(*member);
        return;
    }
    const auto anybody = pick({state.replicas.begin(), state.replicas.end()});
    if (rules_.unclean_elections && anybody && random_.chance(0.5)) {
        marks_.reach(mark::elected_uncleanly);
        ++unclean_elections_;
        eligible_.clear();
        state.isr = {*anybody};
        state.recovery = recovery_state::recovering;
        set_leader(*anybody);
        return;
    }
    if (state.leader != no_leader) set_leader(no_leader);
}

void model_controller::move_leadership() {
    partition_state& state = image_.partition;
    std::set<kafka::node_id> others = state.isr;
    others.erase(state.leader);
    if (const auto member = pick(others)) set_leader(*member);
}

void model_controller::elect_anybody() {
    partition_state& state = image_.partition;
    const auto member = pick({state.replicas.begin(), state.replicas.end()});
    if (!member) return;
    state.isr.insert(*member);
    set_leader(*member);
}

error_code model_controller::refuse(kafka::node_id sender,
                                    broker_epoch sender_epoch,
                                    const send_alter_partition& request) const {
    const partition_state& state = image_.partition;
    if (image_.brokers.at(sender).epoch != sender_epoch) return error_code::stale_broker_epoch;
    if (request.leader_epoch > state.leader_epoch || request.epoch > state.epoch) {
        return error_code::not_controller;
    }
    if (request.leader_epoch < state.leader_epoch) return error_code::fenced_leader_epoch;
    if (sender != state.leader) return error_code::invalid_request;
    if (request.epoch < state.epoch) return error_code::invalid_update_version;
    bool has_leader = false;
    for (const proposed_member& member : request.isr) {
        if (!state.has_replica(member.node)) return error_code::invalid_request;
        has_leader = has_leader || member.node == state.leader;
    }
    if (!has_leader) return error_code::invalid_request;
    if (request.recovery == recovery_state::recovering && request.isr.size() > 1) {
        return error_code::invalid_request;
    }
    for (const proposed_member& member : request.isr) {
        const auto standing = image_.brokers.find(member.node);
        const bool is_eligible = standing != image_.brokers.end() && !standing->second.fenced &&
                                 !standing->second.shutting_down &&
                                 standing->second.epoch == member.epoch;
        if (!is_eligible) return error_code::ineligible_replica;
    }
    return error_code::none;
}

alter_outcome model_controller::alter_partition(kafka::node_id sender,
                                                broker_epoch sender_epoch,
                                                const send_alter_partition& request) {
    const error_code refusal = refuse(sender, sender_epoch, request);
    if (refusal != error_code::none) return alter_refused{refusal};
    partition_state& state = image_.partition;
    std::set<kafka::node_id> isr;
    for (const proposed_member& member : request.isr) isr.insert(member.node);
    if (state.recovery == recovery_state::recovering &&
        request.recovery == recovery_state::recovered) {
        marks_.reach(mark::recovered_after_an_unclean_election);
    }
    state.recovery = request.recovery;
    set_isr(std::move(isr));
    return alter_confirmed{state.leader_epoch, state.epoch, state.isr, state.recovery};
}

}  // namespace verdikt::broker::replication
