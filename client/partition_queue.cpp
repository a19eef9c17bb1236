#include "client/partition_queue.h"

#include "runtime/check.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace verdikt::client {

partition_queue::place partition_queue::append(const kafka::records::new_record& record,
                                               runtime::instant now,
                                               std::uint64_t number) {
    const std::size_t before = bytes_;
    // One that was sent before keeps its records: their senders' clocks started with it.
    const bool fits =
        !unsent_.empty() && unsent_.back()->attempts == 0 &&
        unsent_.back()->size() + unsent_.back()->records.size_of(record) <= limits_.batch_size;
    if (!fits) {
        unsent_.push_back(std::make_shared<producer_batch>(where_, number, now));
        bytes_ += unsent_.back()->size();
    }
    producer_batch& batch = *unsent_.back();
    bytes_ -= batch.size();
    batch.records.append(record);
    bytes_ += batch.size();
    return {.batch = batch.outcome,
            .index = batch.records.record_count() - 1,
            .bytes = bytes_ - before};
}

std::optional<runtime::instant> partition_queue::ready_at(bool hurry) const {
    if (wants_identity() || needs_epoch_) return std::nullopt;
    if (const producer_batch* const again = resendable()) return not_before(*again);
    if (unsent_.empty() || !may_number_another()) return std::nullopt;
    return lingers_until(*unsent_.front(), hurry);
}

runtime::instant partition_queue::not_before(const producer_batch& batch) const {
    const bool leader_is_new = batch.attempts > 0 && batch.sent_in < leader_epoch_;
    return leader_is_new ? batch.created : batch.not_before;
}

runtime::instant partition_queue::lingers_until(const producer_batch& batch, bool hurry) const {
    const bool growing =
        unsent_.size() == 1 && batch.attempts == 0 && batch.size() < limits_.batch_size && !hurry;
    return std::max(not_before(batch), growing ? batch.created + limits_.linger : batch.created);
}

std::optional<runtime::instant> partition_queue::expires_at() const {
    if (const producer_batch* const oldest = oldest_unsettled()) {
        return oldest->created + limits_.delivery_timeout;
    }
    if (unsent_.empty()) return std::nullopt;
    return unsent_.front()->created + limits_.delivery_timeout;
}

const producer_batch* partition_queue::oldest_unsettled() const {
    const auto found = std::ranges::find_if(
        sent_, [](const batch_ptr& each) { return !each->outcome->settled(); });
    return found == sent_.end() ? nullptr : found->get();
}

const producer_batch* partition_queue::resendable() const {
    if (limits_.idempotent) {
        const producer_batch* const oldest = oldest_unsettled();
        return oldest != nullptr && !oldest->in_flight ? oldest : nullptr;
    }
    const auto found = std::ranges::find_if(
        sent_, [](const batch_ptr& each) { return !each->outcome->settled() && !each->in_flight; });
    return found == sent_.end() ? nullptr : found->get();
}

bool partition_queue::any_in_flight() const {
    return std::ranges::any_of(sent_, [](const batch_ptr& each) { return each->in_flight; });
}

bool partition_queue::has_ghosts() const {
    return std::ranges::any_of(sent_,
                               [](const batch_ptr& each) { return each->outcome->settled(); });
}

bool partition_queue::may_number_another() const {
    const bool all_under_way = std::ranges::all_of(
        sent_, [](const batch_ptr& each) { return each->in_flight || each->outcome->settled(); });
    if (!all_under_way || sent_.size() >= limits_.in_flight_max) return false;
    return !limits_.idempotent || !has_ghosts();
}

std::shared_ptr<producer_batch> partition_queue::take(runtime::instant now) {
    batch_ptr taken;
    if (const producer_batch* const again = resendable()) {
        CHECK(not_before(*again) <= now);
        taken = *std::ranges::find(sent_, again, &batch_ptr::get);
        ++counts_.retries;
    } else {
        CHECK(!unsent_.empty() && may_number_another() && !wants_identity());
        taken = std::move(unsent_.front());
        unsent_.pop_front();
        number(*taken);
        sent_.push_back(taken);
    }
    taken->in_flight = true;
    taken->sent_in = leader_epoch_;
    ++taken->attempts;
    return taken;
}

void partition_queue::number(producer_batch& batch) {
    if (!limits_.idempotent) return;
    batch.producer_id = identity_.id;
    batch.epoch = identity_.epoch;
    batch.first_sequence = next_sequence_;
    next_sequence_ = next_sequence_.plus(batch.records.record_count());
}

