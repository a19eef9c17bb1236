#include "broker/replication/partition_follower.h"

#include "runtime/check.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::replication {

using kafka::error_code;

kafka::offset truncation_point(const storage::epoch_end& leader_has, const log_view& log) {
    const auto own = log.end_offset_for(leader_has.epoch);
    if (!own) return std::min(leader_has.end_offset, log.start());
    // Where we know only an older epoch than the one asked for, our end of that is what counts;
    // the next round asks about it (KIP-279).
    return std::min(leader_has.end_offset, own->end_offset);
}

partition_follower::partition_follower(const replica_settings& settings,
                                       const partition_state& state,
                                       kafka::offset high_watermark,
                                       fetch_number last_number)
    : settings_(settings),
      leader_(state.leader),
      epoch_(state.leader_epoch),
      high_watermark_(high_watermark),
      last_number_(last_number) {}

void partition_follower::proceed(const log_view& log, runtime::instant now, effects& out) {
    if (phase_ != phase::idle || leader_ == no_leader || now < retry_at_) return;
    // To fetch from an offset is to claim everything below it.
    if (settings_.held_end(log) < log.end()) return;
    phase_ = phase::fetching;
    fetches_from_ = log.end();
    last_number_ = last_number_.next();
    const kafka::leader_epoch last_epoch =
        log.start() == log.end() ? kafka::no_leader_epoch : log.epoch_of(log.end().previous());
    out.push_back(send_fetch{.number = last_number_,
                             .leader = leader_,
                             .current_leader_epoch = epoch_,
                             .from = log.end(),
                             .last_fetched_epoch = last_epoch,
                             .log_start = log.durable_start()});
}

bool partition_follower::is_answer_to(fetch_number number, phase asked) const {
    return phase_ == asked && number == last_number_;
}

void partition_follower::back_off(runtime::instant now, milliseconds span) {
    phase_ = phase::idle;
    retry_at_ = now + span;
}

void partition_follower::fetch_answered(const fetch_answer& answer,
                                        const log_view& log,
                                        runtime::instant now,
                                        effects& out) {
    if (!is_answer_to(answer.number, phase::fetching)) return;
    phase_ = phase::idle;
    if (answer.error != error_code::none) {
        refused(answer.error, now, out);
        return;
    }
    if (answer.diverging) {
        diverged(*answer.diverging, answer.log_start, log, now, out);
        return;
    }
    shares_nothing_ = false;
    leader_high_watermark_ = answer.high_watermark;
    leader_log_start_ = answer.log_start;
    if (log.end() == leader_log_start_ && log.start() < log.end()) {
        // All that we have lies below what the leader has: it was never compared.
        restart(leader_log_start_, out);
        return;
    }
    if (!answer.records) {
        follow_marks(log, out);
        proceed(log, now, out);
        return;
    }
    // Records of an epoch after the leader's own are none that it can have; nor are those of an
    // answer that was asked for at another end of our log (a late append of our own leadership
    // moved it) what follows here. Where the leader has compacted its log, they begin beyond our
    // end.
    const bool continues = fetches_from_ == log.end() && answer.records->first >= log.end();
    if (!continues || answer.records->newest_epoch > epoch_) {
        back_off(now, settings_.replica_fetch_backoff);
        return;
    }
    phase_ = phase::settling;
    out.push_back(append_fetched{answer.number});
}

void partition_follower::refused(error_code error, runtime::instant now, effects& out) {
    switch (error) {
        case error_code::fenced_leader_epoch:
            phase_ = phase::fenced;
            return;
        case error_code::offset_out_of_range:
            ask_bounds(out);
            return;
        case error_code::unknown_leader_epoch:
        case error_code::not_leader_or_follower:
            // It has yet to hear of the epoch that we know, or to open its log: a matter of
            // moments, for which producers wait.
            back_off(now,
                     std::min(settings_.leader_change_backoff, settings_.replica_fetch_backoff));
            return;
        default:
            back_off(now, settings_.replica_fetch_backoff);
            return;
    }
}

void partition_follower::ask_bounds(effects& out) {
    phase_ = phase::asking_bounds;
    last_number_ = last_number_.next();
    out.push_back(ask_leader_bounds{
        .number = last_number_, .leader = leader_, .current_leader_epoch = epoch_});
}

void partition_follower::diverged(const storage::epoch_end& leader_has,
                                  kafka::offset leader_log_start,
                                  const log_view& log,
                                  runtime::instant now,
                                  effects& out) {
    const kafka::offset to = truncation_point(leader_has, log);
    if (to >= log.end()) {
        // It says that we differ and where we do not; whatever is wrong, cutting nothing and asking
        // again at once would never end.
        back_off(now, settings_.replica_fetch_backoff);
    } else if (to <= leader_log_start && log.start() < leader_log_start) {
        // What would be left lies below all that the leader can compare it with.
        restart(leader_log_start, out);
    } else if (to < log.start()) {
        shares_nothing_ = true;
        ask_bounds(out);
    } else {
        truncate(to, out);
    }
}

void partition_follower::truncate(kafka::offset to, effects& out) {
    phase_ = phase::settling;
    out.push_back(truncate_log{.to = to, .below_high_watermark = to < high_watermark_});
    high_watermark_ = std::min(high_watermark_, to);
}

void partition_follower::restart(kafka::offset at, effects& out) {
    phase_ = phase::settling;
    shares_nothing_ = false;
    out.push_back(restart_log{.at = at, .below_high_watermark = at < high_watermark_});
    high_watermark_ = std::min(high_watermark_, at);
}

void partition_follower::leader_bounds_answered(const leader_bounds& answer,
                                                const log_view& log,
                                                runtime::instant now,
                                                effects& out) {
    if (!is_answer_to(answer.number, phase::asking_bounds)) return;
    phase_ = phase::idle;
    if (answer.error == error_code::fenced_leader_epoch) {
        phase_ = phase::fenced;
    } else if (answer.error != error_code::none) {
        back_off(now, settings_.replica_fetch_backoff);
    } else if (shares_nothing_ || log.end() < answer.start) {
        restart(answer.start, out);
    } else if (log.end() <= answer.end) {
        back_off(now, settings_.replica_fetch_backoff);
    } else if (log.start() >= answer.end) {
        // An empty log at the leader's end would pass for one that has all before it.
        restart(answer.start, out);
    } else {
        truncate(answer.end, out);
    }
}

void partition_follower::log_settled(const log_view& log, runtime::instant now, effects& out) {
    CHECK(phase_ == phase::settling);
    phase_ = phase::idle;
    // After a restart: what the leader dropped was committed. After a cut: no batch is split.
    high_watermark_ = std::clamp(high_watermark_, log.start(), log.end());
    follow_marks(log, out);
    proceed(log, now, out);
}

void partition_follower::follow_marks(const log_view& log, effects& out) {
    const kafka::offset committed = std::min(leader_high_watermark_, log.end());
    if (committed > high_watermark_) {
        high_watermark_ = committed;
        out.push_back(advance_high_watermark{committed});
    }
    // Once an answer: what cannot be dropped now is dropped after the next one.
    const kafka::offset start =
        std::min(std::exchange(leader_log_start_, kafka::no_offset), high_watermark_);
    if (start <= log.durable_start()) return;
    // Whoever asked the leader for this waits until we fetch without these records.
    phase_ = phase::settling;
    out.push_back(raise_log_start{start});
}

void partition_follower::check_invariants(const log_view& log) const {
    CHECK(is_settling() || high_watermark_ <= log.end());
    CHECK(!shares_nothing_ || phase_ != phase::settling);
}

}  // namespace verdikt::broker::replication
