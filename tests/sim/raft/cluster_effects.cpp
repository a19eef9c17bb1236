#include "tests/sim/raft/cluster_effects.h"

#include "runtime/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace verdikt::broker::raft {

void cluster::carry_out(node_id which, effects& out) {
    node& on = nodes_.at(which);
    for (const effect& each : out) {
        if (const auto* message = std::get_if<send>(&each)) {
            send_request(on, *message);
        } else if (const auto* answered = std::get_if<reply>(&each)) {
            send_answer(on, *answered);
        } else if (const auto* armed = std::get_if<arm_timer>(&each)) {
            set_timer(on, armed->which, armed->after);
        } else if (const auto* cancelled = std::get_if<cancel_timer>(&each)) {
            set_timer(on, cancelled->which, std::nullopt);
        } else if (const auto* committed = std::get_if<commit_to>(&each)) {
            apply_committed(on, committed->to);
        } else if (const auto* restored = std::get_if<load_snapshot>(&each)) {
            load(on, restored->snapshot);
        } else {
            carry_out_disk(on, each);
        }
    }
    if (on.core->role() == role::leader) judge_.leads(which, on.core->epoch(), on.disk->written());
}

void cluster::carry_out_disk(node& on, const effect& what) {
    if (const auto* appended = std::get_if<append_log>(&what)) {
        on.disk->append(appended->batches);
    } else if (const auto* shorter = std::get_if<truncate_log>(&what)) {
        on.disk->truncate(shorter->to);
    } else if (const auto* trimmed = std::get_if<trim_log>(&what)) {
        on.disk->trim(trimmed->to);
    } else if (const auto* synced = std::get_if<sync_log>(&what)) {
        sync(on, *synced);
    } else if (const auto* voted = std::get_if<persist_state>(&what)) {
        persist(on, *voted);
    } else if (const auto* chunk = std::get_if<write_snapshot>(&what)) {
        if (chunk->position == 0) on.download.clear();
        CHECK(static_cast<std::size_t>(chunk->position) == on.download.size());
        on.download.insert(on.download.end(), chunk->bytes->begin(), chunk->bytes->end());
    } else if (std::holds_alternative<abandon_snapshot>(what)) {
        on.download.clear();
        marks_.reach(mark::snapshot_fetch_abandoned);
    } else if (const auto* whole = std::get_if<install_snapshot>(&what)) {
        install(on, *whole);
    }
}

void cluster::sync(node& on, const sync_log& what) {
    const auto took = duration(chance_.between(50'000, on.sync_delay_max.count()));
    const std::size_t operations = on.disk->begin_sync();
    const node_id id = on.key.id;
    schedule_for(id, now() + took, [this, id, operations, sync = what.id] {
        nodes_.at(id).disk->end_sync(operations);
        step(id, [&](replica& core, const moment& at, effects& out) {
            core.log_synced(sync, at, out);
        });
    });
}

void cluster::persist(node& on, const persist_state& what) {
    // One file, written over and over: the writes complete in their order.
    const auto took = duration(chance_.between(50'000, on.sync_delay_max.count()));
    on.disk_free_at = std::max(now(), on.disk_free_at) + took;
    on.disk->begin_persist(what.state);
    const node_id id = on.key.id;
    schedule_for(id, on.disk_free_at, [this, id, write = what.id] {
        nodes_.at(id).disk->end_persist();
        persisting_ = true;
        step(id, [&](replica& core, const moment& at, effects& out) {
            core.state_persisted(write, at, out);
        });
        persisting_ = false;
    });
}

void cluster::install(node& on, const install_snapshot& what) {
    const toy_snapshot& meant = judge_.snapshot(what.snapshot.id);
    CHECK(on.download == meant.bytes(), "the chunks do not make the snapshot");
    const auto took = duration(chance_.between(100'000, 2 * on.sync_delay_max.count()));
    const node_id id = on.key.id;
    schedule_for(id, now() + took, [this, id, meant] {
        nodes_.at(id).disk->install(meant);
        marks_.reach(mark::snapshot_installed);
        step(id, [&](replica& core, const moment& at, effects& out) {
            core.snapshot_installed(meant.id, meant.voters, at, out);
        });
    });
}

void cluster::apply_committed(node& on, offset to) {
    const toy_log& log = on.disk->written();
    auto next = std::ranges::lower_bound(log.batches, on.applied, {}, &batch::base);
    for (; next != log.batches.end() && next->end() <= to; ++next) {
        CHECK(next->base == on.applied, "a gap before {}", next->base);
        judge_.commits(on.key.id, *next);
        on.digest = (on.digest ^ value_of(*next)) * 0x100000001b3U +
                    static_cast<std::uint64_t>(next->base.value());
        on.applied = next->end();
    }
    CHECK(on.applied == to, "committed to {}, delivered to {}", to, on.applied);
}

void cluster::load(node& on, const snapshot_id& id) {
    on.applied = id.end;
    on.digest = judge_.snapshot(id).digest;
}

void cluster::set_timer(node& on, timer which, std::optional<duration> after) {
    timer_state& state = on.timers[static_cast<std::size_t>(which)];
    const std::uint64_t generation = ++state.generation;
    state.at.reset();
    if (!after) return;
    state.at = local_clock(on) + *after;
    const auto real = static_cast<double>(after->count()) / on.clock_rate;
    const node_id id = on.key.id;
    schedule_for(
        id, now() + duration(static_cast<std::int64_t>(real) + 1), [this, id, which, generation] {
            timer_state& due = nodes_.at(id).timers[static_cast<std::size_t>(which)];
            if (due.generation != generation) return;
            due.at.reset();
            firing_ = which;
            step(id, [&](replica& core, const moment& at, effects& out) {
                core.timer_fired(which, at, out);
            });
            firing_.reset();
        });
}

}  // namespace verdikt::broker::raft
