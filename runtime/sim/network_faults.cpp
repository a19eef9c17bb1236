#include "runtime/sim/network_faults.h"

#include "runtime/sim/node.h"
#include "runtime/sim/switchboard.h"

namespace verdikt::runtime::sim {

void network_faults::set_default_link(link_settings settings) {
    wires_.configured().default_link = settings;
}

void network_faults::set_link(const node& from, const node& to, link_settings settings) {
    wires_.set_link(from.index(), to.index(), settings);
}

void network_faults::cut(const node& from, const node& to) {
    wires_.set_cut(from.index(), to.index(), true);
}

void network_faults::cut_both_ways(const node& one, const node& other) {
    cut(one, other);
    cut(other, one);
}

void network_faults::isolate(const node& which) {
    wires_.set_isolated(which.index(), true);
}

void network_faults::heal(const node& from, const node& to) {
    wires_.set_cut(from.index(), to.index(), false);
}

void network_faults::heal_both_ways(const node& one, const node& other) {
    heal(one, other);
    heal(other, one);
}

void network_faults::heal_all() {
    wires_.heal_all();
}

void network_faults::reset_connections(const node& one, const node& other) {
    for (connection& each : wires_.connections()) {
        if (!each.between(one.index(), other.index())) continue;
        each.client().lose();
        each.server().lose();
    }
}

void network_faults::reset_one_end(const node& at, const node& other) {
    for (connection& each : wires_.connections()) {
        if (!each.between(at.index(), other.index())) continue;
        (each.client().at() == at.index() ? each.client() : each.server()).lose();
    }
}

void network_faults::refuse_connections(const node& which, bool refuse) {
    wires_.at(which.index()).refuses = refuse;
}

void network_faults::set_down_behaviour(const node& which, down_behaviour behaviour) {
    wires_.at(which.index()).when_down = behaviour;
}

void network_faults::set_buffer_bytes(std::uint64_t bytes) {
    wires_.configured().buffer_bytes = bytes;
}

void network_faults::set_short_read_chance(double probability) {
    wires_.configured().short_read_chance = probability;
}

void network_faults::set_retransmission_limit(duration limit) {
    wires_.configured().retransmission_limit = limit;
}

void network_faults::set_connect_limit(duration limit) {
    wires_.configured().connect_limit = limit;
}

const network_faults::counts& network_faults::counted() const {
    return wires_.counts();
}

}  // namespace verdikt::runtime::sim
