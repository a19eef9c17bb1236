#include "tests/sim/cluster/cluster_watch.h"

#include "broker/server/node_transactions.h"
#include "broker/storage/log_directory.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace verdikt::tests {

using broker::server::node_services;
using kafka::error_code;

namespace {

struct answer_mark {
    error_code code;
    mark which;
};

constexpr std::array answer_marks{
    answer_mark{error_code::fenced_leader_epoch, mark::fetch_of_an_older_epoch},
    answer_mark{error_code::unknown_leader_epoch, mark::fetch_of_a_newer_epoch},
    answer_mark{error_code::not_enough_replicas, mark::not_enough_replicas},
    answer_mark{error_code::request_timed_out, mark::commit_timed_out},
    answer_mark{error_code::out_of_order_sequence_number, mark::out_of_order_refused},
    answer_mark{error_code::invalid_producer_epoch, mark::producer_fenced},
};

}  // namespace

void cluster_watch::look_at_machines() {
    for (const cluster_machine& each : machines_) {
        machine_seen& seen = nodes_[each.id()];
        count_if(each.clean_ends() > seen.clean_ends && leads_anything(each.id()),
                 mark::left_while_leading);
        seen.clean_ends = each.clean_ends();
        const std::uint64_t life = each.machine().starts();
        if (seen.life != life) seen = {.life = life, .clean_ends = each.clean_ends()};
        const node_services* const here = each.services();
        if (here == nullptr) continue;
        look_at_answers(seen, *here);
        look_at_disks(seen, each);
        look_at_metadata_log(seen, *here);
    }
    count_beginning(mark::all_down, std::ranges::none_of(machines_, &cluster_machine::running));
}

void cluster_watch::look_at_answers(machine_seen& seen, const node_services& here) {
    const auto& measured = here.measured;
    if (measured.errors != seen.errors) {
        for (const auto& [code, which] : answer_marks) {
            const auto now = measured.errors.find(code);
            if (now == measured.errors.end()) continue;
            marks_.count(which, now->second - seen.errors[code]);
        }
        seen.errors = measured.errors;
    }
    marks_.count(mark::duplicate_answered, measured.duplicate_batches - seen.duplicates);
    marks_.count(mark::duplicate_after_failover,
                 measured.duplicate_batches_of_former_leaders - seen.duplicates_of_former);
    seen.duplicates = measured.duplicate_batches;
    seen.duplicates_of_former = measured.duplicate_batches_of_former_leaders;
}

void cluster_watch::look_at_disks(machine_seen& seen, const cluster_machine& which) {
    const node_services& here = *which.services();
    const bool is_full = std::ranges::any_of(
        here.directories, [](const auto* each) { return each->online() && each->below_reserve(); });
    const bool is_maimed = which.is_maimed();
    count_if(is_full && !seen.is_full, mark::disk_full);
    count_if(!is_full && seen.is_full && !is_maimed, mark::disk_full_and_back);
    count_if(is_maimed && !seen.is_maimed, mark::directory_failed_beside_others);
    seen.is_full = is_full;
    seen.is_maimed = is_maimed;
}

void cluster_watch::look_at_metadata_log(machine_seen& seen, const node_services& here) {
    const auto& core = here.quorum.replica();
    const kafka::offset end = core.log().end();
    kafka::offset& had = metadata_ends_[here.node];
    // A log that begins beyond what this node ever had came as a snapshot.
    count_if(core.log().start().end > had && had > kafka::offset(0),
             mark::metadata_snapshot_fetched);
    count_if(end < had && seen.has_metadata, mark::metadata_log_truncated);
    had = end;
    seen.has_metadata = true;
    const std::int64_t newest =
        core.snapshots().empty() ? 0 : core.snapshots().back().id.end.value();
    count_if(newest > seen.snapshot_end && seen.snapshot_end > 0, mark::metadata_snapshot_taken);
    seen.snapshot_end = newest;
    if (!here.metadata.is_active()) return;
    std::set<kafka::node_id> voters;
    for (const auto& [node, entry] : core.log().voters().all()) voters.insert(node);
    if (voters == voters_) return;
    if (!voters_.empty()) {
        count_if(voters.size() < voters_.size(), mark::voter_removed);
        count_if(voters.size() > voters_.size(), mark::voter_added);
    }
    voters_ = std::move(voters);
}

void cluster_watch::look_at_transactions() {
    for (const cluster_machine& each : machines_) {
        const node_services* const here = each.services();
        if (here == nullptr) continue;
        const auto listing = here->transactions.coordinator().list_transactions({});
        for (const auto& one : listing.transaction_states)
            look_at_transaction(*here, one.transactional_id, one.transaction_state);
    }
}

void cluster_watch::look_at_transaction(const node_services& here,
                                        const std::string& id,
                                        const std::string& state) {
    const auto index = here.transactions.coordinator().partition_of(id);
    const int leader = leader_of("__transaction_state", static_cast<std::size_t>(index.value()));
    // A coordinator that was replaced and does not know yet is out of date.
    if (leader != here.node.value()) return;
    transaction_seen& seen = transactions_[id];
    const auto was_or_is = [&](std::string_view which) {
        return seen.state == which || state == which;
    };
    if (seen.coordinator != 0 && seen.coordinator != leader) {
        count_if(seen.state == "Ongoing", mark::coordinator_moved_while_ongoing);
        count_if(was_or_is("PrepareCommit"), mark::coordinator_moved_while_preparing_commit);
        count_if(was_or_is("PrepareAbort"), mark::coordinator_moved_while_preparing_abort);
    }
    if (seen.state == "Ongoing" && state == "PrepareAbort") {
        const auto found =
            here.transactions.coordinator().describe_transactions({.transactional_ids = {id}});
        const auto& told = found.transaction_states.front();
        const auto now = std::chrono::floor<std::chrono::milliseconds>(here.world.wall_time());
        count_if(told.transaction_start_time_ms >= 0 &&
                     told.transaction_start_time_ms + told.transaction_timeout_ms <=
                         now.time_since_epoch().count(),
                 mark::transaction_timed_out);
    }
    seen = {.coordinator = leader, .state = state};
}

}  // namespace verdikt::tests
