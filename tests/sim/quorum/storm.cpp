#include "tests/sim/quorum/storm.h"

#include "runtime/scope.h"
#include "runtime/sim/world.h"
#include "tests/sim/faults/fault_mix.h"
#include "tests/sim/quorum/quorum_node.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using runtime::awaitable;
using runtime::duration;

constexpr duration storm_length = 12s;
/// After everything was mended: links that back off, disks that were full and elections that were
/// lost included.
constexpr duration recovery_max = 20s;

class storm {
  public:
    explicit storm(std::uint64_t seed) : universe_(seed) {
        runtime::random_source& draw = universe_.random();
        const int voters = draw.chance(0.7) ? 3 : 5;
        const int spares = static_cast<int>(draw.below(2));
        const int brokers = static_cast<int>(draw.below(2));
        raft::voter_set first;
        for (int number = 0; number < voters; ++number)
            first = first.with(raft::node_id(number), entry_of(number));
        const duration appends(draw.between(3'000'000, 60'000'000));
        const duration snapshots =
            draw.chance(0.7) ? duration(draw.between(100'000'000, 2'000'000'000)) : 0s;
        for (int number = 0; number < voters + spares + brokers; ++number) {
            quorum_node& made = nodes_.emplace_back(
                node_form{.number = number, .may_vote = number < voters + spares, .voters = first},
                judge_,
                counts_);
            made.append_interval = appends;
            made.snapshot_interval = snapshots;
            runtime::sim::node& machine = universe_.add_node(host_name(number));
            machines_.push_back(&machine);
            machine.start([&made](runtime::environment& world) { return made.run(world); });
        }
    }
    storm(const storm&) = delete;
    storm& operator=(const storm&) = delete;
    ~storm() { universe_.end(); }

    quorum_outcome run() {
        universe_.run(drive());
        quorum_outcome outcome{.violation = judge_.violation(),
                               .counts = counts_,
                               .epochs_led = judge_.epochs_led(),
                               .trace_hash = universe_.trace_hash(),
                               .recovery = recovery_};
        if (!outcome.violation) outcome.violation = complaint_;
        outcome.records_committed = static_cast<std::uint64_t>(judge_.committed().value());
        for (runtime::sim::node* each : machines_)
            outcome.sectors_lost += each->disk().counted().sectors_lost;
        return outcome;
    }

  private:
    static raft::voter entry_of(int number) {
        return {.directory = {}, .endpoints = {{"CONTROLLER", host_name(number), controller_port}}};
    }

    awaitable<void> drive() {
        const runtime::instant end = universe_.now() + storm_length;
        fault_mix faults(universe_, machines_);
        runtime::scope levers(universe_.get_executor());
        levers.spawn(faults.strike(end));
        levers.spawn(again(1s, end, [this] { kill_leader(); }));
        levers.spawn(again(3s, end, [this] { leader_resigns(); }));
        levers.spawn(again(1s, end, [this] { change_voters(); }));
        levers.spawn(again(20ms, end, [this] { probe(); }));
        levers.spawn(again(500ms, end, [this] { restart_the_dead(); }));
        co_await levers.join();
        co_await users_.cancel_and_join();
        co_await come_to_rest();
    }

    awaitable<void> again(duration mean, runtime::instant end, std::function<void()> act) {
        // Half of the seeds do without it.
        if (mean >= 1s && universe_.random().chance(0.5)) co_return;
        while (universe_.now() < end) {
            co_await universe_.sleep_for(duration(universe_.random().between(1, 2 * mean.count())));
            act();
        }
    }

    void probe() {
        for (quorum_node& each : nodes_) each.probe();
    }

    quorum_node* leader() {
        const auto leading = std::ranges::find_if(nodes_, &quorum_node::leads);
        return leading == nodes_.end() ? nullptr : &*leading;
    }

    void kill_leader() {
        const quorum_node* leading = leader();
        if (leading == nullptr) return;
        runtime::sim::node& machine = *machines_[static_cast<std::size_t>(leading->form().number)];
        universe_.random().chance(0.5) ? machine.crash() : machine.power_loss();
    }

    void restart_the_dead() {
        for (runtime::sim::node* each : machines_) {
            if (!each->running() && universe_.random().chance(0.6)) each->restart();
        }
    }

    void leader_resigns() {
        if (const quorum_node* leading = leader()) users_.spawn(resign(*leading->host()));
    }

    static awaitable<void> resign(broker::quorum::quorum_host& host) { co_await host.resign(1s); }

    void change_voters() {
        quorum_node* leading = leader();
        quorum_node& chosen = nodes_[universe_.random().below(nodes_.size())];
        if (leading == nullptr || chosen.host() == nullptr || !chosen.form().may_vote) return;
        const raft::voter_set& voters = leading->host()->replica().log().voters();
        if (voters.contains(chosen.host()->key())) {
            if (voters.size() > 2) users_.spawn(remove(*leading->host(), chosen.host()->key()));
        } else {
            users_.spawn(add(*leading->host(), chosen.host()->key()));
        }
    }

    awaitable<void> add(broker::quorum::quorum_host& host, raft::replica_key added) {
        kafka::messages::add_raft_voter_request request{.cluster_id = "sim",
                                                        .timeout_ms = 2'000,
                                                        .voter_id = added.id.value(),
                                                        .voter_directory_id = added.directory};
        request.listeners.push_back({"CONTROLLER", host_name(added.id.value()), controller_port});
        count_change((co_await host.handle(std::move(request))).error_code);
    }

    awaitable<void> remove(broker::quorum::quorum_host& host, raft::replica_key removed) {
        count_change((co_await host.handle(kafka::messages::remove_raft_voter_request{
                          .cluster_id = "sim",
                          .voter_id = removed.id.value(),
                          .voter_directory_id = removed.directory}))
                         .error_code);
    }

    void count_change(std::int16_t error) {
        (error == 0 ? counts_.voters_changed : counts_.voter_changes_refused) += 1;
    }

    /// Everything is mended and goes on: something new is committed, and everybody hears of it.
    awaitable<void> come_to_rest() {
        const runtime::instant healed = universe_.now();
        const raft::offset before = judge_.committed();
        while (universe_.now() < healed + recovery_max) {
            co_await universe_.sleep_for(50ms);
            probe();
            for (runtime::sim::node* each : machines_) {
                if (!each->running()) each->restart();
            }
            if (judge_.committed() > before && all_applied(before.next())) {
                recovery_ = universe_.now() - healed;
                co_return;
            }
        }
        complaint_ =
            fmt::format("{} s after everything was mended: {}",
                        std::chrono::duration_cast<std::chrono::seconds>(recovery_max).count(),
                        describe_nodes());
    }

    bool all_applied(raft::offset end) {
        return std::ranges::all_of(nodes_, [&](const quorum_node& each) {
            return each.host() != nullptr && each.host()->applied() >= end;
        });
    }

    std::string describe_nodes() {
        std::string lines = fmt::format("{} is committed", judge_.committed());
        for (const quorum_node& each : nodes_) {
            lines += fmt::format("\n  node {}: ", each.form().number);
            if (each.host() == nullptr) {
                lines += "down";
                continue;
            }
            const raft::replica& core = each.host()->replica();
            lines += fmt::format("{} of epoch {}, log [{}, {}), committed {}, applied {}, voters:",
                                 name(core.role()),
                                 core.epoch(),
                                 core.log().start().end,
                                 core.log().end(),
                                 core.high_watermark(),
                                 each.host()->applied());
            for (const auto& [node, entry] : core.log().voters().all())
                lines += fmt::format(" {}", node);
        }
        return lines;
    }

    runtime::sim::world universe_;
    judge judge_;
    quorum_counts counts_;
    std::deque<quorum_node> nodes_;
    std::vector<runtime::sim::node*> machines_;
    runtime::scope users_{universe_.get_executor()};
    duration recovery_{};
    std::optional<std::string> complaint_;
};

}  // namespace

quorum_outcome run_quorum_storm(std::uint64_t seed) {
    storm trouble(seed);
    return trouble.run();
}

}  // namespace verdikt::tests
