#include "broker/controller/placement.h"

#include "runtime/check.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>

namespace verdikt::broker::controller {

using candidates = std::vector<placement_candidate>;

namespace {

/// Racks take turns: a1 b1 c1 a2 b2 c2 …
candidates alternating(candidates from, runtime::random_source& chance) {
    std::map<std::string, candidates> racks;
    for (placement_candidate& each : from) racks[each.rack.value_or("")].push_back(std::move(each));
    std::size_t longest = 0;
    for (auto& [rack, members] : racks) {
        chance.shuffle(std::span(members));
        longest = std::max(longest, members.size());
    }
    candidates result;
    for (std::size_t turn = 0; turn < longest; ++turn) {
        for (const auto& [rack, members] : racks) {
            if (turn < members.size()) result.push_back(members[turn]);
        }
    }
    return result;
}

/// The replicas of one partition.
class choice {
  public:
    choice(const candidates& from, std::size_t leader, std::size_t first_follower)
        : from_(from), first_follower_(first_follower) {
        take(from_[leader]);
    }

    metadata::nodes of(std::size_t replicas) {
        take_followers(replicas, {.active = true, .new_rack = true});
        take_followers(replicas, {.active = false, .new_rack = true});
        take_followers(replicas, {.active = true, .new_rack = false});
        take_followers(replicas, {.active = false, .new_rack = false});
        return chosen_;
    }

  private:
    struct wish {
        bool active;
        bool new_rack;
    };

    void take(const placement_candidate& which) {
        chosen_.push_back(which.id);
        racks_.insert(which.rack);
    }

    void take_followers(std::size_t replicas, wish for_one) {
        for (std::size_t step = 0; step < from_.size() && chosen_.size() < replicas; ++step) {
            const placement_candidate& next = from_[(first_follower_ + step) % from_.size()];
            if (next.is_active != for_one.active || metadata::contains(chosen_, next.id)) continue;
            if (for_one.new_rack && racks_.contains(next.rack)) continue;
            take(next);
        }
    }

    const candidates& from_;
    std::size_t first_follower_;
    metadata::nodes chosen_;
    std::set<std::optional<std::string>> racks_;
};

}  // namespace

candidates candidates_of(const metadata::image& image) {
    candidates result;
    for (const auto& [which, broker] : image.brokers())
        result.push_back({.id = which, .rack = broker.rack, .is_active = broker.is_active()});
    return result;
}

std::vector<metadata::nodes> place(candidates from,
                                   placement_size size,
                                   runtime::random_source& chance) {
    CHECK(size.replicas > 0 && size.replicas <= from.size());
    from = alternating(std::move(from), chance);
    std::vector<std::size_t> leaders;
    for (std::size_t index = 0; index < from.size(); ++index) {
        if (from[index].is_active) leaders.push_back(index);
    }
    CHECK(!leaders.empty());
    const std::size_t start = chance.below(leaders.size());
    std::vector<metadata::nodes> result;
    for (std::size_t partition = 0; partition < size.partitions; ++partition) {
        const std::size_t turn = start + partition;
        const std::size_t leader = leaders[turn % leaders.size()];
        // With each round of leaders the followers start one farther, so that all pairs occur.
        const std::size_t shift = 1 + turn / leaders.size() % from.size();
        result.push_back(choice(from, leader, leader + shift).of(size.replicas));
    }
    return result;
}

}  // namespace verdikt::broker::controller
