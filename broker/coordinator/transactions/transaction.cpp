#include "broker/coordinator/transactions/transaction.h"

#include "runtime/check.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::coordinator::transactions {

using kafka::error_code;

std::string_view name(transaction_state state) {
    switch (state) {
        case transaction_state::empty:
            return "Empty";
        case transaction_state::ongoing:
            return "Ongoing";
        case transaction_state::prepare_commit:
            return "PrepareCommit";
        case transaction_state::prepare_abort:
            return "PrepareAbort";
        case transaction_state::complete_commit:
            return "CompleteCommit";
        case transaction_state::complete_abort:
            return "CompleteAbort";
        case transaction_state::dead:
            return "Dead";
    }
    CHECK(false, "a transaction state of value {}", static_cast<int>(state));
    return {};
}

namespace {

bool is_preparing(transaction_state state) {
    return state == transaction_state::prepare_commit || state == transaction_state::prepare_abort;
}

}  // namespace

transaction transaction::restore(std::string transactional_id,
                                 stored_transaction state,
                                 effects& out) {
    transaction restored(std::move(transactional_id));
    restored.state_ = std::move(state);
    if (!is_preparing(restored.state_.state)) return restored;
    restored.write_markers(out);
    if (restored.unmarked_.empty()) out.push_back(retry_completion{restored.id_});
    return restored;
}

void transaction::write(pending_write next, effects& out) {
    CHECK(!pending_);
    out.push_back(store_transaction{id_, next.next});
    pending_ = std::move(next);
}

/// Another is fenced for good: it had its identity from before somebody else took the id over.
bool transaction::may_be(const producer_identity& expected) const {
    if (!is_known() || expected.id == state_.producer.id) return true;
    return expected.id == state_.previous_id && expected.epoch >= epoch_exhausted;
}

bool transaction::is_retry(const producer_identity& expected) const {
    return last_epoch_ != kafka::no_producer_epoch && expected.epoch == last_epoch_;
}

void transaction::init(const init_event& event, effects& out) {
    if (pending_ || is_preparing(state_.state)) {
        out.push_back(answer{event.from, error_code::concurrent_transactions});
        return;
    }
    const bool is_current = !event.expected || !is_known() || *event.expected == state_.producer;
    if (!is_current && !(may_be(*event.expected) && is_retry(*event.expected))) {
        out.push_back(answer{event.from, error_code::producer_fenced});
        return;
    }
    if (state_.state == transaction_state::ongoing && is_current) {
        fence(event.from, event.now, out);
    } else if (state_.state == transaction_state::ongoing) {
        // Its successor has begun: what comes is a late copy of the request that was answered.
        out.push_back(answer{event.from, error_code::producer_fenced});
    } else if (is_current) {
        give_identity(event, out);
    } else {
        // It has its next identity already, and only lost the answer.
        out.push_back(answer{event.from, error_code::none, state_.producer});
    }
}

void transaction::give_identity(const init_event& event, effects& out) {
    pending_write next{.why = reason::init, .next = state_, .from = event.from};
    stored_transaction& state = next.next;
    // Who does not say what it has may be anybody: nobody else may then repeat its request.
    if (event.expected) next.last_epoch = state.producer.epoch;
    if (!is_known()) {
        state.producer = {event.fresh_id, kafka::producer_epoch(0)};
    } else if (state.producer.epoch >= epoch_exhausted) {
        state.previous_id = state.producer.id;
        state.producer = {event.fresh_id, kafka::producer_epoch(0)};
    } else {
        state.producer.epoch = state.producer.epoch.next();
    }
    state.state = transaction_state::empty;
    state.timeout = event.timeout;
    state.started = kafka::no_timestamp;
    state.updated = event.now;
    write(std::move(next), out);
}

