#include "broker/replication/transaction_guards.h"

#include "runtime/check.h"

#include <set>

namespace verdikt::broker::replication {

using kafka::error_code;

namespace {

bool is_open_here(const storage::producer_table& producers,
                  const kafka::records::batch_header& batch) {
    const auto known = producers.producers().find(batch.producer_id);
    return known != producers.producers().end() && known->second.transaction_start &&
           known->second.epoch == batch.producer_epoch;
}

bool needs_verification(const storage::producer_table& producers,
                        const kafka::records::batch_header& batch) {
    return batch.attributes.is_transactional() && batch.has_producer_id() &&
           !is_open_here(producers, batch);
}

}  // namespace

std::optional<guard> transaction_guards::begin(const storage::producer_table& producers,
                                               const kafka::records::batch_header& batch,
                                               kafka::timestamp now) {
    if (!needs_verification(producers, batch)) return std::nullopt;
    const auto [known, is_new] = open_.try_emplace(batch.producer_id);
    verification& asked = known->second;
    // A newer epoch is another transaction: what is asked about the older one says nothing of it.
    if (is_new || batch.producer_epoch > asked.epoch) {
        last_ = last_.next();
        asked = {last_, batch.producer_epoch, batch.base_sequence, now};
    } else if (batch.producer_epoch == asked.epoch &&
               batch.base_sequence.value() < asked.first.value()) {
        asked.first = batch.base_sequence;
    }
    return asked.held;
}

error_code transaction_guards::admit(const storage::producer_table& producers,
                                     const kafka::records::batch_header& batch,
                                     std::optional<guard> held) const {
    if (!needs_verification(producers, batch)) return error_code::none;
    const auto known = open_.find(batch.producer_id);
    if (!held || known == open_.end() || known->second.held != *held ||
        known->second.epoch != batch.producer_epoch) {
        return error_code::transaction_abortable;
    }
    // Several batches may wait for their answers, and the first to come back need not be the first
    // that was sent. Of an unknown producer any sequence would be taken as its beginning.
    if (batch.base_sequence.value() > known->second.first.value()) {
        return error_code::out_of_order_sequence_number;
    }
    return error_code::none;
}

void transaction_guards::expire(kafka::timestamp deadline) {
    std::erase_if(open_, [&](const auto& entry) { return entry.second.since < deadline; });
}

void transaction_guards::check_invariants() const {
    std::set<guard> given;
    for (const auto& [producer, asked] : open_) {
        CHECK(asked.held <= last_);
        CHECK(given.insert(asked.held).second, "{} is held twice", asked.held);
    }
}

error_code check_marker(const storage::producer_table& producers,
                        const kafka::records::end_transaction_marker& marker,
                        bool has_epoch_of_its_own) {
    const auto known = producers.producers().find(marker.producer_id);
    if (known == producers.producers().end()) return error_code::none;
    const storage::producer_state& state = known->second;
    if (marker.coordinator_epoch < state.coordinator_epoch) {
        return error_code::transaction_coordinator_fenced;
    }
    const bool must_be_above = has_epoch_of_its_own && state.transaction_start.has_value();
    const bool is_late =
        must_be_above ? marker.producer_epoch <= state.epoch : marker.producer_epoch < state.epoch;
    return is_late ? error_code::invalid_producer_epoch : error_code::none;
}

}  // namespace verdikt::broker::replication
