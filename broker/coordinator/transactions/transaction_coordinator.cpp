#include "broker/coordinator/transactions/transaction_coordinator.h"

#include "runtime/check.h"

#include <algorithm>
#include <array>
#include <utility>

namespace verdikt::broker::coordinator::transactions {

using kafka::error_code;

void transaction_coordinator::read(const std::string& transactional_id,
                                   std::optional<stored_transaction> state) {
    CHECK(phase_ == phase::loading);
    if (state && state->state != transaction_state::dead) {
        read_.insert_or_assign(transactional_id, std::move(*state));
    } else {
        read_.erase(transactional_id);
    }
}

void transaction_coordinator::loaded(effects& out) {
    CHECK(phase_ == phase::loading);
    phase_ = phase::serving;
    for (auto& [id, state] : read_) {
        transactions_.emplace(id, transaction::restore(id, std::move(state), out));
    }
    read_.clear();
}

void transaction_coordinator::give_up(effects& out) {
    for (auto& [id, each] : transactions_) each.abandon(error_code::not_coordinator, out);
    transactions_.clear();
    read_.clear();
    phase_ = phase::given_up;
}

error_code transaction_coordinator::refuse(const std::string& transactional_id) const {
    if (transactional_id.empty()) return error_code::invalid_request;
    switch (phase_) {
        case phase::loading:
            return error_code::coordinator_load_in_progress;
        case phase::given_up:
            return error_code::not_coordinator;
        case phase::serving:
            return error_code::none;
    }
    return error_code::none;
}

transaction* transaction_coordinator::find(const std::string& transactional_id) {
    const auto found = transactions_.find(transactional_id);
    return found == transactions_.end() ? nullptr : &found->second;
}

void transaction_coordinator::init(const std::string& transactional_id,
                                   const init_event& event,
                                   effects& out) {
    error_code refusal = refuse(transactional_id);
    const bool is_valid = event.timeout > milliseconds(0) && event.timeout <= settings_.timeout_max;
    if (refusal == error_code::none && !is_valid) refusal = error_code::invalid_transaction_timeout;
    if (refusal != error_code::none) {
        out.push_back(answer{event.from, refusal});
        return;
    }
    transactions_.try_emplace(transactional_id, transactional_id).first->second.init(event, out);
}

void transaction_coordinator::add_partitions(const std::string& transactional_id,
                                             const add_event& event,
                                             effects& out) {
    error_code refusal = refuse(transactional_id);
    transaction* which = find(transactional_id);
    if (refusal == error_code::none && which == nullptr) {
        refusal = error_code::invalid_producer_id_mapping;
    }
    if (refusal != error_code::none) {
        out.push_back(answer{event.from, refusal});
        return;
    }
    which->add_partitions(event, out);
}

void transaction_coordinator::end(const std::string& transactional_id,
                                  const end_event& event,
                                  effects& out) {
    error_code refusal = refuse(transactional_id);
    transaction* which = find(transactional_id);
    if (refusal == error_code::none && which == nullptr) {
        refusal = error_code::invalid_producer_id_mapping;
    }
    if (refusal != error_code::none) {
        out.push_back(answer{event.from, refusal});
        return;
    }
    which->end(event, out);
}

error_code transaction_coordinator::verify(const std::string& transactional_id,
                                           const producer_identity& producer,
                                           const kafka::topic_partition& where) const {
    const error_code refusal = refuse(transactional_id);
    if (refusal != error_code::none) return refusal;
    const auto found = transactions_.find(transactional_id);
    if (found == transactions_.end()) return error_code::invalid_producer_id_mapping;
    return found->second.verify(producer, where);
}

void transaction_coordinator::stored(const std::string& transactional_id,
                                     error_code outcome,
                                     kafka::timestamp now,
                                     effects& out) {
    transaction* which = find(transactional_id);
    if (which == nullptr || !which->is_storing()) return;
    which->stored(outcome, now, out);
    const bool never_came_to_be = !which->is_known() && !which->is_storing();
    if (which->is_dead() || never_came_to_be) transactions_.erase(transactional_id);
}

void transaction_coordinator::marker_answered(const std::string& transactional_id,
                                              marker_round round,
                                              const kafka::topic_partition& where,
                                              error_code outcome,
                                              kafka::timestamp now,
                                              effects& out) {
    if (transaction* which = find(transactional_id)) {
        which->marker_answered(round, where, outcome, now, out);
    }
}

void transaction_coordinator::complete_again(const std::string& transactional_id,
                                             kafka::timestamp now,
                                             effects& out) {
    if (transaction* which = find(transactional_id)) which->complete_again(now, out);
}

void transaction_coordinator::time_passed(kafka::timestamp now, effects& out) {
    const kafka::timestamp unused_since = now - settings_.id_expiration.count();
    for (auto& [id, each] : transactions_) {
        each.time_passed(now, out);
        each.expire(unused_since, out);
    }
}

namespace {

bool is_state_name(const std::string& text) {
    constexpr std::array all{transaction_state::empty,
                             transaction_state::ongoing,
                             transaction_state::prepare_commit,
                             transaction_state::prepare_abort,
                             transaction_state::complete_commit,
                             transaction_state::complete_abort,
                             transaction_state::dead};
    return std::ranges::any_of(all, [&](transaction_state state) { return name(state) == text; });
}

bool passes(const transaction_filter& filter,
            const stored_transaction& state,
            kafka::timestamp now) {
    if (!filter.states.empty() && !filter.states.contains(std::string(name(state.state)))) {
        return false;
    }
    if (!filter.producers.empty() && !filter.producers.contains(state.producer.id)) return false;
    return filter.duration_min < milliseconds(0) ||
           now.value() - state.started.value() > filter.duration_min.count();
}

}  // namespace

std::expected<transaction_listing, error_code> transaction_coordinator::list(
    const transaction_filter& filter, kafka::timestamp now) const {
    if (phase_ == phase::loading) return std::unexpected(error_code::coordinator_load_in_progress);
    transaction_listing listing;
    std::ranges::copy_if(filter.states,
                         std::back_inserter(listing.unknown_states),
                         [](const std::string& state) { return !is_state_name(state); });
    for (const auto& [id, each] : transactions_) {
        if (!each.is_known() || !passes(filter, each.state(), now)) continue;
        listing.transactions.push_back({id, each.state().producer.id, each.state().state});
    }
    return listing;
}

std::expected<stored_transaction, error_code> transaction_coordinator::describe(
    const std::string& transactional_id) const {
    const error_code refusal = refuse(transactional_id);
    if (refusal != error_code::none) return std::unexpected(refusal);
    const auto found = transactions_.find(transactional_id);
    if (found == transactions_.end() || !found->second.is_known()) {
        return std::unexpected(error_code::transactional_id_not_found);
    }
    return found->second.state();
}

void transaction_coordinator::check_invariants() const {
    CHECK(phase_ == phase::serving || transactions_.empty());
    CHECK(phase_ == phase::loading || read_.empty());
    for (const auto& [id, each] : transactions_) {
        each.check_invariants();
        CHECK(!each.is_dead());
        CHECK(each.is_known() || each.is_storing());
    }
}

}  // namespace verdikt::broker::coordinator::transactions
