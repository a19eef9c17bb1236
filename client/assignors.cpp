#include "client/assignors.h"

#include "runtime/check.h"

#include <algorithm>
#include <tuple>

namespace verdikt::client {

namespace {

using member_list = std::vector<assigned_member>;

/// Static members come first, by instance id, so that their order outlives their restarts
/// (KIP-345).
void sort_members(member_list& members) {
    std::ranges::sort(members, [](const assigned_member& left, const assigned_member& right) {
        const auto key = [](const assigned_member& each) {
            return std::tuple(!each.instance_id.has_value(), each.instance_id.value_or(each.id));
        };
        return key(left) < key(right);
    });
}

group_assignment nothing_for(const member_list& members) {
    group_assignment empty;
    for (const assigned_member& each : members) empty[each.id];
    return empty;
}

topic_partition at(const std::string& topic, std::int32_t index) {
    return {.topic = topic, .partition = kafka::partition_index(index)};
}

group_assignment assign_ranges(const member_list& members, const partition_counts& counts) {
    group_assignment all = nothing_for(members);
    for (const auto& [topic, count] : counts) {
        std::vector<const assigned_member*> takers;
        for (const assigned_member& each : members) {
            if (each.wants.topics.contains(topic)) takers.push_back(&each);
        }
        const auto people = static_cast<std::int32_t>(takers.size());
        std::int32_t next = 0;
        for (std::int32_t who = 0; who < people; ++who) {
            const std::int32_t share = count / people + (who < count % people ? 1 : 0);
            for (std::int32_t given = 0; given < share; ++given) {
                all[takers[static_cast<std::size_t>(who)]->id].insert(at(topic, next++));
            }
        }
    }
    return all;
}

group_assignment assign_in_turn(const member_list& members, const partition_counts& counts) {
    group_assignment all = nothing_for(members);
    std::size_t turn = 0;
    for (const auto& [topic, count] : counts) {
        const bool wanted = std::ranges::any_of(members, [&](const assigned_member& each) {
            return each.wants.topics.contains(topic);
        });
        for (std::int32_t index = 0; wanted && index < count; ++index) {
            while (!members[turn % members.size()].wants.topics.contains(topic)) ++turn;
            all[members[turn % members.size()].id].insert(at(topic, index));
            ++turn;
        }
    }
    return all;
}

/// Who owns what now. Of two claims the younger generation's is the true one (KIP-792); of two
/// equal ones neither can be trusted.
std::map<topic_partition, std::string> owners_of(const member_list& members,
                                                 const partition_counts& counts) {
    struct claim {
        std::int32_t generation;
        std::string member;
        bool contested = false;
    };
    std::map<topic_partition, claim> claims;
    for (const assigned_member& each : members) {
        for (const topic_partition& owned : each.wants.owned) {
            const auto [found, first] = claims.try_emplace(
                owned, claim{.generation = each.wants.generation, .member = each.id});
            if (first || found->second.generation > each.wants.generation) continue;
            const bool equal = found->second.generation == each.wants.generation;
            found->second = {
                .generation = each.wants.generation, .member = each.id, .contested = equal};
        }
    }
    std::map<topic_partition, std::string> owners;
    for (const auto& [where, by] : claims) {
        const auto count = counts.find(where.topic);
        const bool exists = count != counts.end() && where.partition.value() < count->second;
        if (exists && !by.contested) owners[where] = by.member;
    }
    return owners;
}

bool wants(const member_list& members, const std::string& who, const std::string& topic) {
    const auto found = std::ranges::find(members, who, &assigned_member::id);
    return found != members.end() && found->wants.topics.contains(topic);
}

/// The least loaded member that wants the topic, or null.
const assigned_member* lightest(const member_list& members,
                                const group_assignment& all,
                                const std::string& topic) {
    const assigned_member* best = nullptr;
    for (const assigned_member& each : members) {
        if (!each.wants.topics.contains(topic)) continue;
        if (best == nullptr || all.at(each.id).size() < all.at(best->id).size()) best = &each;
    }
    return best;
}

/// One partition from a member that has at least two more than one who wants it; false if there is
/// none.
bool even_out_once(const member_list& members, group_assignment& all) {
    std::vector<const assigned_member*> by_load;
    for (const assigned_member& each : members) by_load.push_back(&each);
    std::ranges::sort(by_load, [&](const assigned_member* left, const assigned_member* right) {
        const auto key = [&](const assigned_member* each) {
            return std::pair(all.at(each->id).size(), each->id);
        };
        return key(left) > key(right);
    });
    for (const assigned_member* const heavy : by_load) {
        const auto owned = all.at(heavy->id);
        for (const topic_partition& each : owned) {
            const assigned_member* const light = lightest(members, all, each.topic);
            if (light == nullptr || all.at(light->id).size() + 2 > owned.size()) continue;
            all.at(heavy->id).erase(each);
            all.at(light->id).insert(each);
            return true;
        }
    }
    return false;
}

group_assignment assign_stickily(const member_list& members, const partition_counts& counts) {
    group_assignment all = nothing_for(members);
    const auto owners = owners_of(members, counts);
    for (const auto& [where, owner] : owners) {
        if (wants(members, owner, where.topic)) all[owner].insert(where);
    }
    for (const auto& [topic, count] : counts) {
        for (std::int32_t index = 0; index < count; ++index) {
            const topic_partition where = at(topic, index);
            const auto owner = owners.find(where);
            if (owner != owners.end() && wants(members, owner->second, topic)) continue;
            if (const auto* const taker = lightest(members, all, topic))
                all[taker->id].insert(where);
        }
    }
    while (even_out_once(members, all)) {
    }
    // What somebody else still claims must be given up first, whoever is right about it.
    for (const assigned_member& owner : members) {
        for (const topic_partition& each : owner.wants.owned) {
            for (auto& [member, assigned] : all) {
                if (member != owner.id) assigned.erase(each);
            }
        }
    }
    return all;
}

}  // namespace

bool is_assignor(std::string_view name) {
    return name == "range" || name == "roundrobin" || name == "cooperative-sticky";
}

bool is_cooperative(std::string_view assignor) {
    return assignor == "cooperative-sticky";
}

group_assignment assign(std::string_view name,
                        member_list members,
                        const partition_counts& counts) {
    CHECK(is_assignor(name), "{}", name);
    sort_members(members);
    if (name == "range") return assign_ranges(members, counts);
    if (name == "roundrobin") return assign_in_turn(members, counts);
    return assign_stickily(members, counts);
}

}  // namespace verdikt::client
