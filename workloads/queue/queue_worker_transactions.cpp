#include "workloads/queue/queue_worker.h"
#include "workloads/recorder/datums.h"

#include "workloads/commits.h"

#include <utility>
#include <variant>

namespace verdikt::workloads {

using namespace std::chrono_literals;
using client::error;
using runtime::awaitable;

namespace {

constexpr runtime::duration brief_poll = 100ms;

}  // namespace

/// A transaction fails for certain if nobody ever asked for its commit (or as commits.h says).
awaitable<void> queue_worker::transact(client::producer& writer, client::consumer& reader) {
    steps what = draw_transaction();
    open_operation op = history_.begin(process_, "txn", value_of(what));
    const auto begun = writer.begin_transaction();
    if (!begun) {
        end(op, op_type::fail, begun.error());
        over_ = true;
        co_return;
    }
    deliveries sent;
    const std::optional<error> why = co_await carry_out(writer, reader, what, sent);
    note_rebalances(op);
    op.value = value_of(what);
    const bool on_purpose = random_.chance(plan_.abort_chance);
    if (why || on_purpose) {
        co_await abort(writer);
        if (why) {
            end(op, op_type::fail, why);
        } else {
            op.error.add_keyword("aborted");
            end(op, op_type::fail, std::nullopt);
        }
        co_return go_back(reader, what);
    }
    const op_type type = co_await commit(writer, op);
    if (type == op_type::ok) {
        take_offsets(what, sent);
        op.value = value_of(what);
    }
    end(op, type, std::nullopt);
    if (type == op_type::fail) go_back(reader, what);
}

void queue_worker::take_offsets(steps& what, const deliveries& sent) {
    std::size_t at = 0;
    for (micro_operation& each : what) {
        if (!each.is_send) continue;
        const client::pending_delivery& place = sent[at++];
        if (!place.done()) continue;
        const client::delivery outcome = place.outcome();
        if (const auto* told = std::get_if<client::delivered>(&outcome)) {
            each.offset = told->offset.value();
        }
    }
}

awaitable<std::optional<error>> queue_worker::carry_out(client::producer& writer,
                                                        client::consumer& reader,
                                                        steps& what,
                                                        deliveries& sent) {
    for (micro_operation& each : what) {
        if (each.is_send) {
            auto place = co_await append(writer, each);
            if (!place) co_return place.error();
            sent.push_back(std::move(*place));
            continue;
        }
        auto polled = co_await reader.poll(brief_poll);
        if (!polled) co_return polled.error();
        each.polled = true;
        each.records = copy_of(*polled);
        note_polled(each);
    }
    co_return co_await give_offsets(writer, reader, what);
}

/// What the transaction read counts as read only if it is committed.
awaitable<std::optional<error>> queue_worker::give_offsets(client::producer& writer,
                                                           client::consumer& reader,
                                                           const steps& what) {
    if (how_ != reading::subscribe) co_return std::nullopt;
    client::offset_map offsets;
    for (const micro_operation& each : what) {
        for (const auto& [index, records] : each.records) {
            if (records.empty()) continue;
            offsets[partition(index)] = {.offset = kafka::offset(records.back().offset).next(),
                                         .epoch = kafka::leader_epoch(records.back().epoch)};
        }
    }
    if (offsets.empty()) co_return std::nullopt;
    auto standing = reader.standing();
    const auto given =
        co_await writer.send_offsets_to_transaction(std::move(offsets), std::move(standing));
    if (!given) co_return given.error();
    co_return std::nullopt;
}

awaitable<queue_worker::op_type> queue_worker::commit(client::producer& writer,
                                                      open_operation& into) {
    const commit_outcome done = co_await commit_transaction(writer);
    if (done.why) into.error = text_of(done.why->message());
    if (done.type == op_type::fail) co_await abort(writer);
    co_return done.type;
}

/// A producer that cannot even abort is replaced; its successor aborts for it.
awaitable<void> queue_worker::abort(client::producer& writer) {
    const auto done = co_await writer.abort_transaction();
    if (!done) over_ = true;
}

/// What was polled has not been processed. Partitions that are gone are others' now.
void queue_worker::go_back(client::consumer& reader, const steps& what) {
    std::map<std::int32_t, std::int64_t> first;
    for (const micro_operation& each : what) {
        for (const auto& [index, records] : each.records) {
            if (!records.empty()) first.try_emplace(index, records.front().offset);
        }
    }
    for (const auto& [index, offset] : first) {
        (void)reader.seek(partition(index), {.offset = kafka::offset(offset)});
    }
}

}  // namespace verdikt::workloads
