#include "tests/sim/quorum/judge.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace verdikt::tests {

void judge::require(bool holds, std::string breach) {
    if (!holds && !violation_) violation_ = std::move(breach);
}

void judge::applies(int node, const broker::quorum::committed_batch& batch, digest after) {
    const entry told{.end = batch.end(), .epoch = batch.epoch, .after = after};
    const auto [known, is_new] = committed_.emplace(batch.base, told);
    require(known->second == told,
            fmt::format("node {} applies another batch at {} (of epoch {}) than was applied before "
                        "(of epoch {})",
                        node,
                        batch.base,
                        batch.epoch,
                        known->second.epoch));
    if (!is_new || known == committed_.begin()) return;
    require(std::prev(known)->second.end == batch.base,
            fmt::format("node {} is the first to apply what is at {}, and nobody what is before",
                        node,
                        batch.base));
}

void judge::loads(int node, const raft::snapshot_id& id, digest state) {
    const auto after = committed_.lower_bound(id.end);
    if (after == committed_.begin()) {
        return require(false, fmt::format("node {} loads a snapshot of nothing", node));
    }
    const entry& last = std::prev(after)->second;
    require(
        last.end == id.end && last.epoch == id.epoch && last.after == state,
        fmt::format("node {} loads a snapshot at {} that is not what was applied", node, id.end));
}

void judge::takes_part(int node, raft::leader_epoch epoch, std::optional<raft::node_id> leader) {
    if (!leader) return;
    const auto [known, is_new] = leaders_.emplace(epoch, *leader);
    require(known->second == *leader,
            fmt::format("node {} says that {} leads epoch {}, which {} leads",
                        node,
                        *leader,
                        epoch,
                        known->second));
}

void judge::is_ready(int node, raft::leader_epoch epoch, raft::offset log_end) {
    // News may be late: by now another may lead, and have committed more.
    if (!leaders_.empty() && leaders_.rbegin()->first > epoch) return;
    require(log_end >= committed(),
            fmt::format("node {} is ready to lead epoch {} at {}, but {} is committed",
                        node,
                        epoch,
                        log_end,
                        committed()));
}

raft::offset judge::committed() const {
    return committed_.empty() ? raft::offset(0) : committed_.rbegin()->second.end;
}

}  // namespace verdikt::tests
