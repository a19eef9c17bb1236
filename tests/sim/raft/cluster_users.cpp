#include "tests/sim/raft/cluster_effects.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

namespace verdikt::broker::raft {
namespace {

using namespace std::chrono_literals;

constexpr duration change_timeout = 400ms;

payload payload_of(std::uint64_t value) {
    auto bytes = std::make_shared<std::vector<std::byte>>(sizeof(value));
    std::memcpy(bytes->data(), &value, sizeof(value));
    return bytes;
}

}  // namespace

void cluster::append_somewhere() {
    // Any leader that thinks itself ready will do, an old one too.
    std::vector<node_id> ready;
    for (const auto& [id, each] : nodes_) {
        if (each.core && each.core->is_ready()) ready.push_back(id);
    }
    if (ready.empty()) return;
    const node_id chosen = ready[chance_.below(ready.size())];
    std::vector<replica::new_records> records;
    for (auto count = 1 + chance_.below(3); count > 0; --count) {
        const std::uint64_t value = 1000 + ++last_value_;
        records.push_back({payload_of(value), static_cast<std::int32_t>(1 + chance_.below(3))});
    }
    step(chosen, [&](replica& core, const moment& at, effects& out) {
        (void)core.append(core.epoch(), records, at, out);
    });
}

void cluster::add_voter_somewhere() {
    const auto leading = leader();
    if (!leading) return;
    const std::vector<node_id> candidates = controllers();
    const node_id chosen = candidates[chance_.below(candidates.size())];
    const ticket from(++last_ticket_);
    changes_[from] = true;
    step(*leading, [&](replica& core, const moment& at, effects& out) {
        core.add_voter(from, nodes_.at(chosen).key, {}, {at, change_timeout}, out);
    });
}

void cluster::remove_voter_somewhere() {
    const auto leading = leader();
    if (!leading) return;
    const voter_set voters = nodes_.at(*leading).core->log().voters();
    if (voters.size() <= 2) return;
    auto chosen = voters.all().begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(chance_.below(voters.size())));
    // The leader itself is the interesting one.
    const node_id removed =
        voters.contains(*leading) && chance_.chance(0.3) ? *leading : chosen->first;
    const ticket from(++last_ticket_);
    changes_[from] = false;
    step(*leading, [&](replica& core, const moment& at, effects& out) {
        core.remove_voter(from, voters.key_of(removed), {at, change_timeout}, out);
    });
}

void cluster::snapshot(node_id which) {
    node& target = nodes_.at(which);
    if (!target.core || target.applied == offset(0)) return;
    const toy_log& log = target.disk->written();
    const batch* last = log.ending_at(target.applied);
    if (last == nullptr) return;
    const snapshot_id id{last->epoch, last->end()};
    if (!target.core->may_snapshot(id)) return;
    const toy_snapshot taken{id, target.digest, target.core->log().voters_before(id.end)};
    judge_.snapshots(taken);
    target.disk->save(taken);
    marks_.reach(mark::snapshot_taken);
    step(which, [&](replica& core, const moment&, effects& out) {
        core.snapshot_taken({id, static_cast<std::int64_t>(taken.bytes().size())}, out);
    });
}

void cluster::resign_leader() {
    const auto leading = leader();
    if (!leading) return;
    note(fmt::format("node {} hands its leadership over", *leading));
    marks_.reach(mark::leader_handed_over);
    handed_over_in_ = nodes_.at(*leading).core->epoch();
    step(*leading, [](replica& core, const moment& at, effects& out) { core.resign(at, out); });
}

}  // namespace verdikt::broker::raft
