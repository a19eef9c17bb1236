#include "nemesis/nemesis.h"

#include "runtime/sim/world.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace verdikt::nemesis {
namespace {

using namespace std::chrono_literals;

/// Writes down what it is told, with the time.
class paper_lab final : public lab {
  public:
    explicit paper_lab(runtime::environment& world) : world_(world), begun_(world.now()) {}

    [[nodiscard]] std::string name() const override { return "paper"; }
    [[nodiscard]] std::vector<std::int32_t> nodes() const override { return {1, 2, 3}; }
    [[nodiscard]] std::string bootstrap_servers() const override { return {}; }
    [[nodiscard]] std::optional<std::string> refusal(fault_kind kind) const override {
        if (kind == fault_kind::latency) return "paper is never late";
        return std::nullopt;
    }
    reply<void> start() override { co_return std::expected<void, std::string>(); }
    runtime::awaitable<void> stop() override { co_return; }
    reply<evidence> apply(act_id act,
                          placed_fault what,
                          std::chrono::milliseconds heal_after) override {
        const int host = what.host;
        if (host == broken) co_return std::unexpected("out of paper");
        note(fmt::format("apply {} on {} for {}", act, host, heal_after.count()));
        co_await world_.sleep_for(apply_takes);
        co_return evidence{.bit = true, .text = "torn"};
    }
    reply<evidence> heal(act_id act, std::int32_t host) override {
        note(fmt::format("heal {} on {}", act, host));
        co_return evidence{.bit = false, .text = "glued"};
    }
    reply<void> heal_all() override { co_return std::expected<void, std::string>(); }
    reply<bool> is_running(std::int32_t) override { co_return true; }
    reply<program_result> run(std::int32_t, std::vector<std::string>) override {
        co_return program_result{};
    }
    [[nodiscard]] std::filesystem::path folder_of(std::int32_t) const override { return {}; }
    reply<void> collect_data(std::int32_t, std::filesystem::path) override {
        co_return std::expected<void, std::string>();
    }

    int broken = -1;
    runtime::duration apply_takes{};
    std::vector<std::string> notes;

  private:
    void note(const std::string& what) {
        const auto at =
            std::chrono::duration_cast<std::chrono::milliseconds>(world_.now() - begun_);
        notes.push_back(fmt::format("{}: {}", at.count(), what));
    }

    runtime::environment& world_;
    runtime::instant begun_;
};

class paper_roles final : public role_source {
  public:
    runtime::awaitable<cluster_view> look(selector) override { co_return view; }

    cluster_view view{.nodes = {1, 2, 3},
                      .controller = 2,
                      .partitions = {},
                      .group_coordinators = {},
                      .transaction_coordinators = {}};
};

class schedule_run : public testing::Test {
  protected:
    void run(const std::string& steps, const std::function<void(paper_lab&)>& prepare = {}) {
        const auto read = schedule_from_json(R"({"seed": 1, "steps": [)" + steps + "]}");
        ASSERT_TRUE(read.has_value()) << read.error();
        runtime::sim::world universe(1);
        runtime::sim::node& machine = universe.add_node("machine");
        machine.start([&](runtime::environment& world) -> runtime::awaitable<void> {
            paper_lab lab(world);
            if (prepare) prepare(lab);
            co_await run_schedule(
                world, *read, lab, roles, [&](const step_event& each) { events.push_back(each); });
            notes = lab.notes;
            ended = true;
        });
        universe.run(wait(universe));
        universe.end();
        EXPECT_TRUE(ended);
    }

    static runtime::awaitable<void> wait(runtime::sim::world& universe) {
        co_await universe.sleep_for(1h);
    }

    std::string phases() const {
        std::string text;
        for (const step_event& each : events) {
            text += fmt::format("{} {}; ", each.index, to_text(each.phase));
        }
        return text;
    }

