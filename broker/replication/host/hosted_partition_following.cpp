// What a change of role and a leader's answers do to the log.
#include "broker/replication/host/fetched_batches.h"
#include "broker/replication/host/partition_event.h"
#include "kafka/records/batch.h"
#include "runtime/check.h"

#include <utility>

namespace verdikt::broker::replication::host {

using kafka::error_code;

namespace {

using log_outcome = std::expected<void, storage::errc>;

// A full disk frees itself by retention, not by our asking more often.
constexpr runtime::duration log_retry_interval = std::chrono::seconds(1);

}  // namespace

runtime::awaitable<void> hosted_partition::assign(kafka::leader_epoch epoch) {
    for (;;) {
        const auto assigned = co_await log_->assign_epoch(epoch);
        if (assigned) break;
        world_.log().write(runtime::log_level::error,
                           "epoch_not_assigned",
                           {{"partition", name()},
                            {"epoch", epoch},
                            {"reason", storage::describe(assigned.error())}});
        if (log_->failure()) co_return;
        co_await world_.sleep_for(log_retry_interval);
        if (replica_.state().leader_epoch != epoch) co_return;
    }
    event([&](effects& out) { replica_.epoch_assigned(epoch, view_, world_.now(), out); });
}

void hosted_partition::fetch_answered(fetch_answer answer, std::span<const std::byte> records) {
    if (answer.error == error_code::none && !records.empty()) {
        const auto checked = check_fetched(records);
        if (!checked) {
            answer.error = checked.error();
        } else {
            arriving_ = checked->bytes;
            answer.records = checked->records;
        }
    }
    // The leader's log may start within a batch, which then comes whole to whoever starts there.
    const kafka::offset end = log_->log_end();
    if (answer.records && log_->log_start() == end && answer.records->first < end &&
        answer.records->last >= end) {
        answer.records->first = end;
    }
    event([&](effects& out) { replica_.fetch_answered(answer, view_, world_.now(), out); });
    arriving_ = {};
}

runtime::awaitable<void> hosted_partition::append_what_was_fetched() {
    std::vector<std::byte> bytes = std::exchange(fetched_, {});
    const auto first = kafka::records::parse_batch_header(bytes);
    CHECK(first.has_value());
    log_outcome outcome;
    if (first->base_offset < log_->log_end()) {
        CHECK(log_->log_start() == log_->log_end());
        outcome = co_await log_->restart_at(first->base_offset);
    }
    if (outcome) {
        const auto done =
            co_await log_->append(bytes, storage::append_origin::follower, kafka::no_leader_epoch);
        if (!done) outcome = std::unexpected(done.error());
    }
    co_await settle("append", outcome);
}

runtime::awaitable<void> hosted_partition::truncate(kafka::offset to) {
    const auto outcome = co_await log_->truncate_to(to);
    co_await settle("truncate", outcome);
}

runtime::awaitable<void> hosted_partition::restart(kafka::offset at) {
    const auto outcome = co_await log_->restart_at(at);
    co_await settle("restart", outcome);
}

/// Done or not, the replica looks at the log as it is now, and asks again for what is missing.
runtime::awaitable<void> hosted_partition::settle(std::string_view act, log_outcome outcome) {
    if (!outcome) {
        world_.log().write(
            runtime::log_level::error,
            "follower_log_not_changed",
            {{"partition", name()}, {"act", act}, {"reason", storage::describe(outcome.error())}});
        if (log_->failure()) co_return;
        co_await world_.sleep_for(log_retry_interval);
    }
    event([&](effects& out) { replica_.log_settled(view_, world_.now(), out); });
}

runtime::awaitable<void> hosted_partition::raise_start(kafka::offset to) {
    // What cannot be dropped now is dropped with the next answer, or by our own retention.
    (void)co_await log_->delete_records(to);
    event([&](effects& out) { replica_.log_settled(view_, world_.now(), out); });
}

}  // namespace verdikt::broker::replication::host