bool partition_queue::answered(producer_batch& batch,
                               const produce_answer& answer,
                               runtime::instant retry_at) {
    batch.in_flight = false;
    const produce_verdict verdict = judge(answer.code, limits_.acks_all);
    if (verdict.fate == attempt_fate::in_doubt) batch.may_be_written = true;
    const error why = refused(answer.code, answer.detail);
    switch (verdict.next) {
        case next_step::done:
            confirmed(batch, answer);
            break;
        case next_step::resend:
            retry_or_give_up(batch, why, retry_at);
            break;
        case next_step::start_over:
            out_of_step(batch, why, retry_at);
            break;
        case next_step::give_up:
            settle_by_doubt(batch, why);
            break;
    }
    settle_down();
    return verdict.refresh_metadata;
}

void partition_queue::lost(producer_batch& batch,
                           const error& why,
                           bool may_have_arrived,
                           runtime::instant retry_at) {
    batch.in_flight = false;
    if (may_have_arrived) batch.may_be_written = true;
    retry_or_give_up(batch, why, retry_at);
    settle_down();
}

void partition_queue::posted(producer_batch& batch) {
    batch.in_flight = false;
    batch.may_be_written = true;
    settle_by_doubt(batch, {.reason = errc::not_acknowledged});
    settle_down();
}

void partition_queue::settle(producer_batch& batch, batch_outcome::verdict how) {
    bytes_ -= batch.size();
    const auto records = static_cast<std::uint64_t>(batch.records.record_count());
    if (std::holds_alternative<batch_outcome::written>(how)) counts_.delivered += records;
    if (std::holds_alternative<failed>(how)) counts_.failed += records;
    if (std::holds_alternative<unknown>(how)) counts_.unknown += records;
    note_trouble(how);
    batch.outcome->settle(std::move(how));
}

void partition_queue::note_trouble(const batch_outcome::verdict& how) {
    if (trouble_) return;
    if (const auto* const lost_one = std::get_if<failed>(&how)) trouble_ = lost_one->why;
    if (const auto* const doubtful = std::get_if<unknown>(&how)) trouble_ = doubtful->why;
}

void partition_queue::confirmed(producer_batch& batch, const produce_answer& answer) {
    if (!batch.outcome->settled()) {
        const bool offset_known = answer.code == kafka::error_code::none;
        settle(batch,
               batch_outcome::written{.base = offset_known ? answer.base : kafka::no_offset,
                                      .append_time = answer.append_time});
    }
    // The broker takes numbers only in order, so ghosts before this one are in the log too.
    if (limits_.idempotent) {
        const auto here = std::ranges::find(sent_, &batch, &batch_ptr::get);
        sent_.erase(std::remove_if(sent_.begin(),
                                   here,
                                   [](const batch_ptr& each) {
                                       return each->outcome->settled() && !each->in_flight;
                                   }),
                    here);
    }
    forget(batch);
}

void partition_queue::out_of_step(producer_batch& batch,
                                  const error& why,
                                  runtime::instant retry_at) {
    if (batch.outcome->settled()) return;
    if (!limits_.idempotent || limits_.transactional) {
        settle_by_doubt(batch, why);
        return;
    }
    batch.not_before = retry_at;
    // Behind an older one that failed this is no news: it is sent again once that is through.
    if (oldest_unsettled() != &batch) return;
    needs_epoch_ = true;
    if (why.code == kafka::error_code::invalid_producer_epoch) needs_identity_ = true;
}

void partition_queue::retry_or_give_up(producer_batch& batch,
                                       const error& why,
                                       runtime::instant retry_at) {
    if (batch.outcome->settled()) return;
    if (!why.retriable() || batch.attempts > limits_.retries) {
        settle_by_doubt(batch, why);
    } else {
        batch.not_before = retry_at;
    }
}

void partition_queue::settle_by_doubt(producer_batch& batch, const error& why) {
    if (batch.outcome->settled()) return;
    if (batch.in_flight || batch.may_be_written) {
        settle(batch, unknown{.why = why});
        return;
    }
    settle(batch, failed{.why = why});
    // Its numbers will never be used, and the broker takes no others in their place.
    if (batch.attempts > 0 && limits_.idempotent) needs_epoch_ = true;
    forget(batch);
}

void partition_queue::forget(const producer_batch& batch) {
    std::erase_if(sent_, [&](const batch_ptr& each) { return each.get() == &batch; });
}