    paper_roles roles;
    std::vector<step_event> events;
    std::vector<std::string> notes;
    bool ended = false;
};

using lines = std::vector<std::string>;

TEST_F(schedule_run, breaks_at_its_time_heals_after_its_span_and_tells_of_both) {
    run(R"({"at_ms": 100, "lasts_ms": 50, "fault": "kill", "target": "controller", "seed": 1})");
    EXPECT_EQ(notes, lines({"100: apply 1 on 2 for 2050", "150: heal 1 on 2"}));
    EXPECT_EQ(phases(), "0 began; 0 healed; ");
    EXPECT_EQ(events.front().targets, std::vector<std::int32_t>{2});
    EXPECT_TRUE(events.front().bit());
    EXPECT_FALSE(events.back().bit());
    EXPECT_EQ(events.back().hosts.front().second.text, "glued");
}

TEST_F(schedule_run, steps_that_overlap_run_side_by_side) {
    run(R"({"at_ms": 0, "lasts_ms": 100, "fault": "pause", "target": "node:1", "seed": 1},
           {"at_ms": 50, "lasts_ms": 100, "fault": "packet-loss", "target": "node:3", "seed": 2})");
    EXPECT_EQ(notes,
              lines({"0: apply 1 on 1 for 2100",
                     "50: apply 2 on 3 for 2100",
                     "100: heal 1 on 1",
                     "150: heal 2 on 3"}));
}

TEST_F(schedule_run, what_should_have_ended_before_a_step_begins_is_waited_for) {
    run(R"({"at_ms": 0, "lasts_ms": 0, "fault": "rolling-restart", "seed": 1},
           {"at_ms": 20, "lasts_ms": 10, "fault": "kill", "target": "controller", "seed": 1},
           {"at_ms": 25, "lasts_ms": 10, "fault": "packet-loss", "target": "node:3", "seed": 2})",
        [](paper_lab& lab) { lab.apply_takes = 30ms; });
    // The other two were to overlap, and do.
    EXPECT_EQ(phases(), "0 began; 1 began; 2 began; 1 healed; 2 healed; ");
    ASSERT_EQ(notes.size(), 7U);
    EXPECT_EQ(notes[3], "90: apply 4 on 2 for 2010");
    EXPECT_EQ(notes[4], "90: apply 5 on 3 for 2010");
}

TEST_F(schedule_run, what_is_over_at_once_is_not_undone) {
    run(R"({"at_ms": 5, "lasts_ms": 0, "fault": "rolling-restart", "seed": 1})");
    EXPECT_EQ(notes.size(), 3U);
    EXPECT_EQ(phases(), "0 began; ");
    EXPECT_EQ(events.front().hosts.size(), 3U);
}

TEST_F(schedule_run, a_role_that_nobody_holds_is_told_and_the_run_goes_on) {
    roles.view.controller.reset();
    run(R"({"at_ms": 0, "lasts_ms": 10, "fault": "kill", "target": "controller", "seed": 1},
           {"at_ms": 20, "lasts_ms": 10, "fault": "kill", "target": "node:1", "seed": 1})");
    EXPECT_EQ(phases(), "0 skipped; 1 began; 1 healed; ");
    EXPECT_EQ(events.front().detail, "there is no active controller just now");
    EXPECT_FALSE(events.front().bit());
}

TEST_F(schedule_run, a_host_that_fails_is_told_and_the_others_are_healed) {
    run(R"({"at_ms": 0, "lasts_ms": 10, "fault": "kill", "target": "all", "seed": 1})",
        [](paper_lab& lab) { lab.broken = 2; });
    EXPECT_EQ(phases(), "0 failed; 0 healed; ");
    EXPECT_EQ(events.front().detail, "host 2: out of paper");
    EXPECT_EQ(notes,
              lines({"0: apply 1 on 1 for 2010",
                     "0: apply 3 on 3 for 2010",
                     "10: heal 1 on 1",
                     "10: heal 3 on 3"}));
}

TEST_F(schedule_run, a_lab_is_asked_what_it_refuses_before) {
    runtime::sim::world universe(1);
    runtime::sim::node& machine = universe.add_node("machine");
    std::map<fault_kind, std::string> refused;
    machine.start([&](runtime::environment& world) -> runtime::awaitable<void> {
        const paper_lab lab(world);
        const auto read = schedule_from_json(R"({"seed": 1, "steps": [
            {"at_ms": 0, "lasts_ms": 1, "fault": "latency", "target": "one", "seed": 1},
            {"at_ms": 0, "lasts_ms": 1, "fault": "kill", "target": "one", "seed": 1}]})");
        refused = refusals(*read, lab);
        co_return;
    });
    universe.run(wait(universe));
    EXPECT_EQ(refused,
              (std::map<fault_kind, std::string>{{fault_kind::latency, "paper is never late"}}));
}

}  // namespace
}  // namespace verdikt::nemesis
