#include "tests/unit/transactions/struggle.h"

#include "runtime/check.h"

#include <gtest/gtest.h>

#include <utility>

namespace verdikt::broker::coordinator::transactions {

using kafka::error_code;

namespace {

const std::string billing = "billing";

bool is_open(const std::optional<stored_transaction>& state) {
    return state && (state->state == transaction_state::ongoing ||
                     state->state == transaction_state::prepare_commit ||
                     state->state == transaction_state::prepare_abort);
}

bool is_decided(const stored_transaction& state) {
    return state.state == transaction_state::prepare_commit ||
           state.state == transaction_state::prepare_abort;
}

}  // namespace

struggle::struggle(std::uint64_t seed, protocol spoken)
    : random_(seed), spoken_(spoken), coordinator_({}, kafka::leader_epoch(0)) {
    effects out;
    coordinator_.loaded(out);
}

template <typename Event>
void struggle::run(Event event) {
    effects out;
    event(out);
    coordinator_.check_invariants();
    for (const effect& each : out) carry_out(each);
}

void struggle::step() {
    clock_ += random_.between(0, 300);
    switch (random_.below(12)) {
        case 0:
            if (random_.chance(0.4)) client_asks_for_identity();
            break;
        case 1:
        case 2:
            client_adds();
            break;
        case 3:
        case 4:
            client_ends();
            break;
        case 5:
        case 6:
        case 7:
            write_completes();
            break;
        case 8:
        case 9:
            marker_arrives();
            break;
        case 10:
            run([&](effects& out) { coordinator_.time_passed(now(), out); });
            break;
        default:
            if (random_.chance(0.15)) coordinator_moves();
            break;
    }
    if (completion_failed_ && random_.chance(0.2)) {
        completion_failed_ = false;
        run([&](effects& out) { coordinator_.complete_again(billing, now(), out); });
    }
}

void struggle::end() {
    calm_ = true;
    for (int round = 0; round < 50; ++round) {
        clock_ += 1'000;
        run([&](effects& out) { coordinator_.time_passed(now(), out); });
        while (!writing_.empty()) write_completes();
        while (!marking_.empty()) marker_arrives();
        if (std::exchange(completion_failed_, false)) {
            run([&](effects& out) { coordinator_.complete_again(billing, now(), out); });
        }
    }
    // The log may have an addition that nobody heard of; the next coordinator would time it out.
    const auto known = coordinator_.describe(billing);
    if (known) EXPECT_FALSE(is_open(*known)) << "stuck in " << name(known->state);
    EXPECT_TRUE(waiting_.empty()) << "a request was never answered";
}

ticket struggle::ask(asked what) {
    last_ = last_.next();
    waiting_[last_] = what;
    return last_;
}

void struggle::client_asks_for_identity() {
    const std::size_t which = random_.below(clients_.size());
    const auto& self = clients_[which];
    const bool names_itself = self.has_value() && random_.chance(0.5);
    const ticket from = ask({.what = request::init, .client = which});
    run([&](effects& out) {
        coordinator_.init(billing,
                          {.from = from,
                           .timeout = milliseconds(5'000),
                           .expected = names_itself ? self : std::nullopt,
                           .fresh_id = kafka::producer_id(++fresh_),
                           .now = now()},
                          out);
    });
}

void struggle::client_adds() {
    const std::size_t which = random_.below(clients_.size());
    if (!clients_[which]) return;
    const auto number = static_cast<std::int32_t>(random_.below(4));
    const ticket from = ask({.what = request::add, .client = which});
    run([&](effects& out) {
        coordinator_.add_partitions(billing,
                                    {.from = from,
                                     .producer = *clients_[which],
                                     .partitions = {{"t", kafka::partition_index(number)}},
                                     .spoken = spoken_,
                                     .now = now()},
                                    out);
    });
}

void struggle::client_ends() {
    const std::size_t which = random_.below(clients_.size());
    if (!clients_[which]) return;
    const bool commit = random_.chance(0.6);
    const ticket from = ask({.what = request::end, .client = which, .commit = commit});
    run([&](effects& out) {
        coordinator_.end(billing,
                         {.from = from,
                          .producer = *clients_[which],
                          .commit = commit,
                          .spoken = spoken_,
                          .fresh_id = kafka::producer_id(++fresh_),
                          .now = now()},
                         out);
    });
}

/// It may be refused, taken, or taken without anybody hearing of it.
void struggle::write_completes() {
    if (writing_.empty()) return;
    const auto written = writing_.front();
    writing_.pop_front();
    const bool fails = !calm_ && random_.chance(0.25);
    if (!fails || random_.chance(0.5)) append(written);
    if (!fails && written && is_decided(*written)) decided(*written);
    const error_code outcome = fails ? error_code::request_timed_out : error_code::none;
    run([&](effects& out) { coordinator_.stored(billing, outcome, now(), out); });
}

void struggle::append(const std::optional<stored_transaction>& state) {
    const bool completes = state && (state->state == transaction_state::complete_commit ||
                                     state->state == transaction_state::complete_abort);
    if (completes && is_open(log_)) {
        EXPECT_EQ(marked_[turn_], log_->partitions) << "complete, but a partition still waits";
    }
    if (is_open(state) && !is_open(log_)) ++turn_;
    log_ = state;
}

void struggle::decided(const stored_transaction& state) {
    const bool commits = state.state == transaction_state::prepare_commit;
    const auto [known, is_new] = outcomes_.try_emplace(turn_, commits);
    EXPECT_EQ(known->second, commits) << "one transaction, decided both ways";
}

void struggle::marker_arrives() {
    if (marking_.empty()) return;
    const auto place = static_cast<std::ptrdiff_t>(random_.below(marking_.size()));
    const marker sent = marking_[static_cast<std::size_t>(place)];
    marking_.erase(marking_.begin() + place);
    error_code outcome = error_code::not_leader_or_follower;
    if (calm_ || random_.chance(0.7)) outcome = take_marker(sent);
    if (!calm_ && random_.chance(0.2)) outcome = error_code::network_exception;
    if (sent.coordinator != coordinator_.epoch()) return;
    run([&](effects& out) {
        coordinator_.marker_answered(billing, sent.what.round, sent.where, outcome, now(), out);
    });
}

error_code struggle::take_marker(const marker& sent) {
    kafka::leader_epoch& heard = heard_[sent.where];
    if (sent.coordinator < heard) return error_code::transaction_coordinator_fenced;
    heard = sent.coordinator;
    EXPECT_EQ(outcomes_.at(sent.turn), sent.what.commit) << "committed here and aborted there";
    marked_[sent.turn].insert(sent.where);
    return error_code::none;
}

void struggle::coordinator_moves() {
    ++moves_;
    for (const auto& written : writing_) {
        if (random_.chance(0.5)) append(written);
    }
    writing_.clear();
    completion_failed_ = false;
    run([&](effects& out) { coordinator_.give_up(out); });
    coordinator_ = transaction_coordinator({}, coordinator_.epoch().next());
    coordinator_.read(billing, log_);
    if (log_ && is_decided(*log_)) decided(*log_);
    run([&](effects& out) { coordinator_.loaded(out); });
}

void struggle::carry_out(const effect& which) {
    if (const auto* told = std::get_if<answer>(&which)) take_answer(*told);
    if (const auto* wanted = std::get_if<store_transaction>(&which)) {
        EXPECT_TRUE(writing_.empty());
        writing_.emplace_back(wanted->state);
    }
    if (std::holds_alternative<store_tombstone>(which)) writing_.emplace_back(std::nullopt);
    if (const auto* wanted = std::get_if<send_markers>(&which)) send(*wanted);
    if (std::holds_alternative<retry_completion>(which)) completion_failed_ = true;
}

void struggle::send(const send_markers& wanted) {
    EXPECT_TRUE(log_ && is_decided(*log_)) << "markers before the decision was written down";
    EXPECT_TRUE(outcomes_.contains(turn_));
    for (const auto& where : wanted.partitions) {
        marking_.push_back({wanted, where, coordinator_.epoch(), turn_});
    }
}

void struggle::take_answer(const answer& told) {
    const auto found = waiting_.find(told.to);
    CHECK(found != waiting_.end(), "request {} was answered twice or never made", told.to);
    const asked request = found->second;
    waiting_.erase(found);
    if (told.error != error_code::none) return;
    if (request.what != request::init) {
        EXPECT_EQ(newest_owner_, request.client) << "a fenced producer got something done";
    }
    if (request.what == request::end) {
        EXPECT_EQ(outcomes_.rbegin()->second, request.commit) << "told the wrong outcome";
        commits_told_ += request.commit ? 1 : 0;
    }
    if (told.producer.epoch != kafka::no_producer_epoch) {
        told_identity(request.client, told.producer);
    }
}

void struggle::told_identity(std::size_t client, const producer_identity& who) {
    const auto [known, is_new] = owners_.try_emplace({who.id, who.epoch}, client);
    EXPECT_EQ(known->second, client) << "two clients have one identity";
    if (is_new) newest_owner_ = client;
    clients_[client] = who;
}

}  // namespace verdikt::broker::coordinator::transactions
