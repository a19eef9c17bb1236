#include "tests/sim/client_programs/consumed_history.h"

#include <fmt/format.h>

#include <algorithm>

namespace verdikt::tests {

void consumed_history::may_be_gone(const client::topic_partition& where, kafka::offset below) {
    kafka::offset& bound = gone_below_[where];
    bound = std::max(bound, below);
}

bool consumed_history::may_skip(const client::topic_partition& where, kafka::offset next) const {
    const auto bound = gone_below_.find(where);
    return bound != gone_below_.end() && next <= bound->second;
}

void consumed_history::processed(const client::topic_partition& where, kafka::offset offset) {
    processed_[where].insert(offset);
}

void consumed_history::began(const client::topic_partition& where, kafka::offset offset) {
    ++beginnings_;
    const auto committed = highest_.find(where);
    if (committed != highest_.end() && !came_late(where, offset, committed->second)) {
        complain(fmt::format(
            "{} is read from {}, though {} was committed", where, offset, committed->second));
    }
    // Without compaction and markers the offsets have no holes, so the count of those below will
    // do.
    const auto bound = gone_below_.find(where);
    const kafka::offset from = bound == gone_below_.end() ? kafka::offset(0) : bound->second;
    if (offset <= from) return;
    const auto& done = processed_[where];
    const auto below = std::distance(done.lower_bound(from), done.lower_bound(offset));
    if (below != offset.value() - from.value()) {
        complain(fmt::format("{} is read from {}, but only {} records from {} on were processed",
                             where,
                             offset,
                             below,
                             from));
    }
}

void consumed_history::doubtful(const client::offset_map& offsets) {
    for (const auto& [where, committed] : offsets) ++doubtful_[{where, committed.offset}];
}

void consumed_history::certain(const client::offset_map& offsets) {
    for (const auto& [where, committed] : offsets) --doubtful_[{where, committed.offset}];
}

bool consumed_history::came_late(const client::topic_partition& where,
                                 kafka::offset now,
                                 kafka::offset highest) {
    if (now >= highest) return true;
    const auto attempts = doubtful_.find({where, now});
    if (attempts == doubtful_.end() || attempts->second == 0) return false;
    highest_[where] = now;
    return true;
}

void consumed_history::acknowledged(const client::offset_map& offsets) {
    for (const auto& [where, committed] : offsets) {
        ++acknowledgements_;
        const auto highest = highest_.try_emplace(where, committed.offset).first;
        if (!came_late(where, committed.offset, highest->second)) {
            complain(fmt::format(
                "{} was committed at {} after {}", where, committed.offset, highest->second));
        }
        highest->second = std::max(highest->second, committed.offset);
    }
}

void consumed_history::seen(const highest_committed& before, const client::offset_map& offsets) {
    for (const auto& [where, least] : before) {
        const auto found = offsets.find(where);
        if (found == offsets.end()) {
            complain(fmt::format("the commit of {} at {} is gone", where, least));
        } else if (!came_late(where, found->second.offset, least)) {
            complain(fmt::format(
                "the commit of {} went back from {} to {}", where, least, found->second.offset));
        }
    }
}

const found_record* consumed_history::first_unprocessed(
    const std::vector<found_record>& records) const {
    const auto found = std::ranges::find_if(records, [&](const found_record& each) {
        // Gone for those who processed, and back with a leader that has not heard of it (see the
        // mark "log start behind after an election").
        const auto bound = gone_below_.find(each.where);
        if (bound != gone_below_.end() && each.offset < bound->second) return false;
        const auto done = processed_.find(each.where);
        return done == processed_.end() || !done->second.contains(each.offset);
    });
    return found == records.end() ? nullptr : &*found;
}

}  // namespace verdikt::tests
