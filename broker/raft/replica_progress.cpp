#include "broker/raft/replica_progress.h"

#include "runtime/check.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace verdikt::broker::raft {

const replica_progress* progress_table::find(const replica_key& replica) const {
    const auto found = replicas_.find(replica);
    return found == replicas_.end() ? nullptr : &found->second;
}

const replica_progress* progress_table::voter(const voter_set& voters, node_id node) const {
    // Where the voters' disks are not known any disk of the node will do: the one heard of last.
    const replica_progress* latest = nullptr;
    for (const auto& [key, progress] : replicas_) {
        if (key.id != node || !voters.contains(key)) continue;
        if (latest == nullptr || latest->last_fetch < progress.last_fetch) latest = &progress;
    }
    return latest;
}

offset progress_table::majority_end(const voter_set& voters,
                                    const replica_key& self,
                                    offset own) const {
    std::vector<offset> ends;
    for (const auto& [node, entry] : voters.all()) {
        const replica_progress* progress = voter(voters, node);
        if (node == self.id && voters.contains(self)) {
            ends.push_back(own);
        } else {
            ends.push_back(progress != nullptr ? progress->acknowledged.value_or(offset(0))
                                               : offset(0));
        }
    }
    CHECK(!ends.empty(), "no voters");
    std::ranges::sort(ends, std::greater());
    return ends[voters.majority() - 1];
}

instant progress_table::majority_fetched_since(const voter_set& voters,
                                               const replica_key& self,
                                               instant now) const {
    std::vector<instant> times;
    for (const auto& [node, entry] : voters.all()) {
        const replica_progress* progress = voter(voters, node);
        if (node == self.id && voters.contains(self)) {
            times.push_back(now);
        } else {
            times.push_back(progress != nullptr ? progress->last_fetch.value_or(since_) : since_);
        }
    }
    CHECK(!times.empty(), "no voters");
    std::ranges::sort(times, std::greater());
    return times[voters.majority() - 1];
}

std::vector<replica_key> progress_table::voters_by_progress(const voter_set& voters,
                                                            const replica_key& self) const {
    std::vector<std::pair<offset, replica_key>> found;
    for (const auto& [node, entry] : voters.all()) {
        if (node == self.id) continue;
        const replica_progress* progress = voter(voters, node);
        const offset end =
            progress != nullptr ? progress->acknowledged.value_or(offset(0)) : offset(0);
        found.emplace_back(end, voters.key_of(node));
    }
    std::ranges::sort(found, [](const auto& left, const auto& right) {
        return left.first != right.first ? left.first > right.first : left.second < right.second;
    });
    std::vector<replica_key> keys;
    keys.reserve(found.size());
    for (const auto& [end, key] : found) keys.push_back(key);
    return keys;
}

void progress_table::forget_observers_before(const voter_set& voters, instant oldest) {
    std::erase_if(replicas_, [&](const auto& entry) {
        const auto& [key, progress] = entry;
        return !voters.contains(key) && !progress.parked && progress.last_fetch < oldest;
    });
}

}  // namespace verdikt::broker::raft
