#include "tests/sim/cluster/cluster_watch.h"

#include "broker/metadata/topic_names.h"

#include <algorithm>

namespace verdikt::tests {

using namespace std::chrono_literals;
using broker::metadata::broker_registration;
using broker::metadata::contains;
using broker::metadata::partition;
using broker::metadata::without;

namespace {

constexpr std::size_t min_in_sync = 2;

bool is_leaderless(const partition& which) {
    return which.leader == kafka::no_node;
}

bool is_reassigning(const partition& which) {
    return which.is_reassigning();
}

}  // namespace

void cluster_watch::look_at_metadata() {
    const image* newest = &newest_;
    for (const cluster_machine& each : machines_) {
        const auto* const here = each.services();
        if (here == nullptr) continue;
        const auto& known = here->metadata.image();
        if (known.position() > newest->position()) newest = &known;
    }
    if (newest != &newest_) {
        compare(newest_, *newest);
        newest_ = *newest;
    }
    note_who_knows();
}

/// A topic that is new counts from when no broker can mistake it for the one before it.
void cluster_watch::note_who_knows() {
    for (const auto& [id, topic] : newest_.topics()) {
        if (known_to_all_.contains(id)) continue;
        const bool all = std::ranges::all_of(machines_, [&id](const cluster_machine& each) {
            const auto* const here = each.services();
            return here != nullptr ? here->metadata.image().find_topic(id) != nullptr
                                   : !each.running();
        });
        if (all) known_to_all_.emplace(id, universe_.now());
    }
}

void cluster_watch::compare(const image& before, const image& after) {
    for (const auto& [node, registration] : after.brokers()) {
        const auto* const former = before.find_broker(node);
        if (former != nullptr) compare(*former, registration);
    }
    compare_topics(before, after);
    count_if(after.next_producer_id() > before.next_producer_id(), mark::producer_ids_given_out);
    count_if(after.configs() != before.configs() && !before.configs().empty(),
             mark::setting_changed);
}

void cluster_watch::compare_topics(const image& before, const image& after) {
    for (const auto& [id, topic] : before.topics()) {
        if (after.find_topic(id) != nullptr) continue;
        marks_.count(mark::topic_deleted);
        count_if(is_anyone_down(), mark::topic_deleted_while_one_was_down);
        deleted_topics_.insert(topic.name);
    }
    for (const auto& [id, topic] : after.topics()) {
        const auto* const former = before.find_topic(id);
        if (former == nullptr) {
            count_if(deleted_topics_.contains(topic.name), mark::topic_created_anew);
            continue;
        }
        count_if(topic.partitions.size() > former->partitions.size(), mark::partitions_added);
        for (std::size_t at = 0; at < former->partitions.size(); ++at) {
            const partition& was = former->partitions[at];
            const partition& is = topic.partitions[at];
            if (was == is) continue;
            const kafka::partition_index index(static_cast<std::int32_t>(at));
            compare_elections(after, {topic.name, index}, was, is);
            compare_in_sync(was, is);
            compare_moves(was, is);
        }
    }
}

void cluster_watch::compare_elections(const image& known,
                                      const kafka::topic_partition& which,
                                      const partition& before,
                                      const partition& after) {
    if (after.leader == before.leader) return;
    if (is_leaderless(after)) return marks_.count(mark::leaderless);
    marks_.count(mark::leader_moved);
    const bool nobody_was = before.isr.empty() || is_leaderless(before);
    count_if(nobody_was && contains(before.eligible, after.leader),
             mark::elected_from_the_eligible);
    count_if(nobody_was && before.isr.empty() && before.eligible.empty() &&
                 contains(before.last_known_eligible, after.leader),
             mark::last_known_elected);
    count_if(after.recovery == broker::metadata::recovery_state::recovering &&
                 before.recovery != after.recovery,
             mark::unclean_election);
    count_if(after.leader == after.replicas.front() && contains(before.isr, after.leader) &&
                 contains(after.isr, before.leader),
             mark::preferred_leader_restored);
    // That the directory is lost is told in one go with who leads in its place.
    const auto* const former = known.find_broker(before.leader);
    count_if(former != nullptr && former->is_active() &&
                 !former->has_online(before.directory_of(before.leader)),
             mark::elected_after_a_directory_failed);
    if (which.topic == broker::metadata::offsets_topic_name) {
        marks_.count(mark::group_coordinator_moved);
        count_if(std::ranges::any_of(static_members_, &runtime::sim::node::running),
                 mark::static_member_across_a_coordinator_move);
    }
    const auto [last, is_first] = last_election_.try_emplace(which, universe_.now());
    count_if(!is_first && universe_.now() - last->second < 1s,
             mark::leader_moved_twice_in_a_second);
    last->second = universe_.now();
}

void cluster_watch::compare_in_sync(const partition& before, const partition& after) {
    count_if(!without(before.isr, after.isr).empty(), mark::isr_shrank);
    count_if(!without(after.isr, before.isr).empty(), mark::isr_grew);
    count_if(after.isr.size() < min_in_sync && before.isr.size() >= min_in_sync,
             mark::below_min_isr);
    count_if(after.isr.size() == 1 && before.isr.size() > 1, mark::isr_of_one);
    count_if(after.eligible.size() > before.eligible.size(), mark::eligible_out_of_sync);
    const auto lost = without(without(before.eligible, after.eligible), after.isr);
    count_if(!lost.empty() && after.isr == before.isr, mark::eligible_lost_its_memory);
}

void cluster_watch::compare_moves(const partition& before, const partition& after) {
    if (!before.is_reassigning() && after.is_reassigning()) marks_.count(mark::reassignment_begun);
    if (!before.is_reassigning() || after.is_reassigning()) return;
    const bool completed =
        without(after.replicas, before.adding).size() + before.adding.size() ==
            after.replicas.size() &&
        without(before.removing, after.replicas).size() == before.removing.size();
    marks_.count(completed ? mark::reassignment_completed : mark::reassignment_cancelled);
    const bool one_is_down = std::ranges::any_of(after.replicas, [this](kafka::node_id node) {
        const auto at = static_cast<std::size_t>(node.value() - 1);
        return at < machines_.size() && !machines_.at(at).running();
    });
    count_if(completed && one_is_down, mark::reassignment_completed_while_one_was_down);
}

void cluster_watch::compare(const broker_registration& before, const broker_registration& after) {
    if (after.epoch != before.epoch) {
        marks_.count(before.in_controlled_shutdown ? mark::returned_after_leaving
                                                   : mark::unclean_registration);
    } else if (after.in_controlled_shutdown && !before.in_controlled_shutdown) {
        marks_.count(mark::clean_leave);
    } else if (after.fenced && !before.fenced && !after.in_controlled_shutdown) {
        marks_.count(mark::fenced);
    }
}

bool cluster_watch::is_anything(bool (*so)(const partition&)) const {
    return std::ranges::any_of(newest_.topics(), [so](const auto& each) {
        return std::ranges::any_of(each.second.partitions, so);
    });
}

bool cluster_watch::is_anyone_down() const {
    return !std::ranges::all_of(machines_, &cluster_machine::running);
}

void cluster_watch::look_at_quorum() {
    int controllers = 0;
    for (const cluster_machine& each : machines_) {
        const auto* const here = each.services();
        if (here != nullptr && here->metadata.is_active()) ++controllers;
    }
    count_beginning(mark::no_controller, controllers == 0);
    count_beginning(mark::two_controllers, controllers > 1);
    const int active = controller();
    if (active == 0 || active == last_controller_) return;
    if (last_controller_ != 0) {
        marks_.count(mark::controller_moved);
        count_if(is_anything(&is_leaderless), mark::controller_moved_while_leaderless);
        count_if(is_anything(&is_reassigning), mark::controller_moved_while_reassigning);
    }
    last_controller_ = active;
}

}  // namespace verdikt::tests
