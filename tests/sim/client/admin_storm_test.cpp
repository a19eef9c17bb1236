// An administrator through a storm: what was acknowledged is so in the end, and nothing is reported
// as refused that the administrator's own repetition brought about.
#include "client/admin.h"
#include "client/closing.h"
#include "tests/sim/client/client_storm.h"
#include "tests/sim/client_programs/report.h"
#include "tests/sim/for_each_seed.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace verdikt::tests {
namespace {

using namespace std::chrono_literals;
using runtime::awaitable;
using runtime::environment;

/// What is known of a topic. Each is created once, and deleted at most once.
enum class knowledge { is_there, may_be_there, is_gone };

struct administered {
    std::map<std::string, knowledge> topics;
    std::vector<std::string> wrong;
    std::size_t acknowledged = 0;
    int next = 0;
};

awaitable<void> create_one(client::admin& through, administered& known) {
    const std::string name = fmt::format("topic-{}", known.next++);
    known.topics[name] = knowledge::may_be_there;
    auto asking = through.create_topics({{.name = name, .partitions = 1}});
    const auto made = co_await std::move(asking);
    if (!made) co_return;
    const auto& outcome = made->at(name);
    if (outcome) {
        known.topics[name] = knowledge::is_there;
        ++known.acknowledged;
    } else if (outcome.error().code == kafka::error_code::topic_already_exists) {
        known.wrong.push_back(name + " is said to have been there before it was created");
    }
}

awaitable<void> delete_one(client::admin& through, administered& known, std::string name) {
    known.topics[name] = knowledge::may_be_there;
    auto asking = through.delete_topics({name});
    const auto deleted = co_await std::move(asking);
    if (!deleted) co_return;
    const auto& outcome = deleted->at(name);
    if (outcome) {
        known.topics[name] = knowledge::is_gone;
        ++known.acknowledged;
    } else if (outcome.error().code == kafka::error_code::unknown_topic_or_partition) {
        known.wrong.push_back(name + ", whose creation was acknowledged, is said to be unknown");
    }
}

awaitable<void> administer(environment& world, client::admin& through, administered& known) {
    while (known.next < 30) {
        co_await create_one(through, known);
        std::vector<std::string> there;
        for (const auto& [name, state] : known.topics) {
            if (state == knowledge::is_there) there.push_back(name);
        }
        if (!there.empty() && world.random().chance(0.3)) {
            co_await delete_one(through, known, there[world.random().below(there.size())]);
        }
        co_await world.sleep_for(std::chrono::milliseconds(world.random().between(0, 500)));
    }
}

awaitable<void> look(client::admin& through, administered& known) {
    auto asking = through.list_topics();
    const auto listed = co_await std::move(asking);
    if (!listed) {
        known.wrong.push_back("the topics cannot be listed: " + listed.error().message());
        co_return;
    }
    for (const auto& [name, state] : known.topics) {
        const bool there = listed->contains(name);
        if (state == knowledge::is_there && !there) known.wrong.push_back(name + " is lost");
        if (state == knowledge::is_gone && there) known.wrong.push_back(name + " is back");
    }
    for (const std::string& name : *listed) {
        if (!known.topics.contains(name)) known.wrong.push_back(name + " was never created");
    }
}

/// One life of the administrator's machine; it goes on where the one before was cut short.
awaitable<void> run_administrator(environment& world, administered& known) {
    client::admin asking(world, client_storm::client_config());
    co_await client::use_and_close(asking, administer(world, asking, known));
}

awaitable<void> run_inspector(environment& world, administered& known) {
    client::admin asking(world, client_storm::client_config());
    co_await client::use_and_close(asking, look(asking, known));
}

awaitable<void> outlast(client_storm& storm, runtime::sim::node& machine) {
    co_await storm.rage(10s);
    co_await machine.until_stopped();
    co_await storm.cut_the_power();
}

administered run_storm(std::uint64_t seed) {
    administered known;
    client_storm storm(seed);
    storm.start_broker();
    runtime::sim::node& machine = storm.add_client("administrator", true);
    machine.start([&known](environment& world) { return run_administrator(world, known); });
    storm.universe.run(outlast(storm, machine));
    if (machine.failure()) std::rethrow_exception(machine.failure());
    runtime::sim::node& inspector = storm.universe.add_node("inspector");
    inspector.start([&known](environment& world) { return run_inspector(world, known); });
    storm.universe.run(inspector.until_stopped());
    if (inspector.failure()) std::rethrow_exception(inspector.failure());
    return known;
}

TEST(admin_storm, acknowledged_topics_are_there_and_deleted_ones_stay_gone) {
    std::size_t acknowledged = 0;
    runtime::sim::for_each_seed(100, [&](std::uint64_t seed) {
        const administered known = run_storm(seed);
        report(known.wrong);
        acknowledged += known.acknowledged;
    });
    if (runtime::sim::seeds_from_environment(100).count < 100) return;
    EXPECT_GT(acknowledged, 2'000U);
}

}  // namespace
}  // namespace verdikt::tests
