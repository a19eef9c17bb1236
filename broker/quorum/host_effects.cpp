#include "broker/quorum/host_parts.h"

#include <utility>
#include <variant>

namespace verdikt::broker::quorum {

raft::moment quorum_host::parts::moment() {
    return {.now = world_.now(), .chance = world_.random().next()};
}

void quorum_host::parts::step(const event& what) {
    if (!takes_part()) return;
    CHECK(!stepping_, "an event within an event");
    stepping_ = true;
    raft::effects out;
    what(*core_, moment(), out);
    INVARIANT((core_->check_invariants(), true));
    carry_out(out);
    stepping_ = false;
    tell_voters();
    send_all();
}

void quorum_host::parts::carry_out(raft::effects& out) {
    for (raft::effect& each : out) carry_out(each);
}

void quorum_host::parts::carry_out(raft::effect& what) {
    if (auto* state = std::get_if<raft::persist_state>(&what)) {
        state_->persist(std::move(*state));
    } else if (auto* records = std::get_if<raft::append_log>(&what)) {
        disk_->add(std::move(*records));
    } else if (auto* sync = std::get_if<raft::sync_log>(&what)) {
        disk_->add(*sync);
    } else if (auto* cut = std::get_if<raft::truncate_log>(&what)) {
        disk_->add(*cut);
    } else if (auto* trim = std::get_if<raft::trim_log>(&what)) {
        disk_->add(*trim);
    } else if (auto* piece = std::get_if<raft::write_snapshot>(&what)) {
        disk_->add(std::move(*piece));
    } else if (auto* whole = std::get_if<raft::install_snapshot>(&what)) {
        disk_->add(*whole);
    } else if (auto* abandoned = std::get_if<raft::abandon_snapshot>(&what)) {
        disk_->add(*abandoned);
    } else if (auto* committed = std::get_if<raft::commit_to>(&what)) {
        disk_->add(*committed);
    } else if (auto* message = std::get_if<raft::send>(&what)) {
        outgoing_.push_back(std::move(*message));
    } else if (auto* answered = std::get_if<raft::reply>(&what)) {
        reply(std::move(*answered));
    } else if (auto* armed = std::get_if<raft::arm_timer>(&what)) {
        set_alarm(*armed);
    } else if (auto* disarmed = std::get_if<raft::cancel_timer>(&what)) {
        alarms_[static_cast<std::size_t>(disarmed->which)].reset();
        due_.reset(static_cast<std::size_t>(disarmed->which));
    } else {
        carry_out_news(what);
    }
}

void quorum_host::parts::carry_out_news(raft::effect& what) {
    if (const auto* snapshot = std::get_if<raft::load_snapshot>(&what)) {
        delivery_->load(snapshot->snapshot);
    } else if (const auto* changed = std::get_if<raft::leader_changed>(&what)) {
        world_.log().write(
            runtime::log_level::info,
            "quorum_leader_changed",
            {{"epoch", changed->epoch}, {"leader", changed->leader.value_or(kafka::no_node)}});
        delivery_->leader_changed(*changed);
        leader_moved_.notify_all();
    } else if (const auto* ready = std::get_if<raft::leader_ready>(&what)) {
        delivery_->ready(ready->epoch, core_->log().end());
    } else if (const auto* lost = std::get_if<raft::leadership_lost>(&what)) {
        delivery_->leadership_lost(lost->epoch);
    } else {
        const auto& change = std::get<raft::voter_change_done>(what);
        deliver(changing_, change.to, change.error);
    }
}

// ---- Messages.

/// Not before every effect is handed out: a coroutine runs at once until it first waits, and one
/// whose request cannot even be sent would bring the next event.
void quorum_host::parts::send_all() {
    for (raft::send& each : std::exchange(outgoing_, {})) work_.spawn(ask(std::move(each)));
}

runtime::awaitable<void> quorum_host::parts::ask(raft::send what) {
    const raft::request_id id = what.id;
    const raft::node_id to = what.to;
    const peers::result answered =
        co_await others_.ask(to, std::move(what.what), settings_.replica.request_timeout);
    const bool nobody_listens = !answered && answered.error() == no_answer::nobody_listens;
    step([&](raft::replica& core, const raft::moment& at, raft::effects& out) {
        if (answered) {
            core.answered(id, *answered, at, out);
        } else {
            core.unanswered(id, at, out);
        }
        if (nobody_listens) core.process_ended(to, at, out);
    });
}

void quorum_host::parts::reply(raft::reply what) {
    const auto asker = waiting_.find(what.to);
    if (asker == waiting_.end()) return;
    const auto* snapshot = std::get_if<raft::fetch_snapshot_answer>(&what.what);
    const bool is_whole =
        !what.records && (snapshot == nullptr || snapshot->at.error != kafka::error_code::none);
    if (is_whole) {
        deliver<std::optional<served>>(waiting_, what.to, with_leader(std::move(what.what)));
    } else {
        disk_->add(unread_answer{.to = what.to,
                                 .what = std::move(what.what),
                                 .records = what.records,
                                 .bytes_max = asker->second->bytes_max});
    }
}

/// Tells where the leader is that the answer names: who asks may know of voters that there were
/// long ago, and have no other way to find it (KIP-853).
quorum_host::parts::served quorum_host::parts::with_leader(raft::answer what) const {
    const auto leader = std::visit([](const auto& each) { return each.at.leader; }, what);
    served told{.what = std::move(what)};
    if (!leader) return told;
    const auto& voters = core_->log().voters().all();
    const auto entry = voters.find(*leader);
    if (entry == voters.end() || entry->second.endpoints.empty()) return told;
    told.leader = {{*leader, entry->second.endpoints.front()}};
    return told;
}

/// A snapshot that is gone by now is not found; records that cannot be read are this disk's fault.
void quorum_host::parts::read(unread_answer which, raft::payload bytes) {
    if (!bytes) {
        if (auto* snapshot = std::get_if<raft::fetch_snapshot_answer>(&which.what)) {
            snapshot->at.error = kafka::error_code::snapshot_not_found;
        } else if (auto* records = std::get_if<raft::fetch_answer>(&which.what)) {
            records->at.error = kafka::error_code::kafka_storage_error;
        }
    }
    served whole = with_leader(std::move(which.what));
    whole.bytes = std::move(bytes);
    deliver<std::optional<served>>(waiting_, which.to, std::move(whole));
}

// ---- Timers.

void quorum_host::parts::set_alarm(raft::arm_timer what) {
    const auto which = static_cast<std::size_t>(what.which);
    due_.reset(which);
    alarms_[which] = world_.set_alarm(world_.now() + what.after, [this, which] {
        due_.set(which);
        timer_due_.notify_all();
    });
}

runtime::awaitable<void> quorum_host::parts::run_timers() {
    for (;;) {
        if (due_.none()) co_await timer_due_.wait();
        for (std::size_t which = 0; which < raft::timer_count; ++which) {
            if (!due_.test(which)) continue;
            due_.reset(which);
            step([which](raft::replica& core, const raft::moment& at, raft::effects& out) {
                core.timer_fired(static_cast<raft::timer>(which), at, out);
            });
        }
    }
}

void quorum_host::parts::tell_voters() {
    if (told_voters_ == core_->log().voters()) return;
    told_voters_ = core_->log().voters();
    others_.voters_are(told_voters_);
}

// ---- What the disk did.

void quorum_host::parts::log_synced(raft::sync_id id) {
    step([id](raft::replica& core, const raft::moment& at, raft::effects& out) {
        core.log_synced(id, at, out);
    });
}

void quorum_host::parts::snapshot_installed(raft::snapshot_id snapshot,
                                            const raft::voter_set& voters) {
    step([&](raft::replica& core, const raft::moment& at, raft::effects& out) {
        core.snapshot_installed(snapshot, voters, at, out);
    });
}

void quorum_host::parts::committed(raft::offset to) {
    delivery_->committed(to);
}

/// A leader that cannot write holds everybody up; another may have room.
void quorum_host::parts::disk_full() {
    world_.log().write(runtime::log_level::warning, "quorum_disk_full");
    give_way();
}

runtime::awaitable<void> quorum_host::parts::watch_disk() {
    for (;;) {
        // Where there is nobody else, another epoch would help nobody.
        const bool has_others = takes_part() && core_->log().voters().all().size() > 1;
        if (directory_.stalled() && has_others) give_way();
        co_await directory_.health_changed().wait();
    }
}

void quorum_host::parts::give_way() {
    step([](raft::replica& core, const raft::moment& at, raft::effects& out) {
        core.resign(at, out);
    });
}

void quorum_host::parts::disk_failed(std::string why) {
    fail(std::move(why));
}

}  // namespace verdikt::broker::quorum
