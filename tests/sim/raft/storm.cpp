#include "tests/sim/raft/storm.h"

#include "tests/sim/raft/cluster.h"

#include <fmt/format.h>

#include <functional>
#include <vector>

namespace verdikt::broker::raft {
namespace {

using namespace std::chrono_literals;

constexpr duration storm_length = 5s;
constexpr duration heal_length = 3s;

/// How often each kind of thing happens: the mean time between two.
struct fault_mix {
    duration crash{};
    duration crash_leader{};
    duration partition{};
    duration one_way{};
    duration weather{};
    duration slow_disk{};
    duration clock{};
    duration snapshot{};
    duration voters{};
    duration resign{};
    duration append{};
};

class storm {
  public:
    storm(std::uint64_t seed, deceit disks)
        : draw_(seed), quorum_(draw_form(disks), draw_.next()), mix_(draw_mix()) {}

    void run() {
        const instant end = quorum_.now() + storm_length;
        plan(end);
        quorum_.run_until(end);
        heal();
    }

    [[nodiscard]] const cluster& quorum() const { return quorum_; }

  private:
    cluster_form draw_form(deceit disks) {
        return {.voters = draw_.chance(0.6) ? 3 : 5,
                .spare_controllers = static_cast<int>(draw_.below(3)),
                .brokers = static_cast<int>(draw_.below(2)),
                .disks = disks};
    }

    /// Zero: not in this seed.
    duration sometimes(double probability, duration shortest, duration longest) {
        if (!draw_.chance(probability)) return duration::zero();
        return duration(draw_.between(shortest.count(), longest.count()));
    }

    fault_mix draw_mix() {
        return {.crash = sometimes(0.6, 200ms, 2s),
                .crash_leader = sometimes(0.5, 300ms, 2s),
                .partition = sometimes(0.5, 300ms, 2s),
                .one_way = sometimes(0.4, 200ms, 2s),
                .weather = sometimes(0.6, 200ms, 1s),
                .slow_disk = sometimes(0.5, 200ms, 1s),
                .clock = sometimes(0.3, 300ms, 2s),
                .snapshot = sometimes(0.6, 8ms, 300ms),
                .voters = sometimes(0.5, 50ms, 500ms),
                .resign = sometimes(0.4, 300ms, 2s),
                .append = sometimes(1.0, 2ms, 60ms)};
    }

    void plan(instant end) {
        every(mix_.crash, end, [this] { crash(any_node()); });
        every(mix_.crash_leader, end, [this] {
            if (const auto leader = quorum_.leader()) crash(*leader);
        });
        every(mix_.partition, end, [this] { part(); });
        every(mix_.one_way, end, [this] { block_one_way(); });
        every(mix_.weather, end, [this] { change_weather(); });
        every(mix_.slow_disk, end, [this] {
            quorum_.set_sync_delay(any_node(), duration(draw_.between(1'000'000, 150'000'000)));
        });
        every(mix_.clock, end, [this] {
            quorum_.set_clock_rate(any_node(), 0.7 + 0.6 * draw_.fraction());
        });
        every(mix_.snapshot, end, [this] { quorum_.snapshot(any_node()); });
        every(mix_.voters, end, [this] {
            draw_.chance(0.5) ? quorum_.add_voter_somewhere() : quorum_.remove_voter_somewhere();
        });
        every(mix_.resign, end, [this] { quorum_.resign_leader(); });
        every(mix_.append, end, [this] { quorum_.append_somewhere(); });
    }

    /// Does it again and again, at intervals around `mean`.
    void every(duration mean, instant end, const std::function<void()>& act) {
        if (mean == duration::zero()) return;
        const instant next = quorum_.now() + duration(draw_.between(1, 2 * mean.count()));
        if (next >= end) return;
        quorum_.at(next, [this, mean, end, act] {
            act();
            every(mean, end, act);
        });
    }

    node_id any_node() {
        const auto nodes = quorum_.all();
        return nodes[draw_.below(nodes.size())];
    }

    void crash(node_id node) {
        quorum_.crash(node);
        const duration down =
            draw_.chance(0.5) ? 5ms : duration(draw_.between(10'000'000, 800'000'000));
        quorum_.at(quorum_.now() + down, [this, node] { quorum_.restart(node); });
    }

    void part() {
        quorum_.unblock_all();
        if (draw_.chance(0.3)) return;
        std::vector<node_id> one;
        std::vector<node_id> other;
        for (const node_id node : quorum_.all()) (draw_.chance(0.5) ? one : other).push_back(node);
        // The leader alone is the cut that matters most.
        if (const auto leader = quorum_.leader(); leader && draw_.chance(0.4)) {
            one = {*leader};
            other = quorum_.all();
            std::erase(other, *leader);
        }
        for (const node_id left : one) {
            for (const node_id right : other) {
                quorum_.block(left, right, true);
                quorum_.block(right, left, true);
            }
        }
    }

    void block_one_way() {
        const node_id from = any_node();
        for (const node_id to : quorum_.all()) {
            if (to != from && draw_.chance(0.6)) quorum_.block(from, to, draw_.chance(0.7));
        }
        quorum_.mark_one_way();
    }

    void change_weather() {
        network_weather next;
        if (draw_.chance(0.5)) next.loss = 0.4 * draw_.fraction();
        if (draw_.chance(0.5)) next.duplication = 0.3 * draw_.fraction();
        if (draw_.chance(0.5)) next.delay_max = duration(draw_.between(1'000'000, 120'000'000));
        next.loss_noticed = draw_.fraction();
        next.loss_taken_for_end = draw_.fraction();
        quorum_.weather = next;
    }

    void heal() {
        quorum_.weather = {};
        quorum_.unblock_all();
        for (const node_id node : quorum_.all()) {
            quorum_.set_clock_rate(node, 1);
            quorum_.set_sync_delay(node, 3ms);
            quorum_.restart(node);
        }
        const instant end = quorum_.now() + heal_length;
        quorum_.run_until(end);
        if (!quorum_.leader()) throw violation("nobody leads long after everything was mended");
        quorum_.append_somewhere();
        quorum_.run_until(end + 1s);
        const auto leader = quorum_.leader();
        if (!leader) throw violation("a leader was lost without a reason");
        const auto& committed = quorum_.judged().committed();
        const auto& [base, last] = *committed.rbegin();
        if (!quorum_.all_applied(base + last.record_count))
            throw violation("not everybody has delivered what is committed");
    }

    runtime::random_source draw_;
    cluster quorum_;
    fault_mix mix_;
};

}  // namespace

storm_outcome run_storm(std::uint64_t seed, deceit disks) {
    storm_outcome outcome;
    storm trouble(seed, disks);
    try {
        trouble.run();
    } catch (const violation& breach) {
        outcome.violation = breach.what();
        outcome.history = trouble.quorum().history();
    }
    outcome.marks = trouble.quorum().marks();
    outcome.events = trouble.quorum().events();
    const auto& committed = trouble.quorum().judged().committed();
    if (!committed.empty()) outcome.committed = committed.rbegin()->first.value();
    return outcome;
}

}  // namespace verdikt::broker::raft
