#include "broker/coordinator/group_partition.h"

#include "broker/coordinator/append_errors.h"
#include "runtime/check.h"

#include <utility>

namespace verdikt::broker::coordinator {

using kafka::error_code;

kafka::timestamp group_services::now() const {
    return kafka::timestamp(world.wall_time().time_since_epoch().count());
}

group_partition::group_partition(group_services& services,
                                 kafka::partition_index index,
                                 kafka::leader_epoch epoch)
    : services_(services),
      index_(index),
      epoch_(epoch),
      loading_(services.world.get_executor()),
      writing_(services.world.get_executor()),
      writer_(services.log, index, epoch, writing_) {}

hosted_group* group_partition::find(const std::string& id) {
    const auto found = groups_.find(id);
    return found == groups_.end() ? nullptr : &found->second;
}

hosted_group& group_partition::find_or_create(const std::string& id) {
    const auto found = groups_.find(id);
    if (found != groups_.end()) return found->second;
    return groups_
        .emplace(id,
                 hosted_group{.id = id,
                              .machine = group(services_.config.groups),
                              .offsets = {},
                              .state_since = services_.now()})
        .first->second;
}

/// Gives the event to the group and carries out what comes of it.
template <typename Event>
auto group_partition::apply(hosted_group& to, Event event) {
    CHECK(phase_ == phase::serving);
    const group_state before = to.machine.state();
    effects out;
    if constexpr (std::is_void_v<decltype(event(to.machine, out))>) {
        event(to.machine, out);
        settle(to, before, std::move(out));
    } else {
        auto result = event(to.machine, out);
        settle(to, before, std::move(out));
        return result;
    }
}

void group_partition::settle(hosted_group& changed, group_state before, effects out) {
    INVARIANT((changed.machine.check_invariants(), true));
    const group_state after = changed.machine.state();
    if (after != before) {
        changed.state_since = services_.now();
        auto& log = services_.world.log();
        if (log.enabled(runtime::log_level::info)) {
            log.write(runtime::log_level::info,
                      "group_state_changed",
                      {{"group", changed.id},
                       {"from", name(before)},
                       {"to", name(after)},
                       {"generation", changed.machine.in()},
                       {"members", changed.machine.members().size()}});
        }
    }
    for (effect& what : out) carry_out(changed, std::move(what));
}

void group_partition::carry_out(hosted_group& from, effect&& what) {
    if (auto* arm = std::get_if<arm_timer>(&what)) {
        services_.timers.arm({from.id, std::move(arm->which)}, arm->after);
    } else if (auto* cancel = std::get_if<cancel_timer>(&what)) {
        services_.timers.cancel({from.id, std::move(cancel->which)});
    } else if (auto* joined = std::get_if<answer_join>(&what)) {
        services_.joins.answer(joined->to, std::move(joined->reply));
    } else if (auto* synced = std::get_if<answer_sync>(&what)) {
        services_.syncs.answer(synced->to, std::move(synced->reply));
    } else {
        store(from, std::get<store_group>(std::move(what)));
    }
}

void group_partition::store(hosted_group& from, store_group what) {
    from.recorded = true;
    std::vector<log_record> records;
    records.push_back(group_record(from.id, what.state, services_.now()));
    writer_.write(std::move(records),
                  [this, id = from.id, why = std::move(what.why)](error_code outcome) {
                      hosted_group* group = phase_ == phase::serving ? find(id) : nullptr;
                      if (group == nullptr) return;
                      apply(*group, [&](auto& machine, effects& out) {
                          machine.stored(why, coordinator_error(outcome), out);
                      });
                  });
}

runtime::awaitable<join_reply> group_partition::join(hosted_group& in, join_event event) {
    event.from = services_.last_ticket = services_.last_ticket.next();
    const auto place = services_.joins.expect(event.from);
    apply(in, [&](group& machine, effects& out) { machine.join(std::move(event), out); });
    co_return co_await place->wait();
}

runtime::awaitable<sync_reply> group_partition::sync(hosted_group& in, sync_event event) {
    event.from = services_.last_ticket = services_.last_ticket.next();
    const auto place = services_.syncs.expect(event.from);
    apply(in, [&](group& machine, effects& out) { machine.sync(std::move(event), out); });
    co_return co_await place->wait();
}

error_code group_partition::heartbeat(hosted_group& in, const member_identity& who) {
    return apply(in, [&](group& machine, effects& out) { return machine.heartbeat(who, out); });
}

error_code group_partition::leave(hosted_group& in, const member_identity& who) {
    return apply(in, [&](group& machine, effects& out) { return machine.leave(who, out); });
}

error_code group_partition::admit_commit(hosted_group& in, const member_identity& who) {
    return apply(in, [&](group& machine, effects& out) { return machine.admit_commit(who, out); });
}

void group_partition::timer_fired(const std::string& id, const timer_name& which) {
    hosted_group* group = find(id);
    CHECK(group != nullptr, "a timer of {}, which is not here", id);
    apply(*group, [&](auto& machine, effects& out) { machine.timer_fired(which, out); });
}

void group_partition::retire() {
    phase_ = phase::retired;
    loading_.cancel();
    for (auto& [id, group] : groups_) {
        services_.timers.drop(id);
        effects out;
        group.machine.abandon(error_code::not_coordinator, out);
        for (effect& what : out) carry_out(group, std::move(what));
    }
}

runtime::awaitable<void> group_partition::finish() {
    CHECK(phase_ == phase::retired);
    co_await loading_.cancel_and_join();
    co_await writing_.join();
}

runtime::awaitable<void> group_partition::stop() {
    CHECK(phase_ == phase::retired);
    co_await loading_.cancel_and_join();
    co_await writing_.cancel_and_join();
}

}  // namespace verdikt::broker::coordinator
