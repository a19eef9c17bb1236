#include "tests/sim/raft/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace verdikt::broker::raft {
namespace {

template <typename... Args>
void require(bool holds, fmt::format_string<Args...> text, Args&&... args) {
    if (!holds) throw violation(fmt::format(text, std::forward<Args>(args)...));
}

}  // namespace

std::uint64_t value_of(const batch& which) {
    if (!which.bytes) return which.content.index();
    std::uint64_t value = 0;
    std::memcpy(&value, which.bytes->data(), std::min(sizeof(value), which.bytes->size()));
    return value;
}

void judge::leads(node_id node, leader_epoch epoch, const toy_log& log) {
    const auto [entry, is_new] = leaders_.emplace(epoch, node);
    require(entry->second == node, "nodes {} and {} lead epoch {}", entry->second, node, epoch);
    if (!is_new) return;
    for (auto each = committed_.lower_bound(log.start.end); each != committed_.end(); ++each) {
        const auto& [base, wanted] = *each;
        const batch* held = log.ending_at(base + wanted.record_count);
        require(held != nullptr && held->epoch == wanted.epoch && value_of(*held) == wanted.value,
                "node {} leads epoch {} without what is committed at {}",
                node,
                epoch,
                base);
    }
}

void judge::votes(node_id node, leader_epoch epoch, const replica_key& candidate) {
    const auto [entry, is_new] = votes_.emplace(std::pair(node, epoch), candidate);
    require(entry->second == candidate,
            "node {} votes for {} and for {} in epoch {}",
            node,
            entry->second.id,
            candidate.id,
            epoch);
}

void judge::speaks(node_id node, leader_epoch epoch) {
    leader_epoch& latest = spoken_[node];
    require(epoch >= latest, "node {} speaks of epoch {} after epoch {}", node, epoch, latest);
    latest = epoch;
}

void judge::commits(node_id node, const batch& which) {
    const committed_batch told{which.epoch, which.record_count, value_of(which)};
    const auto [entry, is_new] = committed_.emplace(which.base, told);
    require(entry->second == told,
            "node {} delivers value {} of epoch {} at {}, where value {} of epoch {} was delivered",
            node,
            told.value,
            told.epoch,
            which.base,
            entry->second.value,
            entry->second.epoch);
}

void judge::commits_as_leader(const log_position& position,
                              const voter_set& voters,
                              const std::map<node_id, const toy_log*>& disks) const {
    const auto holders = std::ranges::count_if(voters.all(), [&](const auto& voter) {
        const auto disk = disks.find(voter.first);
        return disk != disks.end() && disk->second->end() >= position.end &&
               disk->second->holds(position);
    });
    require(static_cast<std::size_t>(holders) >= voters.majority(),
            "{} is committed, but durable on {} of {} voters",
            position.end,
            holders,
            voters.size());
}

void judge::moves_high_watermark(node_id node, offset from, offset to) const {
    require(to >= from, "the high watermark of node {} goes back from {} to {}", node, from, to);
}

void judge::snapshots(const toy_snapshot& which) {
    const auto [entry, is_new] = snapshots_.emplace(which.id, which);
    require(entry->second.digest == which.digest && entry->second.voters == which.voters,
            "two snapshots at {} differ",
            which.id.end);
}

}  // namespace verdikt::broker::raft
