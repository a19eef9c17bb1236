#include "nemesis/schedule.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace verdikt::nemesis {
namespace {

using namespace std::chrono_literals;

draw_options everything() {
    draw_options options{.faults = {}, .span = 120s};
    for (const fault_description& each : fault_catalogue()) options.faults.push_back(each.kind);
    options.partitions = {{.topic = "orders", .partition = kafka::partition_index(0)},
                          {.topic = "orders", .partition = kafka::partition_index(1)}};
    options.groups = {"billing"};
    options.transactional_ids = {"mover"};
    return options;
}

std::size_t open_at(const schedule& drawn, std::chrono::milliseconds when) {
    std::size_t open = 0;
    for (const step& each : drawn.steps) {
        open += each.at <= when && when < each.at + each.lasts ? 1U : 0U;
    }
    return open;
}

TEST(schedule, the_same_seed_draws_the_same_and_others_do_not) {
    EXPECT_EQ(draw_schedule(everything(), 7), draw_schedule(everything(), 7));
    EXPECT_NE(draw_schedule(everything(), 7), draw_schedule(everything(), 8));
}

TEST(schedule, all_is_undone_within_its_span_and_numbers_keep_their_bounds) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        const schedule drawn = draw_schedule(everything(), seed);
        EXPECT_LE(drawn.end(), 120s);
        ASSERT_GT(drawn.steps.size(), 5U);
        for (const step& each : drawn.steps) {
            const fault_description& known = describe(each.what.kind);
            EXPECT_EQ(each.lasts == 0ms, known.instant) << known.name;
            if (!known.instant) EXPECT_GE(each.lasts, known.lasts_min) << known.name;
            EXPECT_EQ(each.what.parameters.size(), known.parameters.size());
            for (const fault_parameter& one : known.parameters) {
                EXPECT_GE(each.what.parameter(one.name), one.low);
                EXPECT_LE(each.what.parameter(one.name), one.high);
            }
        }
    }
}

TEST(schedule, what_only_traffic_makes_bite_is_aimed_at_those_who_have_some_for_long_enough) {
    const std::set<role> quiet{
        role::followers, role::in_sync, role::lagging, role::one, role::minority, role::majority};
    const std::set<fault_kind> picky{fault_kind::partition_bridge,
                                     fault_kind::partition_clients,
                                     fault_kind::refuse_connections,
                                     fault_kind::bandwidth};
    std::map<fault_kind, std::set<role>> aims;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        for (const step& each : draw_schedule(everything(), seed).steps) {
            const bool network = describe(each.what.kind).family == fault_family::network;
            if (network && each.lasts > 0ms) EXPECT_GE(each.lasts, 2s);
            aims[each.what.kind].insert(each.what.target.who);
        }
    }
    for (const fault_kind kind : picky) {
        EXPECT_GT(aims[kind].size(), 2U) << to_text(kind);
        for (const role who : aims[kind]) {
            EXPECT_FALSE(quiet.contains(who)) << to_text(fault{.kind = kind, .target = {who}});
        }
    }
}

TEST(schedule, never_three_faults_at_once_and_two_only_of_different_families) {
    std::size_t overlaps = 0;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        const schedule drawn = draw_schedule(everything(), seed);
        for (std::size_t at = 1; at < drawn.steps.size(); ++at) {
            const step& before = drawn.steps[at - 1];
            const step& each = drawn.steps[at];
            EXPECT_LE(before.at, each.at);
            EXPECT_LE(open_at(drawn, each.at), 2U);
            if (each.at >= before.at + before.lasts) continue;
            ++overlaps;
            EXPECT_NE(describe(before.what.kind).family, describe(each.what.kind).family);
        }
    }
    EXPECT_GT(overlaps, 100U);
}

