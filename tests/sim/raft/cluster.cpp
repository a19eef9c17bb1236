#include "tests/sim/raft/cluster.h"

#include "runtime/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace verdikt::broker::raft {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t history_max = 60;

/// Kafka's defaults, about ten times as fast.
settings quick(const replica_key& self, bool may_vote) {
    return {.self = self,
            .may_vote = may_vote,
            .election_timeout = 100ms,
            .fetch_timeout = 200ms,
            .election_backoff_max = 100ms,
            .request_timeout = 80ms,
            .retry_backoff = 5ms,
            .fetch_wait_max = 50ms};
}

kafka::uuid directory_of(int number) {
    kafka::uuid directory;
    directory.bytes[0] = static_cast<std::byte>(number + 1);
    return directory;
}

}  // namespace

cluster::cluster(const cluster_form& form, std::uint64_t seed) : chance_(seed) {
    std::map<node_id, voter> voters;
    for (int number = 0; number < form.voters; ++number)
        voters.emplace(node_id(number), voter{directory_of(number)});
    configured_ = voter_set(voters);
    const int controllers = form.voters + form.spare_controllers;
    for (int number = 0; number < controllers + form.brokers; ++number) {
        node& made = nodes_[node_id(number)];
        made.key = {node_id(number), directory_of(number)};
        made.may_vote = number < controllers;
        made.disk = std::make_unique<toy_disk>(configured_, form.disks);
        restart(node_id(number));
    }
}

/// Void if the node dies before.
void cluster::schedule_for(node_id node, instant when, std::function<void()> act) {
    const std::uint64_t incarnation = nodes_.at(node).incarnation;
    time_.at(when, [this, node, incarnation, act = std::move(act)] {
        const auto& target = nodes_.at(node);
        if (target.core && target.incarnation == incarnation) act();
    });
}

duration cluster::local_clock(const node& which) const {
    const auto passed = static_cast<double>((now() - which.clock_since).count());
    return which.clock_base + duration(static_cast<std::int64_t>(passed * which.clock_rate));
}

moment cluster::moment_of(const node& which) {
    return {.now = instant(local_clock(which)), .chance = chance_.next()};
}

void cluster::note(std::string line) {
    history_.push_back(
        fmt::format("{:>9.3f} ms  {}",
                    std::chrono::duration<double, std::milli>(now().time_since_epoch()).count(),
                    line));
    if (history_.size() > history_max) history_.pop_front();
}

std::string cluster::history() const {
    std::string lines;
    for (const std::string& line : history_) lines += line + "\n";
    return lines;
}

void cluster::crash(node_id which) {
    node& target = nodes_.at(which);
    if (!target.core) return;
    if (target.core->role() == role::leader) marks_.reach(mark::leader_crashed);
    target.core.reset();
    ++target.incarnation;
    const toy_disk::losses lost = target.disk->crash(chance_);
    if (lost.records) marks_.reach(mark::crash_lost_records);
    if (lost.state) marks_.reach(mark::crash_lost_a_vote_being_written);
    note(fmt::format("node {} crashes{}", which, lost.records ? ", losing records" : ""));
}

void cluster::restart(node_id which) {
    node& target = nodes_.at(which);
    if (target.core) return;
    note(fmt::format("node {} starts", which));
    ++target.incarnation;
    target.timers = {};
    target.download.clear();
    target.applied = offset(0);
    target.digest = 0;
    target.disk_free_at = now();
    effects out;
    target.core = std::make_unique<replica>(
        quick(target.key, target.may_vote), target.disk->recover(), moment_of(target), out);
    target.core->check_invariants();
    carry_out(which, out);
}

void cluster::block(node_id from, node_id to, bool blocked) {
    blocked_[{from, to}] = blocked;
}

void cluster::set_clock_rate(node_id which, double rate) {
    node& target = nodes_.at(which);
    target.clock_base = local_clock(target);
    target.clock_since = now();
    target.clock_rate = rate;
    if (!target.core) return;
    // Timers fire when the node's clock says so, which is now another moment.
    for (std::size_t each = 0; each < timer_count; ++each) {
        const auto at = target.timers[each].at;
        if (at) set_timer(target, static_cast<timer>(each), *at - local_clock(target));
    }
}

void cluster::set_sync_delay(node_id which, duration longest) {
    nodes_.at(which).sync_delay_max = longest;
}

std::vector<node_id> cluster::all() const {
    std::vector<node_id> nodes;
    for (const auto& [id, each] : nodes_) nodes.push_back(id);
    return nodes;
}

std::vector<node_id> cluster::controllers() const {
    std::vector<node_id> nodes;
    for (const auto& [id, each] : nodes_) {
        if (each.may_vote) nodes.push_back(id);
    }
    return nodes;
}

std::optional<node_id> cluster::leader() const {
    std::optional<node_id> latest;
    for (const auto& [id, each] : nodes_) {
        if (!each.core || !each.core->is_ready()) continue;
        if (!latest || nodes_.at(*latest).core->epoch() < each.core->epoch()) latest = id;
    }
    return latest;
}

offset cluster::committed() const {
    const auto leading = leader();
    return leading ? nodes_.at(*leading).core->high_watermark() : offset(0);
}

bool cluster::all_applied(offset end) const {
    return std::ranges::all_of(nodes_, [&](const auto& entry) {
        return entry.second.core && entry.second.applied >= end;
    });
}

}  // namespace verdikt::broker::raft
