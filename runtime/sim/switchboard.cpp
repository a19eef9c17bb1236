#include "runtime/sim/switchboard.h"

#include "runtime/check.h"
#include "runtime/sim/world.h"

#include <algorithm>
#include <array>

namespace verdikt::runtime::sim {

namespace {

/// Where the ports begin that the kernel hands out by itself (RFC 6335).
constexpr std::uint16_t first_free_port = 49152;

constexpr std::uint64_t nanoseconds_a_second = 1'000'000'000;

}  // namespace

switchboard::~switchboard() {
    CHECK(connections_.empty(), "a stream outlived its world");
}

void switchboard::add_node(std::string name) {
    machines_.push_back({.name = std::move(name), .next_port = first_free_port, .listeners = {}});
    for (auto& row : links_) row.emplace_back();
    links_.emplace_back(machines_.size());
}

std::optional<node_index> switchboard::resolve(std::string_view host, node_index asker) const {
    constexpr std::array<std::string_view, 3> itself{"localhost", "127.0.0.1", "::1"};
    if (std::ranges::find(itself, host) != itself.end()) return asker;
    const auto found = std::ranges::find(machines_, host, &machine::name);
    if (found == machines_.end()) return std::nullopt;
    return static_cast<node_index>(found - machines_.begin());
}

switchboard::link& switchboard::between(node_index from, node_index to) {
    return links_[from][to];
}

const switchboard::link& switchboard::between(node_index from, node_index to) const {
    return links_[from][to];
}

bool switchboard::path_open(node_index from, node_index to) const {
    const machine& sender = machines_[from];
    const machine& receiver = machines_[to];
    if (!sender.up || !receiver.up) return false;
    if (from == to) return true;
    return !sender.isolated && !receiver.isolated && !between(from, to).cut;
}

instant switchboard::arrival(node_index from, node_index to, std::uint64_t size) {
    link& over = between(from, to);
    const link_settings& shape = over.of_its_own ? *over.of_its_own
                                 : from == to    ? settings_.loopback
                                                 : settings_.default_link;
    instant sent = std::max(world_.now(), over.busy_until);
    if (shape.bytes_per_second != 0) {
        sent += duration(size * nanoseconds_a_second / shape.bytes_per_second);
    }
    over.busy_until = sent;
    instant arrives = sent + shape.delay;
    if (shape.jitter > duration::zero())
        arrives += duration(random_.between(0, shape.jitter.count()));
    if (shape.straggler_chance > 0 && random_.chance(shape.straggler_chance)) {
        arrives += shape.straggler_delay;
    }
    return arrives;
}

duration switchboard::retransmission_pause() {
    constexpr duration longest = std::chrono::milliseconds(400);
    return duration(random_.between(0, longest.count()));
}

void switchboard::set_machine_up(node_index which, bool up) {
    if (machines_[which].up == up) return;
    machines_[which].up = up;
    if (up) tell_connections_of(which);
}

void switchboard::set_cut(node_index from, node_index to, bool cut) {
    world_.record(cut ? effect::cut : effect::heal, from, to, 0);
    between(from, to).cut = cut;
    if (!cut) tell_connections_of(from);
}

void switchboard::set_isolated(node_index which, bool isolated) {
    world_.record(isolated ? effect::cut : effect::heal, which, which, 1);
    machines_[which].isolated = isolated;
    if (!isolated) tell_connections_of(which);
}

void switchboard::heal_all() {
    for (node_index from = 0; from < machines_.size(); ++from) {
        if (machines_[from].isolated) set_isolated(from, false);
        for (node_index to = 0; to < machines_.size(); ++to) {
            if (between(from, to).cut) set_cut(from, to, false);
        }
    }
}

void switchboard::set_link(node_index from, node_index to, link_settings of_its_own) {
    between(from, to).of_its_own = of_its_own;
}

void switchboard::tell_connections_of(node_index which) {
    for (connection& each : connections_) {
        if (each.client().at() != which && each.server().at() != which) continue;
        each.client().path_opened();
        each.server().path_opened();
    }
}

connection& switchboard::connect(node_index client, node_index server) {
    // Freed by `release`, once both streams have let go of it.
    auto* const made = new connection(*this, client, server);
    connections_.push_back(*made);
    ++counts_.connections;
    return *made;
}

process_listener* switchboard::listener_at(node_index which, std::uint16_t port) const {
    const auto& listeners = machines_[which].listeners;
    const auto found = listeners.find(port);
    return found == listeners.end() ? nullptr : found->second;
}

void switchboard::add_listener(node_index which, std::uint16_t port, process_listener& listening) {
    CHECK(machines_[which].listeners.emplace(port, &listening).second, "port {} is taken", port);
}

void switchboard::remove_listener(node_index which, std::uint16_t port) {
    machines_[which].listeners.erase(port);
}

std::uint16_t switchboard::free_port(node_index which) {
    machine& owner = machines_[which];
    CHECK(owner.listeners.size() < UINT16_MAX - first_free_port, "no port is free");
    for (;;) {
        const std::uint16_t port = owner.next_port;
        owner.next_port =
            port == UINT16_MAX ? first_free_port : static_cast<std::uint16_t>(port + 1);
        if (!owner.listeners.contains(port)) return port;
    }
}

}  // namespace verdikt::runtime::sim
