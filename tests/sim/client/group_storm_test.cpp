// A consumer group through a storm: rebalances, crashes, commits, and everything processed in the
// end.
#include "client/admin.h"
#include "client/closing.h"
#include "tests/sim/client/client_storm.h"
#include "tests/sim/client_programs/reader.h"
#include "tests/sim/client_programs/report.h"
#include "tests/sim/client_programs/restless_consumer.h"
#include "tests/sim/client_programs/restless_sender.h"
#include "tests/sim/for_each_seed.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <list>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using runtime::awaitable;
using runtime::environment;

/// Looks at the group's committed offsets again and again.
awaitable<void> watch(environment& world, consumer_plan& plan, consumed_history& history) {
    client::admin asking(world, client_storm::client_config());
    auto look = [](environment& mine,
                   client::admin& through,
                   consumer_plan& until,
                   consumed_history& into) -> awaitable<void> {
        while (!until.over) {
            const auto before = into.highest();
            auto listing = through.list_group_offsets(until.group);
            const auto offsets = co_await std::move(listing);
            if (offsets) into.seen(before, *offsets);
            co_await mine.sleep_for(std::chrono::milliseconds(mine.random().between(50, 1'000)));
        }
    };
    co_await client::use_and_close(asking, look(world, asking, plan, history));
}

struct group_storm_outcome {
    produced_history produced;
    consumed_history consumed;
    std::vector<found_record> found;
    std::uint64_t power_losses = 0;
};

class group_storm {
  public:
    explicit group_storm(std::uint64_t seed)
        : storm_(seed), reader_(storm_.universe.add_node("reader")) {
        static const std::vector<std::vector<std::string>> strategies{
            {"range", "cooperative-sticky"}, {"cooperative-sticky"}, {"roundrobin"}};
        plan_.assignors = strategies.at(storm_.universe.random().below(strategies.size()));
        plan_.commits_itself = storm_.universe.random().chance(0.7);
        storm_.start_broker();
        start("sender", true, [this](environment& world) { return sender_.run(world); });
        for (int index = 0; index < 3; ++index) {
            const std::string name = fmt::format("member-{}", index);
            const bool is_static = storm_.universe.random().chance(0.3);
            restless_consumer& member =
                members_.emplace_back(plan_, outcome_.consumed, is_static ? name : "");
            start(name, true, [&member](environment& world) { return member.run(world); });
        }
        start("watcher", false, [this](environment& world) {
            return watch(world, plan_, outcome_.consumed);
        });
    }

    group_storm_outcome run() {
        storm_.universe.run(drive());
        for (runtime::sim::node* const each : machines_) {
            if (each->failure()) std::rethrow_exception(each->failure());
        }
        outcome_.power_losses = storm_.count(trouble::broker_power_loss);
        return std::move(outcome_);
    }

  private:
    void start(const std::string& name, bool crashes, runtime::sim::program program) {
        machines_.push_back(&storm_.add_client(name, crashes));
        machines_.back()->start(std::move(program));
    }

    awaitable<void> drive() {
        co_await storm_.rage(20s);
        co_await storm_.cut_the_power();
        plan_.calm = true;
        co_await machines_.front()->until_stopped();
        reader_.start([this](environment& world) { return read(world); });
        co_await reader_.until_stopped();
        if (reader_.failure()) std::rethrow_exception(reader_.failure());
        for (int second = 0; second < 60; ++second) {
            // One that had left the group, or was not welcome, comes back.
            for (runtime::sim::node* const each : machines_) {
                if (!each->running()) each->restart();
            }
            if (outcome_.consumed.all_processed(outcome_.found)) break;
            co_await storm_.universe.sleep_for(1s);
        }
        if (!outcome_.consumed.all_processed(outcome_.found)) {
            outcome_.consumed.complain("not all records were processed, after a minute of calm");
        }
        plan_.over = true;
        for (runtime::sim::node* const each : machines_) co_await each->until_stopped();
    }

    awaitable<void> read(environment& world) {
        outcome_.found = co_await read_topic(world, client_storm::client_config(), plan_.topic);
    }

    client_storm storm_;
    runtime::sim::node& reader_;
    consumer_plan plan_;
    group_storm_outcome outcome_;
    restless_sender sender_{0, {.records = 300}, outcome_.produced};
    std::list<restless_consumer> members_;
    std::vector<runtime::sim::node*> machines_;
};

TEST(group_storm, every_record_is_processed_and_no_committed_offset_goes_back) {
    std::size_t acknowledgements = 0;
    std::size_t beginnings = 0;
    std::uint64_t power_losses = 0;
    runtime::sim::for_each_seed(150, [&](std::uint64_t seed) {
        const group_storm_outcome outcome = group_storm(seed).run();
        report(outcome.consumed.violations());
        report(outcome.produced.judge(outcome.found, {}));
        acknowledgements += outcome.consumed.acknowledgements();
        beginnings += outcome.consumed.beginnings();
        power_losses += outcome.power_losses;
    });
    if (runtime::sim::seeds_from_environment(150).count < 150) return;
    EXPECT_GT(acknowledgements, 1'000U);
    EXPECT_GT(beginnings, 700U);
    EXPECT_GT(power_losses, 20U);
}

}  // namespace
}  // namespace verdikt::tests