TEST(schedule, every_kind_comes_before_any_comes_twice) {
    draw_options options = everything();
    options.span = 1h;
    const schedule drawn = draw_schedule(options, 3);
    std::map<fault_kind, std::size_t> seen;
    for (const step& each : drawn.steps) {
        for (const fault_kind kind : options.faults) {
            EXPECT_LE(seen[each.what.kind], seen[kind]) << "a kind is behind by a whole round";
        }
        ++seen[each.what.kind];
    }
    EXPECT_EQ(seen.size(), fault_catalogue().size());
}

TEST(schedule, roles_without_a_name_to_aim_at_are_left_out) {
    draw_options options = everything();
    options.partitions.clear();
    options.groups.clear();
    options.transactional_ids.clear();
    options.span = 1h;
    for (const step& each : draw_schedule(options, 5).steps) {
        const role who = each.what.target.who;
        EXPECT_TRUE(who >= role::controller && who != role::group_coordinator &&
                    who != role::transaction_coordinator)
            << to_text(each.what);
    }
}

TEST(schedule, removing_a_step_does_not_change_the_others) {
    schedule drawn = draw_schedule(everything(), 11);
    const step last = drawn.steps.back();
    drawn.steps.erase(drawn.steps.begin());
    const auto read = schedule_from_json(to_json(drawn));
    ASSERT_TRUE(read.has_value()) << read.error();
    EXPECT_EQ(read->steps.back(), last);
}

TEST(schedule_json, what_is_written_is_read_back) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const schedule drawn = draw_schedule(everything(), seed);
        const auto read = schedule_from_json(to_json(drawn));
        ASSERT_TRUE(read.has_value()) << read.error();
        // A fault that chooses its nodes itself keeps no target.
        EXPECT_EQ(to_json(*read), to_json(drawn));
    }
}

TEST(schedule_json, steps_may_stand_in_any_order) {
    const auto read = schedule_from_json(R"({"seed": 1, "steps": [
        {"at_ms": 9, "lasts_ms": 1, "fault": "pause", "target": "one", "seed": 3},
        {"at_ms": 5, "lasts_ms": 1, "fault": "kill", "target": "leader:t/0", "seed": 2}]})");
    ASSERT_TRUE(read.has_value()) << read.error();
    EXPECT_EQ(read->steps.front().what.kind, fault_kind::kill);
    EXPECT_EQ(read->end(), 10ms);
}

TEST(schedule_json, what_is_wrong_is_named) {
    const auto reason = [](std::string_view step) {
        const auto read =
            schedule_from_json(fmt::format(R"({{"seed": 1, "steps": [{{{}}}]}})", step));
        return read ? std::string("taken") : read.error();
    };
    EXPECT_EQ(schedule_from_json("{").error(), "not JSON");
    EXPECT_EQ(schedule_from_json("[]").error(), "a schedule is an object");
    EXPECT_EQ(schedule_from_json(R"({"seed": 1})").error(), "'steps' is missing");
    EXPECT_EQ(reason(R"("lasts_ms": 1)"), "step 1: 'at_ms' is missing");
    EXPECT_EQ(reason(R"("at_ms": -1)"), "step 1: 'at_ms' is below zero");
    EXPECT_EQ(reason(R"("at_ms": 9223372036854775807)"), "step 1: 'at_ms' is more than a year");
    const std::string times = R"("at_ms": 1, "lasts_ms": 1, "seed": 1, )";
    EXPECT_EQ(reason(times + R"("fault": "kil")"),
              "step 1: fault: unknown fault 'kil'; did you mean kill?");
    EXPECT_EQ(reason(times + R"("fault": "kill", "target": "x")").substr(0, 32),
              "step 1: target: unknown role 'x'");
    EXPECT_EQ(reason(times + R"("fault": "kill", "parameters": {"loss_percent": 3})"),
              "step 1: kill has no parameter 'loss_percent'");
    EXPECT_EQ(reason(times + R"("fault": "packet-loss", "parameters": {"loss_percent": "x"})"),
              "step 1: 'loss_percent' is not a whole number");
}

}  // namespace
}  // namespace verdikt::nemesis
