#include "broker/storage/producer_table.h"

#include "runtime/check.h"

#include <algorithm>

namespace verdikt::broker::storage {

namespace {

constexpr kafka::sequence first_sequence{0};

bool continues(const producer_state& state, kafka::sequence first) {
    return state.recent.empty() ? first == first_sequence
                                : first == state.recent.back().last.next();
}

const remembered_batch* twin_of(const producer_state& state,
                                const kafka::records::batch_header& batch) {
    if (batch.producer_epoch != state.epoch) return nullptr;
    for (const remembered_batch& known : state.recent) {
        if (known.first == batch.base_sequence && known.last == batch.last_sequence())
            return &known;
    }
    return nullptr;
}

}  // namespace

std::expected<admission, errc> producer_table::admit(
    const kafka::records::batch_header& batch) const {
    if (!batch.has_producer_id()) return admission{};
    if (batch.base_sequence.value() < 0 || batch.last_offset_delta < 0) {
        return std::unexpected(errc::out_of_order_sequence);
    }
    const bool starts_over = batch.base_sequence == first_sequence;
    const auto found = producers_.find(batch.producer_id);
    if (found == producers_.end()) {
        if (!starts_over) return std::unexpected(errc::unknown_producer);
        return admission{};
    }
    const producer_state& state = found->second;
    if (const remembered_batch* twin = twin_of(state, batch))
        return admission{.duplicate_of = *twin};
    if (batch.producer_epoch < state.epoch) return std::unexpected(errc::producer_fenced);
    const bool in_order =
        batch.producer_epoch > state.epoch ? starts_over : continues(state, batch.base_sequence);
    if (!in_order) return std::unexpected(errc::out_of_order_sequence);
    if (state.transaction_start && !batch.attributes.is_transactional()) {
        return std::unexpected(errc::invalid_transaction);
    }
    return admission{};
}

std::expected<void, errc> producer_table::admit(
    const kafka::records::end_transaction_marker& marker) const {
    const auto found = producers_.find(marker.producer_id);
    if (found == producers_.end()) return {};
    if (marker.producer_epoch < found->second.epoch) return std::unexpected(errc::producer_fenced);
    if (marker.coordinator_epoch < found->second.coordinator_epoch) {
        return std::unexpected(errc::coordinator_fenced);
    }
    return {};
}

std::expected<void, errc> producer_table::admit_unnumbered(
    const kafka::records::batch_header& batch) const {
    if (!batch.has_producer_id()) return {};
    const auto found = producers_.find(batch.producer_id);
    const bool is_fenced = found != producers_.end() && batch.producer_epoch < found->second.epoch;
    if (is_fenced) return std::unexpected(errc::producer_fenced);
    return {};
}

void producer_table::record(const kafka::records::batch_header& batch, kafka::timestamp now) {
    if (!batch.has_producer_id() || batch.base_sequence.value() < 0) return;
    producer_state& state = producers_[batch.producer_id];
    // A log that we did not write ourselves may skip: what cannot be continued is started over.
    if (batch.producer_epoch != state.epoch || !continues(state, batch.base_sequence)) {
        state.recent.clear();
    }
    state.epoch = batch.producer_epoch;
    state.last_time = now;
    if (state.recent.size() == batches_max) state.recent.erase(state.recent.begin());
    state.recent.push_back({.first = batch.base_sequence,
                            .last = batch.last_sequence(),
                            .base_offset = batch.base_offset,
                            .last_offset = batch.last_offset()});
    if (batch.attributes.is_transactional() && !state.transaction_start) {
        state.transaction_start = batch.base_offset;
        open_.emplace(batch.base_offset, batch.producer_id);
    }
}

std::optional<transaction_index::entry> producer_table::record(
    const kafka::records::end_transaction_marker& marker,
    kafka::offset offset,
    kafka::timestamp now) {
    producer_state& state = producers_[marker.producer_id];
    if (marker.producer_epoch != state.epoch) state.recent.clear();
    state.epoch = marker.producer_epoch;
    state.coordinator_epoch = marker.coordinator_epoch;
    state.last_time = now;
    if (!state.transaction_start) return std::nullopt;
    const kafka::offset first = *state.transaction_start;
    state.transaction_start.reset();
    open_.erase(first);
    undecided_.emplace(first, offset);
    if (marker.outcome != kafka::records::control_type::abort) return std::nullopt;
    return transaction_index::entry{.producer = marker.producer_id,
                                    .first_offset = first,
                                    .marker_offset = offset,
                                    .last_stable_offset = stable_after(first, offset)};
}

kafka::offset producer_table::stable_after(kafka::offset completed, kafka::offset marker) const {
    const auto oldest_open =
        std::ranges::find_if(open_, [&](const auto& other) { return other.first != completed; });
    return oldest_open == open_.end() ? marker.next() : oldest_open->first;
}

void producer_table::advance_high_watermark(kafka::offset high_watermark) {
    std::erase_if(undecided_, [&](const auto& entry) { return entry.second < high_watermark; });
}

std::optional<kafka::offset> producer_table::first_undecided_offset() const {
    std::optional<kafka::offset> first;
    if (!open_.empty()) first = open_.begin()->first;
    if (!undecided_.empty() && (!first || undecided_.begin()->first < *first)) {
        first = undecided_.begin()->first;
    }
    return first;
}

void producer_table::expire(kafka::timestamp deadline) {
    std::erase_if(producers_, [&](const auto& entry) {
        return entry.second.last_time < deadline && !entry.second.transaction_start;
    });
}

void producer_table::forget_decided_below(kafka::offset log_start) {
    std::erase_if(undecided_, [&](const auto& entry) { return entry.second < log_start; });
}

void producer_table::restore(kafka::producer_id id, producer_state state) {
    CHECK(!producers_.contains(id));
    if (state.transaction_start) open_.emplace(*state.transaction_start, id);
    producers_.emplace(id, std::move(state));
}

void producer_table::check_invariants() const {
    std::size_t transactions = 0;
    for (const auto& [id, state] : producers_) {
        CHECK(state.recent.size() <= batches_max);
        for (std::size_t at = 1; at < state.recent.size(); ++at) {
            CHECK(state.recent[at].first == state.recent[at - 1].last.next());
            CHECK(state.recent[at].base_offset > state.recent[at - 1].last_offset);
        }
        if (!state.transaction_start) continue;
        ++transactions;
        const auto open = open_.find(*state.transaction_start);
        CHECK(open != open_.end());
        CHECK(open->second == id);
    }
    CHECK(transactions == open_.size());
}

}  // namespace verdikt::broker::storage
