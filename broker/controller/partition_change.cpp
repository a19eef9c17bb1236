#include "broker/controller/partition_change.h"

#include "broker/metadata/partition_records.h"
#include "runtime/check.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace verdikt::broker::controller {

using kafka::node_id;
using metadata::contains;
using metadata::nodes;
using metadata::partition;
using metadata::recovery_state;
using metadata::without;

namespace {

nodes both(const nodes& some, const nodes& others) {
    nodes result = some;
    std::ranges::copy(without(others, some), std::back_inserter(result));
    return result;
}

nodes among(const nodes& some, const nodes& others) {
    nodes result;
    std::ranges::copy_if(
        some, std::back_inserter(result), [&](node_id which) { return contains(others, which); });
    return result;
}

/// One change of one partition being worked out.
class working_out {
  public:
    working_out(const draft& into,
                const metadata::topic& of,
                const partition& before,
                const partition_change& change)
        : into_(into),
          change_(change),
          before_(before),
          after_(before),
          min_insync_replicas_(into.min_insync_replicas(of.name)) {}

    partition result() {
        take_over();
        complete_reassignment();
        elect();
        keep_eligible();
        remember_leader();
        const bool was_complete = !before_.isr.empty() || !before_.eligible.empty();
        const bool is_complete = !after_.isr.empty() || !after_.eligible.empty();
        CHECK(!was_complete || is_complete || !change_.lost.empty(),
              "the last complete replica would be removed");
        return std::move(after_);
    }

  private:
    void take_over() {
        after_.replicas = change_.replicas;
        after_.directories = change_.directories;
        after_.adding = change_.adding;
        after_.removing = change_.removing;
        after_.recovery = change_.recovery;
        after_.isr = without(change_.isr, change_.lost);
    }

    /// Ends a reassignment once those that it brings in are in sync, and enough remain in sync
    /// without those that it takes away: otherwise the last acknowledged records could be on fewer
    /// replicas than `min.insync.replicas` promises.
    void complete_reassignment() {
        if (!after_.is_reassigning()) return;
        partition done = after_;
        done.replicas = without(after_.replicas, after_.removing);
        done.isr = without(after_.isr, after_.removing);
        if (done.replicas.empty() || !without(after_.adding, done.isr).empty()) return;
        if (done.isr.size() < metadata::effective_min_isr(min_insync_replicas_, done)) return;
        done.directories.clear();
        for (const node_id which : done.replicas)
            done.directories.push_back(after_.directory_of(which));
        done.adding.clear();
        done.removing.clear();
        after_ = std::move(done);
    }

    [[nodiscard]] bool can_lead(node_id which) const {
        return contains(after_.replicas, which) && into_.image().is_electable(after_, which);
    }
    [[nodiscard]] node_id first_able(const nodes& some) const {
        const auto found =
            std::ranges::find_if(some, [&](node_id which) { return can_lead(which); });
        return found == some.end() ? kafka::no_node : *found;
    }

    void elect() {
        const nodes complete = without(both(before_.isr, before_.eligible), change_.lost);
        if (const node_id clean = clean_leader(); clean != kafka::no_node) {
            after_.leader = clean;
            return;
        }
        if (const node_id eligible = first_able(among(after_.replicas, complete));
            eligible != kafka::no_node && after_.isr.empty()) {
            after_.leader = eligible;
            after_.isr = {eligible};
            return;
        }
        elect_uncleanly(complete);
    }

    [[nodiscard]] node_id clean_leader() const {
        const node_id preferred = after_.replicas.front();
        if (change_.elect == election::preferred && contains(after_.isr, preferred) &&
            can_lead(preferred))
            return preferred;
        if (contains(after_.isr, before_.leader) && can_lead(before_.leader)) return before_.leader;
        return first_able(among(after_.replicas, after_.isr));
    }

