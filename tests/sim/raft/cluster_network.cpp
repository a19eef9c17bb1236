#include "tests/sim/raft/cluster_effects.h"

#include "runtime/check.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::raft {
namespace {

/// Most answers carry a few batches, so that a fault comes in between; some carry many, so that who
/// is far behind catches up in time.
constexpr std::size_t batches_in_an_answer = 6;
constexpr std::size_t batches_in_an_answer_max = 400;
constexpr std::int64_t chunk_size = 100;

leader_epoch epoch_of(const request& what) {
    return std::visit([](const auto& each) { return each.epoch; }, what);
}

}  // namespace

/// Delivers after a delay, perhaps twice, perhaps never.
template <typename Deliver>
void cluster::travel(node_id from, node_id to, Deliver deliver, std::function<void()> on_loss) {
    const auto delay = [&] {
        return duration(chance_.between(weather.delay_min.count(), weather.delay_max.count()));
    };
    const auto cut = blocked_.find({from, to});
    const bool blocked = cut != blocked_.end() && cut->second;
    if (blocked || chance_.chance(weather.loss)) {
        if (on_loss && chance_.chance(weather.loss_noticed)) time_.after(delay(), on_loss);
        return;
    }
    time_.after(delay(), deliver);
    if (chance_.chance(weather.duplication)) {
        marks_.reach(mark::message_duplicated);
        time_.after(delay() + delay(), deliver);
    }
}

void cluster::send_request(node& from, const send& what) {
    judge_request(from, what.what);
    const caller who{from.key.id, from.incarnation, what.id};
    const auto lost = [this, who, to = what.to] {
        const node& asking = nodes_.at(who.node);
        if (!asking.core || asking.incarnation != who.incarnation) return;
        // Whoever is refused takes the process for ended, rightly or not.
        const bool refused = chance_.chance(weather.loss_taken_for_end);
        step(who.node, [&](replica& core, const moment& at, effects& out) {
            core.unanswered(who.id, at, out);
            if (refused) core.process_ended(to, at, out);
        });
    };
    travel(
        from.key.id,
        what.to,
        [this, who, to = what.to, request = what.what] { deliver_request(who, to, request); },
        lost);
}

void cluster::deliver_request(const caller& who, node_id to, const request& what) {
    if (!nodes_.contains(to) || !nodes_.at(to).core) return;
    const ticket from(++last_ticket_);
    tickets_.emplace(from, who);
    if (const auto* vote = std::get_if<vote_request>(&what)) asked_of_.emplace(from, *vote);
    step(to,
         [&](replica& core, const moment& at, effects& out) { core.receive(from, what, at, out); });
}

void cluster::send_answer(node& from, const reply& what) {
    const auto found = tickets_.find(what.to);
    CHECK(found != tickets_.end(), "ticket {} is answered twice, or never was", what.to);
    const caller who = found->second;
    tickets_.erase(found);
    answer filled = what.what;
    fill_in(from, what, filled);
    judge_answer(from, who, filled);
    const auto asked = asked_of_.find(what.to);
    if (asked != asked_of_.end()) {
        const auto& told = std::get<vote_answer>(filled);
        if (told.granted && !asked->second.pre_vote)
            judge_.votes(from.key.id, asked->second.epoch, asked->second.candidate);
        asked_of_.erase(asked);
    }
    travel(
        from.key.id,
        who.node,
        [this, who, filled = std::move(filled)] { deliver_answer(who, filled); },
        nullptr);
}

void cluster::deliver_answer(const caller& who, const answer& what) {
    const node& asking = nodes_.at(who.node);
    if (!asking.core || asking.incarnation != who.incarnation) return;
    step(who.node, [&](replica& core, const moment& at, effects& out) {
        core.answered(who.id, what, at, out);
        if (out.empty()) marks_.reach(mark::stale_answer_ignored);
    });
}

/// Reads from the log, or the snapshot, what an answer is to carry.
void cluster::fill_in(node& from, const reply& what, answer& filled) {
    const toy_log& log = from.disk->written();
    if (what.records) {
        auto& told = std::get<fetch_answer>(filled);
        auto next = std::ranges::lower_bound(log.batches, what.records->from, {}, &batch::base);
        CHECK(next != log.batches.end() && next->base == what.records->from);
        const auto most = 1 + chance_.below(chance_.chance(0.9) ? batches_in_an_answer
                                                                : batches_in_an_answer_max);
        for (; next != log.batches.end() && told.batches.size() < most; ++next)
            told.batches.push_back(*next);
        return;
    }
    auto* chunk = std::get_if<fetch_snapshot_answer>(&filled);
    if (chunk == nullptr || chunk->at.error != kafka::error_code::none) return;
    const std::vector<std::byte> all = judge_.snapshot(chunk->snapshot).bytes();
    CHECK(static_cast<std::int64_t>(all.size()) == chunk->size);
    const auto size = std::min(chunk_size, chunk->size - chunk->position);
    const auto begin = all.begin() + chunk->position;
    chunk->bytes = std::make_shared<std::vector<std::byte>>(begin, begin + size);
}

void cluster::judge_request(const node& from, const request& what) {
    judge_.speaks(from.key.id, epoch_of(what));
    const auto* vote = std::get_if<vote_request>(&what);
    if (vote == nullptr || vote->pre_vote) return;
    judge_.votes(from.key.id, vote->epoch, vote->candidate);
    auto& asking = votes_asked_[vote->epoch];
    asking.emplace(from.key.id, *vote);
    if (asking.size() == 2) marks_.reach(mark::candidates_split_the_vote);
}

void cluster::judge_answer(const node& from, const caller& to, const answer& what) {
    const standing& at =
        std::visit([](const auto& each) -> const standing& { return each.at; }, what);
    judge_.speaks(from.key.id, at.epoch);
    const bool leads = from.core->role() == role::leader;
    if (const auto* fetched = std::get_if<fetch_answer>(&what)) {
        if (fetched->diverging) marks_.reach(mark::fetch_diverged);
    } else if (const auto* chunk = std::get_if<fetch_snapshot_answer>(&what)) {
        if (chunk->at.error == kafka::error_code::snapshot_not_found && leads)
            marks_.reach(mark::snapshot_gone_while_fetched);
    } else if (const auto* vote = std::get_if<vote_answer>(&what)) {
        if (vote->granted || at.error != kafka::error_code::none) return;
        const auto asker = nodes_.find(to.node);
        const bool is_prospective = asker->second.core &&
                                    asker->second.incarnation == to.incarnation &&
                                    asker->second.core->role() == role::prospective;
        if (is_prospective && at.leader) {
            marks_.reach(mark::pre_vote_refused_for_a_leader);
            const bool removed = leads && !from.core->log().voters().contains(to.node);
            if (removed) marks_.reach(mark::removed_voter_asked_in_vain);
        }
        const auto& state = from.core->state();
        if (!is_prospective && state.voted && state.voted->id != to.node)
            marks_.reach(mark::vote_refused_as_given_to_another);
        if (!is_prospective && !state.voted && !state.leader)
            marks_.reach(mark::vote_refused_for_a_shorter_log);
    }
}

}  // namespace verdikt::broker::raft
