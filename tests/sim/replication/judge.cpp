#include "tests/sim/replication/judge.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::replication {

void judge::violation(std::string what) {
    violations_.push_back(std::move(what));
}

void judge::leads(kafka::node_id node,
                  broker_epoch incarnation,
                  kafka::leader_epoch epoch,
                  kafka::offset log_start) {
    const leadership who{node, incarnation};
    const auto [known, is_new] = leaders_.try_emplace(epoch, who);
    if (is_new) begins(node, epoch, log_start);
    if (!(known->second == who)) {
        violation(fmt::format("{} and {} both lead epoch {}", known->second.node, node, epoch));
    }
}

void judge::leader_high_watermark(kafka::leader_epoch epoch, kafka::offset high_watermark) {
    const auto [known, is_new] = high_watermarks_.try_emplace(epoch, high_watermark);
    if (high_watermark < known->second) {
        violation(fmt::format("the high watermark of epoch {} moved back from {} to {}",
                              epoch,
                              known->second,
                              high_watermark));
    }
    known->second = std::max(known->second, high_watermark);
}

void judge::check_committed(const std::string& where,
                            kafka::offset at,
                            const stored_record& found) {
    const auto place = static_cast<std::size_t>(at.value());
    if (place >= committed_.size()) committed_.resize(place + 1);
    stored_record& known = committed_[place];
    if (known.value == 0) known = found;
    if (known == found) return;
    violation(
        fmt::format("{}: offset {} holds record {} of epoch {}, but {} of epoch {} was "
                    "committed",
                    where,
                    at,
                    found.value,
                    found.epoch,
                    known.value,
                    known.epoch));
}

void judge::shows(kafka::node_id node, const memory_log& log, kafka::offset high_watermark) {
    if (!promises_hold_) return;
    kafka::offset& from = shown_[node];
    for (kafka::offset at = std::max(from, log.start()); at < high_watermark; at = at.next()) {
        check_committed(fmt::format("node {}", node), at, log.at(at));
    }
    from = std::max(from, high_watermark);
}

void judge::deleted(kafka::offset below) {
    if (promises_hold_) deleted_below_ = std::max(deleted_below_, below);
}

void judge::begins(kafka::node_id node, kafka::leader_epoch epoch, kafka::offset log_start) {
    // One that comes too late to its own epoch may know less; nobody follows it.
    const bool is_newest = leaders_.rbegin()->first == epoch;
    if (!promises_hold_ || !is_newest || log_start >= deleted_below_) return;
    violation(fmt::format("node {} leads with records from {} on, but all below {} were deleted",
                          node,
                          log_start,
                          deleted_below_));
}

void judge::acknowledged(kafka::offset at, std::uint64_t value) {
    if (!promises_hold_) return;
    acknowledged_[at] = value;
    const auto place = static_cast<std::size_t>(at.value());
    if (place >= committed_.size() || committed_[place].value != value) {
        violation(
            fmt::format("record {} was acknowledged at {}, where it is not committed", value, at));
    }
}

void judge::told_end(kafka::leader_epoch epoch, kafka::offset end) {
    if (!promises_hold_) return;
    const auto [known, is_new] = told_ends_.try_emplace(epoch, end);
    known->second = std::max(known->second, end);
    if (known != told_ends_.begin() && end < std::prev(known)->second) {
        violation(fmt::format("the end went back from {} in epoch {} to {} in epoch {}",
                              std::prev(known)->second,
                              std::prev(known)->first,
                              end,
                              epoch));
    }
}

void judge::final_logs(const std::vector<const memory_log*>& logs) {
    const memory_log& first = *logs.front();
    for (const memory_log* log : logs) {
        if (log->end() != first.end()) {
            violation(fmt::format("logs end at {} and {}", first.end(), log->end()));
            return;
        }
        for (kafka::offset at = std::max(first.start(), log->start()); at < log->end();
             at = at.next()) {
            if (log->at(at) == first.at(at)) continue;
            violation(fmt::format("logs differ at {}", at));
            return;
        }
        if (!promises_hold_) continue;
        for (const auto& [at, value] : acknowledged_) {
            if (at < log->start()) continue;
            if (at < log->end() && log->at(at).value == value) continue;
            violation(fmt::format("record {}, acknowledged at {}, is lost", value, at));
            return;
        }
    }
}

}  // namespace verdikt::broker::replication
