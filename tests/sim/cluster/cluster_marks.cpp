#include "tests/sim/cluster/cluster_marks.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace verdikt::tests {

namespace {

constexpr std::array<std::string_view, marks> names{
    "leader moved",
    "leaderless",
    "ISR shrank",
    "ISR grew",
    "below min.insync.replicas",
    "eligible out of sync",
    "controller moved",
    "fenced",
    "clean leave",
    "returned after leaving",
    "unclean registration",
    "two served as leader",
    "truncated",
    "high watermark behind after election",
    "snapshot of metadata",
    "all down",
    "disk failed",
    "healed without one",
    "delivered",
    "failed",
    "unknown",
    "offsets committed",
    "transaction committed",
    "transaction aborted",
    "transaction unknown",
};

constexpr std::size_t min_in_sync = 2;

}  // namespace

std::string_view name(mark which) {
    return names.at(static_cast<std::size_t>(which));
}

std::size_t cluster_marks::reached() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(counts_, [](auto each) { return each > 0; }));
}

void cluster_marks::add(const cluster_marks& other) {
    for (std::size_t at = 0; at < marks; ++at) counts_.at(at) += other.counts_.at(at);
}

std::string cluster_marks::text() const {
    std::string lines = fmt::format("{} of {} marks reached\n", reached(), marks);
    for (std::size_t at = 0; at < marks; ++at)
        lines += fmt::format("  {:>8} {}\n", counts_.at(at), names.at(at));
    return lines;
}

void cluster_watch::look() {
    look_at_metadata();
    look_at_logs();
    look_at_quorum();
    const auto is_down = [](const cluster_machine& each) { return !each.machine->running(); };
    count_beginning(mark::all_down, std::ranges::all_of(machines_, is_down));
}

void cluster_watch::count_beginning(mark which, bool lasts) {
    bool& lasted = lasting_.at(static_cast<std::size_t>(which));
    if (lasts && !lasted) marks_.count(which);
    lasted = lasts;
}

int cluster_watch::leader_of(const std::string& topic, std::size_t partition) const {
    const auto* const known = newest_.find_topic(topic);
    if (known == nullptr || partition >= known->partitions.size()) return 0;
    return std::max(known->partitions[partition].leader.value(), 0);
}

int cluster_watch::controller() const {
    kafka::leader_epoch newest = kafka::no_leader_epoch;
    int found = 0;
    for (const cluster_machine& each : machines_) {
        const auto* const here = each.services();
        if (here == nullptr || !here->metadata.is_active()) continue;
        const kafka::leader_epoch epoch(here->quorum.replica().epoch().value());
        if (epoch < newest) continue;
        newest = epoch;
        found = each.id().value();
    }
    return found;
}

void cluster_watch::look_at_metadata() {
    const broker::metadata::image* newest = &newest_;
    for (const cluster_machine& each : machines_) {
        const auto* const here = each.services();
        if (here == nullptr) continue;
        const auto& image = here->metadata.image();
        if (image.position() > newest->position()) newest = &image;
    }
    if (newest == &newest_) return;
    compare(newest_, *newest);
    newest_ = *newest;
}

void cluster_watch::compare(const broker::metadata::image& before,
                            const broker::metadata::image& after) {
    for (const auto& [node, registration] : after.brokers()) {
        const auto* const former = before.find_broker(node);
        if (former != nullptr) compare(*former, registration);
    }
    for (const auto& [id, topic] : after.topics()) {
        const auto* const former = before.find_topic(id);
        if (former == nullptr) continue;
        for (std::size_t at = 0; at < former->partitions.size(); ++at)
            compare(former->partitions[at], topic.partitions[at]);
    }
}

void cluster_watch::compare(const broker::metadata::partition& before,
                            const broker::metadata::partition& after) {
    const auto count_if = [this](bool happened, mark which) {
        if (happened) marks_.count(which);
    };
    count_if(after.leader != before.leader && after.leader != kafka::no_node, mark::leader_moved);
    count_if(after.leader != before.leader && after.leader == kafka::no_node, mark::leaderless);
    count_if(!broker::metadata::without(before.isr, after.isr).empty(), mark::isr_shrank);
    count_if(!broker::metadata::without(after.isr, before.isr).empty(), mark::isr_grew);
    count_if(after.isr.size() < min_in_sync && before.isr.size() >= min_in_sync,
             mark::below_min_isr);
    count_if(after.eligible.size() > before.eligible.size(), mark::eligible_out_of_sync);
}

void cluster_watch::compare(const broker::metadata::broker_registration& before,
                            const broker::metadata::broker_registration& after) {
    if (after.epoch != before.epoch) {
        marks_.count(before.in_controlled_shutdown ? mark::returned_after_leaving
                                                   : mark::unclean_registration);
    } else if (after.in_controlled_shutdown && !before.in_controlled_shutdown) {
        marks_.count(mark::clean_leave);
    } else if (after.fenced && !before.fenced && !after.in_controlled_shutdown) {
        marks_.count(mark::fenced);
    }
}

void cluster_watch::look_at_logs() {
    std::map<kafka::topic_partition, int> leaders;
    bool is_behind = false;
    for (const cluster_machine& each : machines_) {
        const auto* const here = each.services();
        if (here == nullptr) continue;
        for (const auto& partition : here->partitions.each()) {
            const kafka::offset end = partition->log().log_end();
            replica_seen& seen = replicas_[{each.id(), partition->name()}];
            const bool same_life = seen.life == each.machine->starts();
            if (end < seen.end && same_life) marks_.count(mark::truncated);
            seen = {.life = each.machine->starts(), .end = end};
            if (partition->serving_epoch()) ++leaders[partition->name()];
            const auto* const leading = partition->replica().leading();
            is_behind = is_behind || (leading != nullptr && leading->is_serving() &&
                                      leading->high_watermark() < leading->epoch_start());
        }
    }
    count_beginning(mark::high_watermark_behind_after_election, is_behind);
    count_beginning(mark::two_served_as_leader,
                    std::ranges::any_of(leaders, [](const auto& each) { return each.second > 1; }));
}

void cluster_watch::look_at_quorum() {
    const int active = controller();
    if (active != 0 && active != last_controller_) {
        if (last_controller_ != 0) marks_.count(mark::controller_moved);
        last_controller_ = active;
    }
    for (const cluster_machine& each : machines_) {
        const auto* const here = each.services();
        if (here == nullptr) continue;
        const auto& core = here->quorum.replica();
        const std::int64_t newest =
            core.snapshots().empty() ? 0 : core.snapshots().back().id.end.value();
        std::int64_t& seen = snapshots_[each.id()];
        if (newest > seen) marks_.count(mark::snapshot_of_metadata);
        seen = newest;
    }
}

}  // namespace verdikt::tests
