// What becomes of a write.
#include "broker/coordinator/append_errors.h"
#include "broker/coordinator/transactions/transaction.h"
#include "runtime/check.h"

#include <utility>

namespace verdikt::broker::coordinator::transactions {

using kafka::error_code;

void transaction::stored(error_code outcome, kafka::timestamp now, effects& out) {
    CHECK(pending_.has_value());
    pending_write done = std::move(*pending_);
    pending_.reset();
    if (outcome == error_code::none) {
        take_effect(std::move(done), now, out);
    } else {
        failed(done, coordinator_error(outcome), out);
    }
}

void transaction::take_effect(pending_write done, kafka::timestamp now, effects& out) {
    state_ = std::move(done.next);
    last_epoch_ = done.last_epoch;
    failed_fence_ = false;
    const auto tell = [&](error_code error, producer_identity who = {}) {
        if (done.from) out.push_back(answer{*done.from, error, who});
    };
    switch (done.why) {
        case reason::init:
            tell(error_code::none, state_.producer);
            return;
        case reason::add:
            tell(error_code::none);
            return;
        case reason::end: {
            producer_identity next = {};
            if (state_.spoken == protocol::epoch_bump) {
                next = state_.next_id == kafka::no_producer_id
                           ? state_.producer
                           : producer_identity{state_.next_id, kafka::producer_epoch(0)};
            }
            tell(error_code::none, next);
            break;
        }
        case reason::fence:
            // It may come for its own epoch once the markers are written.
            tell(error_code::concurrent_transactions);
            break;
        case reason::complete:
        case reason::expiry:
            return;
    }
    write_markers(out);
    if (unmarked_.empty()) complete(now, out);
}

void transaction::failed(const pending_write& lost, error_code outcome, effects& out) {
    switch (lost.why) {
        case reason::fence:
            // The old epoch is refused from now on, whatever became of the write.
            state_.producer.epoch = lost.next.producer.epoch;
            last_epoch_ = kafka::no_producer_epoch;
            failed_fence_ = true;
            break;
        case reason::complete:
            if (outcome != error_code::not_coordinator) out.push_back(retry_completion{id_});
            return;
        case reason::init:
        case reason::add:
        case reason::end:
        case reason::expiry:
            break;
    }
    if (lost.from) out.push_back(answer{*lost.from, outcome});
}

}  // namespace verdikt::broker::coordinator::transactions