/// Aborts the open transaction under an epoch that its producer does not have.
void transaction::fence(std::optional<ticket> from, kafka::timestamp now, effects& out) {
    pending_write next{.why = reason::fence, .next = state_, .from = from};
    if (!failed_fence_) {
        CHECK(next.next.producer.epoch < kafka::producer_epoch(INT16_MAX));
        next.next.producer.epoch = next.next.producer.epoch.next();
    }
    next.next.state = transaction_state::prepare_abort;
    next.next.updated = now;
    write(std::move(next), out);
}

error_code transaction::refuse_add(const add_event& event) const {
    if (!is_known() || event.producer.id != state_.producer.id) {
        return error_code::invalid_producer_id_mapping;
    }
    if (event.producer.epoch != state_.producer.epoch) return error_code::producer_fenced;
    if (pending_ || is_preparing(state_.state)) return error_code::concurrent_transactions;
    return error_code::none;
}

void transaction::add_partitions(const add_event& event, effects& out) {
    const error_code refusal = refuse_add(event);
    const bool is_open = state_.state == transaction_state::ongoing;
    const bool has_all = is_open && std::ranges::includes(state_.partitions, event.partitions);
    if (refusal != error_code::none || has_all) {
        out.push_back(answer{event.from, refusal});
        return;
    }
    pending_write next{
        .why = reason::add, .next = state_, .from = event.from, .last_epoch = last_epoch_};
    if (!is_open) next.next.started = event.now;
    next.next.state = transaction_state::ongoing;
    next.next.partitions.insert(event.partitions.begin(), event.partitions.end());
    next.next.updated = event.now;
    next.next.spoken = event.spoken;
    write(std::move(next), out);
}

error_code transaction::verify(const producer_identity& producer,
                               const kafka::topic_partition& where) const {
    if (!is_known() || producer.id != state_.producer.id) {
        return error_code::invalid_producer_id_mapping;
    }
    if (producer.epoch != state_.producer.epoch) return error_code::producer_fenced;
    if (is_preparing(state_.state)) return error_code::concurrent_transactions;
    const bool is_part =
        state_.state == transaction_state::ongoing && state_.partitions.contains(where);
    return is_part ? error_code::none : error_code::transaction_abortable;
}

void transaction::time_passed(kafka::timestamp now, effects& out) {
    if (pending_ || state_.state != transaction_state::ongoing) return;
    if (now.value() - state_.started.value() < state_.timeout.count()) return;
    fence(std::nullopt, now, out);
}

void transaction::expire(kafka::timestamp before, effects& out) {
    const bool is_idle = state_.state == transaction_state::empty ||
                         state_.state == transaction_state::complete_commit ||
                         state_.state == transaction_state::complete_abort;
    if (pending_ || !is_known() || !is_idle || state_.updated >= before) return;
    pending_ = pending_write{.why = reason::expiry, .next = state_};
    pending_->next.state = transaction_state::dead;
    out.push_back(store_tombstone{id_});
}

void transaction::abandon(error_code why, effects& out) {
    if (pending_ && pending_->from) out.push_back(answer{*pending_->from, why});
    pending_.reset();
    unmarked_.clear();
    superseded_ = failed_fence_ = false;
    state_ = {};
    state_.state = transaction_state::dead;
}

void transaction::check_invariants() const {
    const bool is_open = state_.state == transaction_state::ongoing || is_preparing(state_.state);
    CHECK(is_open || state_.partitions.empty(), "{} has partitions", name(state_.state));
    CHECK(is_preparing(state_.state) || unmarked_.empty());
    CHECK(std::ranges::includes(state_.partitions, unmarked_));
    CHECK(state_.next_id == kafka::no_producer_id || is_preparing(state_.state));
    CHECK(!is_open || is_known());
    CHECK(!failed_fence_ || state_.state == transaction_state::ongoing);
    CHECK(!is_preparing(state_.state) || !pending_ || pending_->why == reason::complete);
    CHECK(!pending_ || pending_->why != reason::complete || unmarked_.empty());
    CHECK(!superseded_ || (is_preparing(state_.state) && !pending_));
}

}  // namespace verdikt::broker::coordinator::transactions
