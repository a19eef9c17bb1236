#include "tests/unit/raft/bench.h"

#include "runtime/check.h"

namespace verdikt::broker::raft {

voter_set voters_of(std::vector<int> nodes) {
    std::map<node_id, voter> voters;
    for (const int node : nodes) voters.emplace(node_id(node), voter{});
    return voter_set(voters);
}

payload bytes_of(std::size_t size) {
    return std::make_shared<std::vector<std::byte>>(size);
}

batch batch_at(std::int64_t base, int epoch, batch_content content) {
    return {.base = offset(base), .epoch = leader_epoch(epoch), .content = std::move(content)};
}

log_picture log_of(const voter_set& voters, const std::vector<int>& epochs) {
    log_picture log(voters);
    for (const int epoch : epochs) log.append(batch_at(log.end().value(), epoch));
    return log;
}

bench::bench(stored_replica found, settings configured) {
    core = std::make_unique<replica>(configured, std::move(found), at(), out);
    keep_track();
}

void bench::keep_track() {
    for (const effect& each : out) {
        if (const auto* armed = std::get_if<arm_timer>(&each)) {
            timers_[armed->which] = now_ + armed->after;
        } else if (const auto* cancelled = std::get_if<cancel_timer>(&each)) {
            timers_.erase(cancelled->which);
        } else if (const auto* write = std::get_if<persist_state>(&each)) {
            writing_.push_back(write->id);
        } else if (const auto* log = std::get_if<sync_log>(&each)) {
            syncing_ = log->id;
        } else if (const auto* asked = std::get_if<send>(&each)) {
            if (std::holds_alternative<fetch_request>(asked->what) ||
                std::holds_alternative<fetch_snapshot_request>(asked->what))
                fetching_ = *asked;
        }
    }
}

ticket bench::receive(const request& what) {
    const ticket from = next_ticket();
    step([&](replica& told) { told.receive(from, what, at(), out); });
    return from;
}

void bench::answer(const send& asked, const raft::answer& what) {
    step([&](replica& told) { told.answered(asked.id, what, at(), out); });
}

void bench::persist() {
    CHECK(!writing_.empty(), "nothing is being persisted");
    const write_id last = writing_.back();
    writing_.clear();
    step([&](replica& told) { told.state_persisted(last, at(), out); });
}

void bench::sync() {
    CHECK(syncing_, "nothing is being synced");
    const sync_id done = *syncing_;
    syncing_.reset();
    step([&](replica& told) { told.log_synced(done, at(), out); });
}

void bench::fire(timer which) {
    CHECK(timers_.contains(which), "timer {} is not armed", static_cast<int>(which));
    now_ = std::max(now_, timers_.at(which));
    timers_.erase(which);
    step([&](replica& told) { told.timer_fired(which, at(), out); });
}

offset bench::append(int count) {
    offset base;
    step([&](replica& told) {
        const std::vector<replica::new_records> records(static_cast<std::size_t>(count),
                                                        {bytes_of(1)});
        base = told.append(told.epoch(), records, at(), out).value();
    });
    return base;
}

void bench::elect() {
    fire(timer::election);
    const auto would = sent<vote_request>();
    answer(would.at(0).first, vote_answer{{.epoch = core->epoch()}, true});
    persist();
    const auto asked = sent<vote_request>();
    answer(asked.at(0).first, vote_answer{{.epoch = core->epoch()}, true});
    CHECK(core->role() == role::leader);
}

void bench::lead() {
    elect();
    sync();
    fetch_all(1);
    CHECK(core->is_ready());
}

void bench::follow(int epoch, node_id leader) {
    receive(begin_epoch_request{leader_epoch(epoch), leader, key(0)});
    if (!writing_.empty()) persist();
}

ticket bench::fetch_all(int node) {
    return fetch(node, core->log().end().value(), core->log().last_epoch().value());
}

ticket bench::fetch(int node, std::int64_t from, int last_epoch, duration wait) {
    return receive(fetch_request{.replica = key(node),
                                 .epoch = core->epoch(),
                                 .from = offset(from),
                                 .last_fetched_epoch = leader_epoch(last_epoch),
                                 .wait_max = wait});
}

void bench::told(const std::vector<batch>& batches, std::int64_t high_watermark) {
    answer(*fetching_,
           fetch_answer{.at = {.epoch = core->epoch(), .leader = fetching_->to},
                        .high_watermark = offset(high_watermark),
                        .batches = batches});
}

std::optional<log_range> bench::records(ticket to) const {
    for (const reply& each : all<reply>()) {
        if (each.to == to) return each.records;
    }
    return std::nullopt;
}

}  // namespace verdikt::broker::raft
