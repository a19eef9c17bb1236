#include "tests/sim/replication/node_effects.h"

#include "runtime/check.h"

#include <algorithm>

namespace verdikt::broker::replication {

using kafka::error_code;

void node_effects::operator()(const assign_epoch& wanted) {
    replica_node& node = node_;
    node.on_log([&node, epoch = wanted.epoch] {
        if (node.log_.epoch_of(node.log_.end().previous()) != node.log_.latest_epoch() &&
            node.log_.start() < node.log_.end()) {
            node.world_.marks.reach(mark::epoch_without_records);
        }
        node.log_.assign(epoch);
        node.event([&](effects& out) {
            node.replica_->epoch_assigned(epoch, node.log_, node.world_.time.now(), out);
        });
    });
}

void node_effects::operator()(const advance_high_watermark&) {
    node_.world_.verdict.shows(node_.id_, node_.log_, node_.replica_->high_watermark());
}

void node_effects::operator()(const answer_produce& wanted) {
    const auto found = node_.waits_.find(wanted.to);
    if (found == node_.waits_.end()) return;
    const replica_node::wait wait = std::move(found->second);
    node_.waits_.erase(found);
    if (wanted.error == error_code::none) node_.world_.verdict.acknowledged(wait.at, wait.value);
    if (wanted.error == error_code::not_enough_replicas_after_append) {
        node_.world_.marks.reach(mark::committed_but_too_few_left_in_sync);
    }
    if (wanted.error == error_code::not_leader_or_follower) {
        node_.world_.marks.reach(mark::waits_failed_by_demotion);
    }
    wait.answer(wanted.error, wait.at);
}

void node_effects::operator()(const answer_deletion& wanted) {
    const auto found = node_.deletions_.find(wanted.to);
    CHECK(found != node_.deletions_.end());
    if (wanted.error == error_code::none) node_.world_.verdict.deleted(found->second);
    node_.deletions_.erase(found);
}

void node_effects::operator()(const send_alter_partition& wanted) {
    replica_node& node = node_;
    world& around = node.world_;
    const std::uint64_t process = node.process_;
    if (wanted.number == node.last_sent_) around.marks.reach(mark::proposal_sent_again);
    node.last_sent_ = wanted.number;
    const auto arrive = [&node, &around, process, wanted, from = node.epoch_] {
        const alter_outcome outcome = around.controller.alter_partition(node.id_, from, wanted);
        node_effects(node).note_alter_outcome(wanted, outcome);
        around.send(controller_address, node.id_, [&node, &around, process, wanted, outcome] {
            if (process != node.process_) return;
            node.here([&node, &around, wanted, outcome] {
                node.event([&](effects& out) {
                    node.replica_->alter_partition_answered(
                        wanted.number, outcome, node.log_, around.time.now(), out);
                });
            });
        });
    };
    around.send(node.id_, controller_address, [&around, arrive] {
        // On an old connection it may arrive long after it was given up and sent again.
        const bool is_late = !around.calm && around.chance.chance(0.1);
        around.time.after(is_late ? around.random_ms(50, 400) : milliseconds(0), arrive);
    });
    node.later(milliseconds(120), [&node, &around, number = wanted.number] {
        node.event([&](effects& out) {
            node.replica_->alter_partition_answered(
                number, alter_lost{}, node.log_, around.time.now(), out);
        });
    });
}

void node_effects::note_alter_outcome(const send_alter_partition& request,
                                      const alter_outcome& outcome) {
    if (const auto* refusal = std::get_if<alter_refused>(&outcome)) {
        if (refusal->error == error_code::ineligible_replica) {
            node_.world_.marks.reach(mark::proposal_ineligible);
        }
        return;
    }
    if (!node_.replica_ || node_.replica_->role() != replica_role::leader) return;
    const in_sync_set& believed = node_.replica_->leading()->in_sync();
    if (believed.epoch() != request.epoch) return;
    if (!believed.doubtful().empty() && believed.last_number() == request.number) {
        node_.world_.marks.reach(mark::doubt_lifted_by_an_empty_change);
    }
}

void node_effects::operator()(const send_fetch& wanted) {
    replica_node& node = node_;
    world& around = node.world_;
    const replica_fetch request{.replica = node.id_,
                                .epoch = node.epoch_,
                                .current_leader_epoch = wanted.current_leader_epoch,
                                .from = wanted.from,
                                .last_fetched_epoch = wanted.last_fetched_epoch,
                                .log_start = wanted.log_start};
    around.send(
        node.id_, wanted.leader, [&node, &around, process = node.process_, wanted, request] {
            around.node(wanted.leader).receive_fetch(node.id_, process, request, wanted.number);
        });
    node.later(milliseconds(200), [&node, number = wanted.number] {
        node.receive_fetch_answer({.number = number, .error = error_code::network_exception}, {});
    });
}

void node_effects::settled() {
    node_.event([&](effects& out) {
        node_.replica_->log_settled(node_.log_, node_.world_.time.now(), out);
    });
    if (node_.world_.settings.replica.durable) node_.sync();
}

void node_effects::operator()(const append_fetched&) {
    replica_node& node = node_;
    node.cuts_in_a_row_ = 0;
    node.on_log([&node, records = std::move(node.fetched_)] {
        for (const stored_record& record : records) {
            if (record.epoch < node.log_.epoch_of(node.log_.end().previous())) {
                node.world_.verdict.violation("a record of an older epoch follows a newer one");
                break;
            }
            node.log_.append(record);
        }
        node_effects(node).settled();
    });
}

void node_effects::note_cut(kafka::offset to, bool below_high_watermark) {
    world& around = node_.world_;
    around.marks.reach(mark::truncated);
    if (++node_.cuts_in_a_row_ == 2) around.marks.reach(mark::truncated_across_two_epochs);
    if (below_high_watermark) {
        around.marks.reach(mark::truncated_below_the_high_watermark);
        if (around.controller.unclean_elections() == 0) {
            around.verdict.violation(
                fmt::format("node {} cuts below its high watermark", node_.id_));
        }
    }
    for (kafka::offset at = std::max(to, node_.log_.start()); at < node_.log_.end();
         at = at.next()) {
        if (around.acknowledged_by_leader.contains(node_.log_.at(at).value)) {
            around.marks.reach(mark::truncated_what_was_acknowledged_by_its_leader_alone);
            return;
        }
    }
}

void node_effects::operator()(const truncate_log& wanted) {
    replica_node& node = node_;
    note_cut(wanted.to, wanted.below_high_watermark);
    node.on_log([&node, to = wanted.to] {
        node.log_.truncate(to);
        node.sync_target_ = std::min(node.sync_target_, to);
        node_effects(node).settled();
    });
}

void node_effects::operator()(const restart_log& wanted) {
    replica_node& node = node_;
    node.world_.marks.reach(mark::log_restarted_at_the_leaders_start);
    node.on_log([&node, at = wanted.at] {
        node.log_.restart(at);
        node.sync_target_ = at;
        node_effects(node).settled();
    });
}

void node_effects::operator()(const raise_log_start& wanted) {
    replica_node& node = node_;
    node.on_log([&node, to = wanted.to] {
        node.log_.raise_start(to);
        node_effects(node).settled();
    });
}

void node_effects::operator()(const ask_leader_bounds& wanted) {
    replica_node& node = node_;
    world& around = node.world_;
    around.marks.reach(mark::leaders_bounds_asked);
    around.send(node.id_, wanted.leader, [&node, &around, process = node.process_, wanted] {
        around.node(wanted.leader)
            .receive_bounds_request(node.id_, process, wanted.current_leader_epoch, wanted.number);
    });
    node.later(milliseconds(200), [&node, number = wanted.number] {
        node.event([&](effects& out) {
            node.replica_->leader_bounds_answered(
                {.number = number, .error = error_code::network_exception},
                node.log_,
                node.world_.time.now(),
                out);
        });
    });
}

}  // namespace verdikt::broker::replication
