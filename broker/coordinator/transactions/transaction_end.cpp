// EndTxn, and what follows from the decision.
#include "broker/coordinator/transactions/transaction.h"
#include "runtime/check.h"

#include <utility>

namespace verdikt::broker::coordinator::transactions {

using kafka::error_code;

void transaction::end(const end_event& event, effects& out) {
    if (event.spoken == protocol::epoch_bump) {
        end_with_epoch_bump(event, out);
    } else {
        end_initial(event, out);
    }
}

void transaction::end_initial(const end_event& event, effects& out) {
    const auto reply = [&](error_code error) { out.push_back(answer{event.from, error}); };
    if (!is_known() || event.producer.id != state_.producer.id) {
        return reply(error_code::invalid_producer_id_mapping);
    }
    if (event.producer.epoch != state_.producer.epoch) return reply(error_code::producer_fenced);
    if (pending_ && pending_->why != reason::complete) {
        return reply(error_code::concurrent_transactions);
    }
    switch (state_.state) {
        case transaction_state::ongoing:
            return prepare(event, out);
        case transaction_state::prepare_commit:
            return reply(event.commit ? error_code::concurrent_transactions
                                      : error_code::invalid_txn_state);
        case transaction_state::prepare_abort:
            return reply(event.commit ? error_code::invalid_txn_state
                                      : error_code::concurrent_transactions);
        // Its answer was lost.
        case transaction_state::complete_commit:
            return reply(event.commit ? error_code::none : error_code::invalid_txn_state);
        case transaction_state::complete_abort:
            return reply(event.commit ? error_code::invalid_txn_state : error_code::none);
        case transaction_state::empty:
        case transaction_state::dead:
            return reply(error_code::invalid_txn_state);
    }
}

/// The producer has not heard yet that its transaction is decided and its epoch raised. Where a
/// successor that speaks the first protocol ended the last transaction, the epoch was raised for
/// that one and not by an end: it is no one else's to have.
bool transaction::is_bumped_retry(const producer_identity& producer) const {
    if (state_.spoken != protocol::epoch_bump) return false;
    if (producer.id == state_.producer.id) {
        return producer.epoch.value() + 1 == state_.producer.epoch.value();
    }
    const bool is_complete = state_.state == transaction_state::complete_commit ||
                             state_.state == transaction_state::complete_abort;
    return is_complete && producer.id == state_.previous_id && producer.epoch == epoch_exhausted &&
           state_.producer.epoch == kafka::producer_epoch(0);
}

/// The same epoch means the next transaction here, and the one before it a retry: to take the one
/// for the other is what KAFKA-17754 was about.
void transaction::end_with_epoch_bump(const end_event& event, effects& out) {
    const bool is_repeated = is_bumped_retry(event.producer);
    const error_code refusal = refuse_bumped_end(event, is_repeated);
    if (refusal != error_code::none) {
        out.push_back(answer{event.from, refusal});
    } else if (is_repeated) {
        out.push_back(answer{event.from, error_code::none, state_.producer});
    } else {
        prepare(event, out);
    }
}

error_code transaction::refuse_bumped_end(const end_event& event, bool is_repeated) const {
    if (!is_known() || (event.producer.id != state_.producer.id && !is_repeated)) {
        return error_code::invalid_producer_id_mapping;
    }
    if (!is_repeated && event.producer.epoch != state_.producer.epoch) {
        return error_code::producer_fenced;
    }
    if (pending_) return error_code::concurrent_transactions;
    if (is_repeated) return refuse_repeated_end(event.commit);
    switch (state_.state) {
        case transaction_state::ongoing:
            return error_code::none;
        // An abort of nothing is taken: what was added may have failed before it got here.
        case transaction_state::empty:
        case transaction_state::complete_commit:
        case transaction_state::complete_abort:
            return event.commit ? error_code::invalid_txn_state : error_code::none;
        case transaction_state::prepare_commit:
        case transaction_state::prepare_abort:
            return error_code::producer_fenced;
        case transaction_state::dead:
            return error_code::invalid_producer_id_mapping;
    }
    return error_code::unknown_server_error;
}

error_code transaction::refuse_repeated_end(bool commit) const {
    switch (state_.state) {
        case transaction_state::prepare_commit:
            return commit ? error_code::concurrent_transactions : error_code::invalid_txn_state;
        case transaction_state::prepare_abort:
            return commit ? error_code::invalid_txn_state : error_code::concurrent_transactions;
        case transaction_state::complete_commit:
            return commit ? error_code::none : error_code::invalid_txn_state;
        case transaction_state::complete_abort:
            return commit ? error_code::invalid_txn_state : error_code::none;
        case transaction_state::empty:
        case transaction_state::ongoing:
            return error_code::producer_fenced;
        case transaction_state::dead:
            return error_code::invalid_producer_id_mapping;
    }
    return error_code::unknown_server_error;
}

void transaction::prepare(const end_event& event, effects& out) {
    pending_write next{.why = reason::end, .next = state_, .from = event.from};
    stored_transaction& state = next.next;
    state.state =
        event.commit ? transaction_state::prepare_commit : transaction_state::prepare_abort;
    if (state_.state != transaction_state::ongoing) state.started = event.now;
    state.updated = event.now;
    state.spoken = event.spoken;
    if (event.spoken == protocol::epoch_bump) {
        next.last_epoch = state.producer.epoch;
        if (state.producer.epoch >= epoch_exhausted) state.next_id = event.fresh_id;
        state.producer.epoch = state.producer.epoch.next();
    }
    write(std::move(next), out);
}

void transaction::write_markers(effects& out) {
    round_ = round_.next();
    unmarked_ = state_.partitions;
    if (unmarked_.empty()) return;
    out.push_back(send_markers{.transactional_id = id_,
                               .round = round_,
                               .producer = state_.producer,
                               .commit = state_.state == transaction_state::prepare_commit,
                               .partitions = unmarked_,
                               .spoken = state_.spoken});
}

void transaction::marker_answered(marker_round round,
                                  const kafka::topic_partition& where,
                                  error_code outcome,
                                  kafka::timestamp now,
                                  effects& out) {
    if (round != round_ || !unmarked_.contains(where)) return;
    switch (outcome) {
        // UNKNOWN_TOPIC_ID says that the topic is deleted, and nobody waits for its records.
        case error_code::none:
        case error_code::unknown_topic_id:
        case error_code::unsupported_for_message_format:
            break;
        // A newer coordinator or a newer epoch has taken over: it will decide.
        case error_code::transaction_coordinator_fenced:
        case error_code::invalid_producer_epoch:
        case error_code::producer_fenced:
            unmarked_.clear();
            superseded_ = true;
            return;
        // Anything else passes: a decided transaction is written until it is.
        default:
            out.push_back(send_markers{.transactional_id = id_,
                                       .round = round_,
                                       .producer = state_.producer,
                                       .commit = state_.state == transaction_state::prepare_commit,
                                       .partitions = {where},
                                       .spoken = state_.spoken});
            return;
    }
    unmarked_.erase(where);
    if (unmarked_.empty()) complete(now, out);
}

void transaction::complete(kafka::timestamp now, effects& out) {
    pending_write next{.why = reason::complete, .next = state_, .last_epoch = last_epoch_};
    stored_transaction& state = next.next;
    state.state = state.state == transaction_state::prepare_commit
                      ? transaction_state::complete_commit
                      : transaction_state::complete_abort;
    state.partitions.clear();
    state.updated = now;
    if (state.next_id != kafka::no_producer_id) {
        state.previous_id = state.producer.id;
        state.producer = {state.next_id, kafka::producer_epoch(0)};
        state.next_id = kafka::no_producer_id;
    }
    write(std::move(next), out);
}

void transaction::complete_again(kafka::timestamp now, effects& out) {
    const bool is_due = (state_.state == transaction_state::prepare_commit ||
                         state_.state == transaction_state::prepare_abort) &&
                        unmarked_.empty() && !pending_ && !superseded_;
    if (is_due) complete(now, out);
}

}  // namespace verdikt::broker::coordinator::transactions
