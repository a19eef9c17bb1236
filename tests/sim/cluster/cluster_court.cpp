#include "tests/sim/cluster/cluster_court.h"

#include "broker/server/node_transactions.h"
#include "broker/server/topic_catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace verdikt::tests {

using broker::server::node_services;

namespace {

constexpr std::size_t samples_max = 40;
constexpr std::size_t violations_max = 10;

}  // namespace

void cluster_court::complain(std::string what) {
    if (violations_.size() >= violations_max) return;
    const auto at = std::chrono::duration<double>(universe_.now().time_since_epoch()).count();
    violations_.push_back(fmt::format("at {:.3f} s: {}", at, what));
}

void cluster_court::look() {
    note_epochs();
    for (const cluster_machine& each : machines_) {
        const node_services* const here = each.services();
        if (here == nullptr) continue;
        for (const auto& replica : here->partitions.each()) look_at(each, *replica);
        look_at_votes(each);
    }
}

/// Whoever knows what a leader committed knows of its epoch: with any older leader this court is
/// not concerned, not even if the new one came and went between two looks.
void cluster_court::note_epochs() {
    for (const cluster_machine& each : machines_) {
        const node_services* const here = each.services();
        if (here == nullptr) continue;
        for (const auto& replica : here->partitions.each()) {
            history& of = partitions_[{replica->topic_id(), replica->name().partition}];
            of.newest_epoch = std::max(of.newest_epoch, replica->replica().state().leader_epoch);
        }
    }
}

void cluster_court::look_closely() {
    for (const cluster_machine& each : machines_) {
        const node_services* const here = each.services();
        if (here == nullptr) continue;
        here->metadata.check_invariants();
        here->partitions.check_invariants();
        here->topics.check_invariants();
        for (const auto& replica : here->partitions.each()) {
            history& of = partitions_[{replica->topic_id(), replica->name().partition}];
            look_at_samples(*replica, each.id(), of);
        }
    }
}

void cluster_court::look_at(const cluster_machine& on, const hosted& replica) {
    if (replica.is_stopped() || replica.role() == broker::replication::replica_role::failed) return;
    const auto& log = replica.log();
    const kafka::offset committed = log.high_watermark();
    if (log.last_stable_offset() > committed || committed > log.log_end()) {
        complain(fmt::format("{} on {}: stable to {}, committed to {}, ends at {}",
                             replica.name(),
                             on.id(),
                             log.last_stable_offset(),
                             committed,
                             log.log_end()));
    }
    history& of = partitions_[{replica.topic_id(), replica.name().partition}];
    if (replica.serving_epoch()) look_at_leader(on, replica, of);
    if (!may_lose(*on.services(), replica.name().topic, of))
        of.committed = std::max(of.committed, committed);
}

void cluster_court::look_at_leader(const cluster_machine& on, const hosted& replica, history& of) {
    const kafka::leader_epoch epoch = *replica.serving_epoch();
    const auto& log = replica.log();
    const auto [known, is_new] = of.leaders.try_emplace(epoch, leadership{.leader = on.id()});
    if (known->second.leader != on.id()) {
        complain(fmt::format("{} led by {} and by {} in epoch {}",
                             replica.name(),
                             known->second.leader,
                             on.id(),
                             epoch));
    }
    if (log.high_watermark() < known->second.high_watermark) {
        complain(fmt::format("{} on {}: high watermark back from {} to {} in epoch {}",
                             replica.name(),
                             on.id(),
                             known->second.high_watermark,
                             log.high_watermark(),
                             epoch));
    }
    known->second.high_watermark = std::max(known->second.high_watermark, log.high_watermark());
    if (epoch >= of.newest_epoch && log.log_end() < of.committed) {
        complain(
            fmt::format("{} on {}: leads epoch {} with a log that ends at {}, and {} was "
                        "committed",
                        replica.name(),
                        on.id(),
                        epoch,
                        log.log_end(),
                        of.committed));
    }
    if (may_lose(*on.services(), replica.name().topic, of) ||
        log.high_watermark() <= log.log_start())
        return;
    const kafka::offset last(log.high_watermark().value() - 1);
    of.samples.try_emplace(last, log.epoch_of(last));
    if (of.samples.size() > samples_max) of.samples.erase(of.samples.begin());
}

void cluster_court::look_at_samples(const hosted& replica, kafka::node_id on, history& of) {
    const auto& log = replica.log();
    if (replica.is_stopped() || log.failure()) return;
    for (const auto& [offset, epoch] : of.samples) {
        if (offset < log.log_start() || offset >= log.high_watermark()) continue;
        if (log.epoch_of(offset) == epoch) continue;
        complain(fmt::format("{} on {}: offset {} is of epoch {}, and was committed in epoch {}",
                             replica.name(),
                             on,
                             offset,
                             log.epoch_of(offset),
                             epoch));
    }
}

void cluster_court::look_at_votes(const cluster_machine& on) {
    const auto& state = on.services()->quorum.replica().state();
    ballot& of = ballots_[state.epoch];
    if (state.leader) {
        if (!of.leader) of.leader = state.leader;
        if (*of.leader != *state.leader) {
            complain(fmt::format("epoch {} of the quorum has the leaders {} and {}",
                                 state.epoch,
                                 *of.leader,
                                 *state.leader));
        }
    }
    if (!state.voted) return;
    // A vote that is told to nobody before it is durable may be forgotten with its process.
    const auto [cast, is_first] =
        of.votes.try_emplace({on.id(), on.machine().starts()}, *state.voted);
    if (cast->second != *state.voted)
        complain(fmt::format("{} voted twice in epoch {} of the quorum", on.id(), state.epoch));
}

/// Whether an unclean election may take back what was committed. Asked of metadata only where they
/// changed: this is called more often than anything else here.
bool cluster_court::may_lose(const node_services& here, const std::string& topic, history& of) {
    const auto& image = here.metadata.image();
    if (of.known_at == image.position()) return of.may_lose;
    of.known_at = image.position();
    const std::string* const set = image.find_topic_config(topic, "unclean.leader.election.enable");
    of.may_lose = of.may_lose || (set != nullptr && *set == "true");
    return of.may_lose;
}

}  // namespace verdikt::tests