void partition_queue::expire(runtime::instant now) {
    const auto too_old = [&](const batch_ptr& each) {
        return each->created + limits_.delivery_timeout <= now;
    };
    const error why{.reason = errc::timed_out, .detail = "delivery.timeout.ms"};
    for (const batch_ptr& each : std::vector<batch_ptr>(sent_.begin(), sent_.end())) {
        if (too_old(each)) settle_by_doubt(*each, why);
    }
    while (!unsent_.empty() && too_old(unsent_.front())) {
        settle(*unsent_.front(), failed{.why = why});
        unsent_.pop_front();
    }
    settle_down();
}

void partition_queue::abandon(const error& why) {
    for (const batch_ptr& each : std::vector<batch_ptr>(sent_.begin(), sent_.end())) {
        settle_by_doubt(*each, why);
    }
    for (const batch_ptr& each : std::exchange(unsent_, {})) settle(*each, failed{.why = why});
    settle_down();
}

void partition_queue::settle_down() {
    if (!limits_.idempotent) {
        std::erase_if(sent_, [](const batch_ptr& each) {
            return each->outcome->settled() && !each->in_flight;
        });
        return;
    }
    if (any_in_flight()) return;
    // Nothing is left that could prove what became of the ghosts.
    if (!sent_.empty() && oldest_unsettled() == nullptr) needs_epoch_ = true;
    if (needs_epoch_) start_over();
}

void partition_queue::start_over() {
    const error why{.reason = errc::refused_by_broker,
                    .code = kafka::error_code::out_of_order_sequence_number,
                    .detail = "an earlier attempt may be in the log"};
    std::deque<batch_ptr> again;
    for (batch_ptr& each : std::exchange(sent_, {})) {
        if (each->outcome->settled()) continue;
        if (each->may_be_written) {
            settle(*each, unknown{.why = why});
        } else if (limits_.transactional) {
            settle(*each, failed{.why = why});
        } else {
            again.push_back(std::move(each));
        }
    }
    unsent_.insert(unsent_.begin(), again.begin(), again.end());
    next_sequence_ = kafka::sequence(0);
    needs_epoch_ = false;
    // The transaction is to be aborted; `renew` brings the next epoch.
    if (limits_.transactional) return;
    ++counts_.epoch_bumps;
    const auto last_epoch = std::numeric_limits<std::int16_t>::max();
    if (needs_identity_ || identity_.epoch.value() == last_epoch) {
        spent_id_ = identity_.id;
        identity_ = {};
        needs_identity_ = false;
    } else {
        identity_.epoch = identity_.epoch.next();
    }
}

bool partition_queue::wants_identity() const {
    return limits_.idempotent && !identity_.valid();
}

void partition_queue::adopt(producer_identity identity) {
    CHECK(wants_identity() && sent_.empty());
    CHECK(identity.valid() && identity.id != spent_id_);
    identity_ = identity;
    next_sequence_ = kafka::sequence(0);
}

void partition_queue::renew(producer_identity identity) {
    CHECK(limits_.transactional && idle() && !any_in_flight());
    sent_.clear();
    identity_ = identity;
    next_sequence_ = kafka::sequence(0);
    needs_epoch_ = false;
    trouble_.reset();
}

std::vector<std::shared_ptr<batch_outcome>> partition_queue::unsettled() const {
    std::vector<std::shared_ptr<batch_outcome>> outcomes;
    for (const auto* batches : {&sent_, &unsent_}) {
        for (const batch_ptr& each : *batches) {
            if (!each->outcome->settled()) outcomes.push_back(each->outcome);
        }
    }
    return outcomes;
}

bool partition_queue::idle() const {
    return unsent_.empty() && oldest_unsettled() == nullptr;
}

void partition_queue::check_invariants() const {
    std::size_t waiting = 0;
    const producer_batch* before = nullptr;
    for (const batch_ptr& each : sent_) {
        CHECK(each->attempts > 0);
        const bool ghost = each->outcome->settled();
        CHECK(!ghost || each->in_flight || limits_.idempotent);
        if (!ghost) waiting += each->size();
        CHECK(before == nullptr || before->created <= each->created);
        if (limits_.idempotent) {
            CHECK(each->producer_id == identity_.id && each->epoch == identity_.epoch);
        }
        before = each.get();
    }
    for (const batch_ptr& each : unsent_) {
        CHECK(!each->in_flight && !each->may_be_written && !each->outcome->settled());
        waiting += each->size();
    }
    CHECK(waiting == bytes_, "{} of {} bytes", waiting, bytes_);
    CHECK(sent_.size() <= limits_.in_flight_max);
    CHECK(!needs_epoch_ || any_in_flight() || !limits_.idempotent);
}

}  // namespace verdikt::client