    void elect_uncleanly(const nodes& complete) {
        const nodes last_known = led_last();
        node_id chosen = kafka::no_node;
        // Liveness is asserted by `can_lead`: a leader that is not there would be worse than none.
        const bool nobody_complete = among(complete, after_.replicas).empty();
        if (nobody_complete && into_.settings().last_known_leader_election)
            chosen = first_able(last_known);
        if (chosen == kafka::no_node && change_.elect == election::unclean)
            chosen = first_able(both(last_known, after_.replicas));
        after_.leader = chosen;
        if (chosen == kafka::no_node) return;
        after_.isr = {chosen};
        after_.recovery = recovery_state::recovering;
        unclean_ = true;
    }

    /// Where whoever led last was moved away or has lost its log, those that were complete until
    /// now know most; without them nobody could ever be elected again.
    [[nodiscard]] nodes led_last() const {
        const nodes known =
            before_.leader != kafka::no_node ? nodes{before_.leader} : before_.last_known_eligible;
        nodes left = among(after_.replicas, without(known, change_.wiped));
        if (!left.empty()) return left;
        return among(after_.replicas, without(both(before_.isr, before_.eligible), change_.wiped));
    }

    /// KIP-966: whoever leaves the in-sync set while fewer than the minimum remain in it stays
    /// eligible, because from then on nothing more is acknowledged; with the minimum back, nobody
    /// is.
    void keep_eligible() {
        const bool enough =
            after_.isr.size() >= metadata::effective_min_isr(min_insync_replicas_, after_);
        if (enough || unclean_) {
            after_.eligible.clear();
            return;
        }
        const nodes complete = without(both(before_.eligible, before_.isr), change_.lost);
        after_.eligible = among(without(complete, after_.isr), after_.replicas);
    }

    void remember_leader() {
        if (after_.leader != kafka::no_node) {
            after_.last_known_eligible.clear();
        } else {
            after_.last_known_eligible = led_last();
        }
    }

    const draft& into_;
    const partition_change& change_;
    const partition& before_;
    partition after_;
    std::int64_t min_insync_replicas_;
    bool unclean_ = false;
};

template <typename Field>
void note(const nodes& before, const nodes& after, Field& field) {
    if (before != after) field = metadata::to_wire(after);
}

kafka::messages::partition_change_record record_of(const metadata::topic_partition_id& which,
                                                   const partition& before,
                                                   const partition& after) {
    kafka::messages::partition_change_record record;
    record.partition_id = which.partition.value();
    record.topic_id = which.topic;
    note(before.isr, after.isr, record.isr);
    note(before.replicas, after.replicas, record.replicas);
    note(before.adding, after.adding, record.adding_replicas);
    note(before.removing, after.removing, record.removing_replicas);
    note(before.eligible, after.eligible, record.eligible_leader_replicas);
    note(before.last_known_eligible, after.last_known_eligible, record.last_known_elr);
    if (before.directories != after.directories) record.directories = after.directories;
    if (before.recovery != after.recovery)
        record.leader_recovery_state = static_cast<std::int8_t>(after.recovery);
    const bool replicas_leave = !without(before.replicas, after.replicas).empty();
    if (before.leader != after.leader || replicas_leave) record.leader = after.leader.value();
    return record;
}

}  // namespace

partition_change change_of(const draft& into, const metadata::topic& of, const partition& present) {
    return {.isr = present.isr,
            .replicas = present.replicas,
            .directories = present.directories,
            .adding = present.adding,
            .removing = present.removing,
            .recovery = present.recovery,
            .lost = {},
            .wiped = {},
            .elect = into.unclean_election_enabled(of.name) ? election::unclean : election::online,
            .even_if_same = false};
}

bool append_change(draft& into,
                   const metadata::topic_partition_id& which,
                   const partition_change& change) {
    const metadata::topic* of = into.image().find_topic(which.topic);
    const partition* before = into.image().find_partition(which);
    CHECK(of != nullptr && before != nullptr);
    const partition after = working_out(into, *of, *before, change).result();
    const auto record = record_of(which, *before, after);
    const bool changes_something = record != record_of(which, *before, *before);
    if (!changes_something && !change.even_if_same) return false;
    into.append(record);
    return true;
}

}  // namespace verdikt::broker::controller
