// Whatever strikes three nodes: what an administrator was told is true, no two controllers decide
// in one epoch, and in the end all agree.
#include "tests/sim/controller/cluster.h"
#include "tests/sim/faults/fault_mix.h"
#include "tests/sim/for_each_seed.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using runtime::awaitable;
using outcome = administrator::outcome;

struct tally {
    std::uint64_t done = 0;
    std::uint64_t unknown = 0;
    std::uint64_t refused = 0;
    std::uint64_t controllers = 0;  ///< That became active.
    std::uint64_t restarts = 0;
    std::uint64_t snapshots_loaded = 0;
};

class storm {
  public:
    explicit storm(std::uint64_t seed)
        : universe_(seed), nodes_(universe_, {.snapshot_bytes = 4'000}) {}

    void run() {
        nodes_.start();
        office_.start([this](runtime::environment& world) { return administer(world); });
        fault_mix faults(universe_, nodes_.nodes());
        universe_.run(drive(faults));
        EXPECT_EQ(office_.failure(), nullptr);
        judge();
        universe_.end();
    }

    tally counted;

  private:
    awaitable<void> drive(fault_mix& faults) {
        runtime::scope running(universe_.get_executor());
        running.spawn(faults.strike(faults_end));
        running.spawn(look());
        co_await universe_.sleep_until(faults_end);
        co_await office_.until_stopped();
        is_over_ = true;
        co_await running.join();
        co_await bring_back();
        EXPECT_TRUE(co_await nodes_.settle(60s)) << "no agreement after the last fault";
    }

    /// Nodes end by themselves when their disk fails.
    awaitable<void> bring_back() {
        for (runtime::sim::node* each : nodes_.nodes()) {
            // What a process that still runs has seen of its disk may have stopped it for good.
            each->crash();
            co_await each->until_stopped();
            each->restart();
        }
    }

    /// Looks at everybody from outside, often.
    awaitable<void> look() {
        while (!is_over_) {
            co_await universe_.sleep_for(7ms);
            nodes_.check_invariants();
            for (node_process* each : nodes_.processes()) look_at(*each);
        }
    }

    void look_at(node_process& each) {
        if (!each.metadata().is_active()) return;
        const auto epoch = each.replica().replica().epoch();
        const auto [found, is_new] = leaders_.try_emplace(epoch, each.replica().replica().leader());
        EXPECT_EQ(found->second, each.replica().replica().leader())
            << "two lead epoch " << epoch.value();
        if (is_new) ++counted.controllers;
    }

    awaitable<void> administer(runtime::environment& world) {
        administrator admin(world, 3);
        for (int number = 0; world.now() < runtime::instant(faults_end); ++number) {
            const std::string name = fmt::format("topic-{}", number);
            const outcome made = co_await admin.create_topic(name, world.now() + 5s);
            note(name, made, state::there);
            // An earlier attempt may still be on its way, and would make it anew.
            const bool may_be_made_again = admin.has_attempts_in_doubt();
            if (made == outcome::done && !may_be_made_again && world.random().chance(0.3)) {
                const outcome gone = co_await admin.delete_topic(name, world.now() + 5s);
                note(name, gone, state::gone);
            }
            co_await world.sleep_for(world.random().between(0, 300) * 1ms);
        }
        co_await admin.stop();
    }

    enum class state { there, gone, unknown };

    void note(const std::string& name, outcome what, state then) {
        switch (what) {
            case outcome::done:
                ++counted.done;
                expected_[name] = then;
                return;
            case outcome::unknown:
                ++counted.unknown;
                expected_[name] = state::unknown;
                return;
            case outcome::refused:
                ++counted.refused;
                expected_.try_emplace(name, state::gone);
        }
    }

    void judge() {
        for (const runtime::sim::node* each : nodes_.nodes()) counted.restarts += each->starts();
        const auto all = nodes_.processes();
        if (all.size() != 3) return;
        for (const auto& [name, then] : expected_) {
            const bool is_there = all.front()->metadata().image().find_topic(name) != nullptr;
            if (then == state::there) EXPECT_TRUE(is_there) << name << " was created";
            if (then == state::gone) EXPECT_FALSE(is_there) << name << " was deleted, or never was";
        }
        for (node_process* each : all) {
            if (each->replica().replica().log().start().end > kafka::offset(0))
                ++counted.snapshots_loaded;
        }
    }

    static constexpr runtime::instant faults_end{20s};

    runtime::sim::world universe_;
    cluster nodes_;
    runtime::sim::node& office_ = universe_.add_node("office");
    std::map<std::string, state> expected_;
    std::map<kafka::leader_epoch, std::optional<kafka::node_id>> leaders_;
    bool is_over_ = false;
};

TEST(controller_storm, what_was_answered_is_true_and_in_the_end_all_agree) {
    tally all;
    constexpr std::uint64_t seeds = 50;
    runtime::sim::for_each_seed(seeds, [&all](std::uint64_t seed) {
        storm one(seed);
        one.run();
        all.done += one.counted.done;
        all.unknown += one.counted.unknown;
        all.refused += one.counted.refused;
        all.controllers += one.counted.controllers;
        all.restarts += one.counted.restarts;
        all.snapshots_loaded += one.counted.snapshots_loaded;
    });
    fmt::print(
        "{} changes done, {} unknown, {} refused; {} controllers, {} starts, {} logs that begin "
        "with a snapshot\n",
        all.done,
        all.unknown,
        all.refused,
        all.controllers,
        all.restarts,
        all.snapshots_loaded);
    // One seed alone may be a replay.
    if (runtime::sim::seeds_from_environment(seeds).count < seeds) return;
    EXPECT_GT(all.done, 30 * seeds);
    EXPECT_GT(all.unknown, seeds / 4);
    EXPECT_GT(all.controllers, 3 * seeds);
    EXPECT_GT(all.restarts, 4 * seeds);
    EXPECT_GT(all.snapshots_loaded, seeds / 4);
}

}  // namespace
}  // namespace verdikt::tests
