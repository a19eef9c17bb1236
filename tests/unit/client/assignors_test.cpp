#include "client/assignors.h"

#include "runtime/random.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace verdikt::client {
namespace {

topic_partition at(const std::string& topic, std::int32_t index) {
    return {.topic = topic, .partition = kafka::partition_index(index)};
}

assigned_member member(const std::string& id, std::set<std::string> topics) {
    return {.id = id, .instance_id = std::nullopt, .wants = {.topics = std::move(topics)}};
}

std::string text_of(const group_assignment& all) {
    std::string text;
    for (const auto& [id, partitions] : all) {
        text += id + ":";
        for (const auto& each : partitions) text += fmt::format(" {}", each);
        text += "\n";
    }
    return text;
}

TEST(assignors, range_gives_each_member_a_run_of_every_topic) {
    const auto all =
        assign("range", {member("b", {"t", "u"}), member("a", {"t", "u"})}, {{"t", 3}, {"u", 2}});
    EXPECT_EQ(text_of(all), "a: t-0 t-1 u-0\nb: t-2 u-1\n");
}

TEST(assignors, round_robin_deals_partitions_in_turn_to_those_who_want_them) {
    const auto all = assign("roundrobin",
                            {member("a", {"t"}), member("b", {"t", "u"}), member("c", {"u"})},
                            {{"t", 3}, {"u", 3}});
    EXPECT_EQ(text_of(all), "a: t-0 t-2\nb: t-1 u-0 u-2\nc: u-1\n");
}

TEST(assignors, static_members_are_ordered_by_their_instance_ids) {
    auto first = member("z", {"t"});
    first.instance_id = "one";
    const auto all = assign("range", {member("a", {"t"}), first}, {{"t", 3}});
    EXPECT_EQ(text_of(all), "a: t-2\nz: t-0 t-1\n");
}

TEST(assignors, nobody_is_given_what_another_still_owns) {
    auto owner = member("a", {"t"});
    owner.wants.owned = {at("t", 0), at("t", 1), at("t", 2), at("t", 3)};
    owner.wants.generation = 4;
    const auto first = assign("cooperative-sticky", {owner, member("b", {"t"})}, {{"t", 4}});
    EXPECT_EQ(first.at("a").size(), 2U);
    EXPECT_TRUE(first.at("b").empty());
    owner.wants.owned = first.at("a");
    const auto second = assign("cooperative-sticky", {owner, member("b", {"t"})}, {{"t", 4}});
    EXPECT_EQ(second.at("a"), first.at("a"));
    EXPECT_EQ(second.at("b").size(), 2U);
}

TEST(assignors, of_two_claims_the_younger_generation_is_believed) {
    auto old = member("a", {"t"});
    old.wants.owned = {at("t", 0)};
    old.wants.generation = 3;
    auto young = member("b", {"t"});
    young.wants.owned = {at("t", 0)};
    young.wants.generation = 4;
    const auto all = assign("cooperative-sticky", {old, young}, {{"t", 2}});
    EXPECT_FALSE(all.at("a").contains(at("t", 0)));
}

/// Rounds until nothing changes, as members join again after giving something up.
group_assignment settle(std::vector<assigned_member> members, const partition_counts& counts) {
    group_assignment all;
    for (int round = 0; round < 4; ++round) {
        all = assign("cooperative-sticky", members, counts);
        for (auto& each : members) {
            each.wants.owned = all.at(each.id);
            each.wants.generation = round + 1;
        }
    }
    return all;
}

TEST(assignors, every_partition_has_one_owner_who_wants_it_and_loads_are_even) {
    for (std::uint64_t seed = 1; seed <= 500; ++seed) {
        SCOPED_TRACE(seed);
        runtime::random_source chance(seed);
        partition_counts counts;
        for (const char* topic : {"t", "u", "v"}) {
            counts[topic] = static_cast<std::int32_t>(chance.below(7));
        }
        const bool uniform = chance.chance(0.5);
        std::vector<assigned_member> members;
        for (std::uint64_t index = 0; index <= chance.below(5); ++index) {
            auto each = member(fmt::format("m{}", index), {"t"});
            for (const char* topic : {"u", "v"}) {
                if (uniform || chance.chance(0.5)) each.wants.topics.insert(topic);
            }
            for (int claims = 0; claims < 3; ++claims) {
                each.wants.owned.insert(at("t", static_cast<std::int32_t>(chance.below(9))));
            }
            each.wants.generation = static_cast<std::int32_t>(chance.below(3));
            members.push_back(each);
        }
        for (const char* name : {"range", "roundrobin", "cooperative-sticky"}) {
            SCOPED_TRACE(name);
            const bool sticky = is_cooperative(name);
            const auto all = sticky ? settle(members, counts) : assign(name, members, counts);
            std::set<topic_partition> given;
            std::size_t least = SIZE_MAX;
            std::size_t most = 0;
            for (const auto& each : members) {
                for (const auto& which : all.at(each.id)) {
                    EXPECT_TRUE(each.wants.topics.contains(which.topic));
                    EXPECT_TRUE(given.insert(which).second) << fmt::format("{} twice", which);
                }
                least = std::min(least, all.at(each.id).size());
                most = std::max(most, all.at(each.id).size());
            }
            for (const auto& [topic, count] : counts) {
                const bool wanted = std::ranges::any_of(
                    members, [&](const auto& each) { return each.wants.topics.contains(topic); });
                for (std::int32_t index = 0; wanted && index < count; ++index) {
                    EXPECT_TRUE(given.contains(at(topic, index))) << topic << index;
                }
            }
            if (uniform && std::string_view(name) != "range") {
                EXPECT_LE(most, least + 1);
            }
        }
        if (testing::Test::HasFailure()) return;
    }
}

}  // namespace
}  // namespace verdikt::client
