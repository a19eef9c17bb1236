// Deleted records, and those who wait until they are gone for good.
#include "broker/replication/partition_leader.h"
#include "runtime/check.h"

#include <algorithm>

namespace verdikt::broker::replication {

using kafka::error_code;

void partition_leader::await_deletion(
    ticket from, kafka::offset below, const log_view& log, runtime::instant now, effects& out) {
    CHECK(below <= log.start());
    deletions_.emplace(from, below);
    answer_deleted(log, now, out);
}

/// Where the log starts at the latest, whoever of those in sync or about to be leads next. Nothing
/// while one of them has not fetched from this leader yet.
std::optional<kafka::offset> partition_leader::low_watermark(const log_view& log,
                                                             runtime::instant now) const {
    kafka::offset least = log.start();
    for (const kafka::node_id member : in_sync_.maximal()) {
        if (member != self_ && !followers_.contains(member)) return std::nullopt;
    }
    for (const auto& [node, who] : followers_) {
        if (is_waited_for(node, now)) least = std::min(least, who.start);
    }
    return least;
}

void partition_leader::answer_deleted(const log_view& log, runtime::instant now, effects& out) {
    // Whoever left while too few remain may still be elected (KIP-966), and has the records yet.
    if (deletions_.empty() || is_under_min_in_sync()) return;
    const auto low = low_watermark(log, now);
    if (!low) return;
    std::erase_if(deletions_, [&](const auto& waiting) {
        const auto& [from, below] = waiting;
        if (below > *low) return false;
        out.push_back(answer_deletion{from, error_code::none});
        return true;
    });
}

}  // namespace verdikt::broker::replication
