// What reaches a node's state machine, and what is checked after each event.
#include "tests/sim/replication/node_effects.h"
#include "tests/sim/replication/replica_node.h"

#include <algorithm>

namespace verdikt::broker::replication {

using kafka::error_code;

void replica_node::event(const std::function<void(effects&)>& what) {
    if (!replica_) return;
    if (world_.controller.unclean_elections() > 0) world_.verdict.elected_uncleanly();
    const replica_role before = replica_->role();
    const in_sync_set* in_sync =
        before == replica_role::leader ? &replica_->leading()->in_sync() : nullptr;
    const bool was_open = in_sync != nullptr && in_sync->is_open();
    const bool was_shrinking = in_sync != nullptr && in_sync->is_shrinking();
    effects out;
    what(out);
    replica_->check_invariants(log_);
    observe(before, was_open, was_shrinking);
    for (const effect& each : out) std::visit(node_effects(*this), each);
}

void replica_node::observe(replica_role before, bool was_open, bool was_shrinking) {
    world_.verdict.shows(id_, log_, std::min(replica_->high_watermark(), log_.end()));
    const partition_leader* leader = replica_->leading();
    if (leader == nullptr) {
        if (before != replica_role::leader || !was_open) return;
        world_.marks.reach(was_shrinking ? mark::pending_shrink_outlived_leader
                                         : mark::pending_expansion_outlived_leader);
        return;
    }
    if (!leader->is_serving()) return;
    world_.verdict.leads(id_, epoch_, leader->epoch(), log_.start());
    world_.verdict.leader_high_watermark(leader->epoch(), leader->high_watermark());
    if (leader->is_under_min_in_sync() && leader->high_watermark() < log_.durable_end()) {
        world_.marks.reach(mark::high_watermark_held_by_strict_min_isr);
    }
    if (!leader->in_sync().doubtful().empty()) {
        world_.marks.reach(mark::doubt_left_by_a_lost_attempt);
    }
}

void replica_node::note_fetch_error(error_code error) {
    switch (error) {
        case error_code::stale_broker_epoch:
            world_.marks.reach(mark::fetch_of_a_dead_incarnation);
            break;
        case error_code::fenced_leader_epoch:
            world_.marks.reach(mark::fetch_fenced);
            break;
        case error_code::unknown_leader_epoch:
            world_.marks.reach(mark::fetch_from_a_leader_that_is_behind);
            break;
        default:
            break;
    }
}

void replica_node::receive_fetch(kafka::node_id from,
                                 std::uint64_t process,
                                 const replica_fetch& request,
                                 fetch_number number) {
    here([=, this] {
        if (!replica_) return;
        fetch_verdict verdict;
        event([&](effects& out) {
            verdict = replica_->fetch(request, log_, world_.time.now(), out);
        });
        note_fetch_error(verdict.error);
        fetch_answer answer{.number = number,
                            .error = verdict.error,
                            .diverging = verdict.diverging,
                            .high_watermark = verdict.high_watermark,
                            .log_start = verdict.log_start};
        if (world_.settings.canary == misdeed::ignores_divergence) answer.diverging.reset();
        std::vector<stored_record> records;
        if (answer.error == error_code::none && !answer.diverging) {
            records = log_.read(request.from, world_.chance.between(1, 6));
        }
        if (!records.empty()) {
            answer.records = {.first = request.from,
                              .last = request.from + static_cast<std::int64_t>(records.size() - 1),
                              .newest_epoch = records.back().epoch};
        }
        const bool has_news =
            !records.empty() || answer.diverging || answer.error != error_code::none;
        later(has_news ? milliseconds(0) : world_.random_ms(5, 40), [=, this] {
            replica_node& to = world_.node(from);
            world_.send(id_, from, [&to, process, answer, records] {
                if (process != to.process_) return;
                to.here([&to, answer, records] { to.receive_fetch_answer(answer, records); });
            });
        });
    });
}

void replica_node::receive_fetch_answer(fetch_answer answer, std::vector<stored_record> records) {
    if (!replica_) return;
    const partition_follower* follower = replica_->following();
    // Only the answer that is waited for may replace what the last one brought.
    if (follower == nullptr || follower->is_settling()) return;
    if (answer.number == follower->last_number() && !records.empty()) {
        fetched_ = std::move(records);
    }
    event([&](effects& out) { replica_->fetch_answered(answer, log_, world_.time.now(), out); });
}

void replica_node::receive_bounds_request(kafka::node_id from,
                                          std::uint64_t process,
                                          kafka::leader_epoch epoch,
                                          fetch_number number) {
    here([=, this] {
        if (!replica_) return;
        // A follower may know the end of the log: it is no client.
        const auto may_tell = replica_->end_offset_for(epoch, epoch, log_);
        const leader_bounds bounds{.number = number,
                                   .error = may_tell ? error_code::none : may_tell.error(),
                                   .start = log_.start(),
                                   .end = log_.end()};
        replica_node& to = world_.node(from);
        world_.send(id_, from, [&to, process, bounds] {
            if (process != to.process_) return;
            to.here([&to, bounds] {
                to.event([&](effects& out) {
                    to.replica_->leader_bounds_answered(bounds, to.log_, to.world_.time.now(), out);
                });
            });
        });
    });
}

void replica_node::produce(std::uint64_t value, required_acks acks, produce_answer answer) {
    here([=, this] {
        if (!replica_) return;
        const auto admitted = replica_->admit_produce(acks, world_.time.now());
        const bool may_repeat = last_appended_ && acks == required_acks::all;
        if (admitted && may_repeat && *admitted == last_appended_->epoch &&
            world_.chance.chance(0.1)) {
            repeat_record(answer);
            return;
        }
        if (admitted) {
            append_client_record(value, acks, *admitted, answer);
            return;
        }
        if (admitted.error() == error_code::not_enough_replicas) {
            world_.marks.reach(mark::refused_for_too_few_in_sync);
        }
        if (replica_->role() == replica_role::leader && replica_->leading()->is_serving() &&
            admitted.error() == error_code::not_leader_or_follower) {
            world_.marks.reach(mark::isolated_leader_refused);
        }
        answer(admitted.error(), kafka::no_offset);
    });
}

/// A retry of what is here already: nothing is appended, but it waits all the same.
void replica_node::repeat_record(produce_answer answer) {
    replica_->append_begun();
    on_log([this, answer, record = *last_appended_, at = last_appended_at_] {
        event([&](effects& out) { replica_->append_ended(log_, world_.time.now(), out); });
        last_ticket_ = last_ticket_.next();
        waits_[last_ticket_] = {at, record.value, answer};
        event([&](effects& out) {
            replica_->await_commit(last_ticket_, at.next(), record.epoch, out);
        });
    });
}

void replica_node::append_client_record(std::uint64_t value,
                                        required_acks acks,
                                        kafka::leader_epoch epoch,
                                        produce_answer answer) {
    replica_->append_begun();
    on_log([=, this] {
        const kafka::offset at = log_.end();
        log_.append({epoch, value});
        last_appended_ = {epoch, value};
        last_appended_at_ = at;
        if (world_.settings.replica.durable) sync();
        if (replica_->leading() == nullptr) world_.marks.reach(mark::late_append_after_demotion);
        event([&](effects& out) { replica_->append_ended(log_, world_.time.now(), out); });
        if (acks == required_acks::all) {
            last_ticket_ = last_ticket_.next();
            waits_[last_ticket_] = {at, value, answer};
            event(
                [&](effects& out) { replica_->await_commit(last_ticket_, at.next(), epoch, out); });
            return;
        }
        world_.acknowledged_by_leader.insert(value);
        answer(error_code::none, at);
    });
}

void replica_node::delete_records() {
    here([this] {
        if (!replica_ || replica_->leading() == nullptr || !replica_->leading()->is_serving())
            return;
        const std::int64_t bound = replica_->high_watermark().value();
        if (bound <= log_.start().value()) return;
        log_.raise_start(kafka::offset(world_.chance.between(log_.start().value(), bound)));
        last_ticket_ = last_ticket_.next();
        deletions_[last_ticket_] = log_.start();
        event([&](effects& out) {
            replica_->await_deletion(last_ticket_,
                                     log_.start(),
                                     replica_->leading()->epoch(),
                                     log_,
                                     world_.time.now(),
                                     out);
        });
    });
}

void replica_node::tell_end() {
    here([this] {
        if (!replica_ || replica_->leading() == nullptr) return;
        const auto end = replica_->visible_end(kafka::no_leader_epoch);
        if (end) world_.verdict.told_end(replica_->leading()->epoch(), *end);
        if (!end && end.error() == error_code::offset_not_available) {
            world_.marks.reach(mark::high_watermark_below_the_epochs_start);
        }
    });
}

}  // namespace verdikt::broker::replication
