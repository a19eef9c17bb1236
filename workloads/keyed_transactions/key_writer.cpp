#include "workloads/keyed_transactions/key_writer.h"

#include "workloads/clients.h"
#include "workloads/commits.h"
#include "workloads/draws.h"
#include "workloads/recorder/datums.h"
#include "workloads/send_outcome.h"

#include <fmt/format.h>

#include <utility>
#include <variant>

namespace verdikt::workloads {

using client::error;
using runtime::awaitable;

namespace {

constexpr std::int64_t writes_max = 4;

}  // namespace

awaitable<void> key_writer::live(runtime::instant until) {
    process_ = history_.fresh_process();
    over_ = false;
    const bool transactional = plan_.load.transactional();
    client::producer writer(
        world_,
        producer_settings(plan_.load,
                          fmt::format("writer-{}", process_),
                          transactional ? plan_.transactional_id(number_) : std::string()));
    co_await use_while_alive(writer, write(writer, until), over_);
}

awaitable<void> key_writer::write(client::producer& writer, runtime::instant until) {
    if (plan_.load.transactional()) {
        const auto ready = co_await writer.init_transactions();
        if (!ready) co_return;
    }
    while (!over_) {
        co_await world_.sleep_for(draw_pause(plan_.load, random_));
        if (world_.now() >= until) co_return;
        co_await (plan_.load.transactional() ? transact(writer) : send(writer));
    }
}

awaitable<void> key_writer::send(client::producer& writer) {
    steps what = draw();
    open_operation op = history_.begin(process_, "txn", value_of(plan_.what, what));
    deliveries sent;
    send_outcome all(what.size());
    const std::optional<error> refused = co_await append_all(writer, what, sent);
    if (refused) all.refuse(*refused);
    for (std::size_t at = 0; at < sent.size(); ++at) {
        const client::delivery outcome = co_await sent[at].wait();
        all.take(outcome, what[at].offset);
    }
    if (all.type() == op_type::ok) tell(op, what);
    if (const auto& why = all.why()) op.error = text_of(why->message());
    end(op, all.type());
}

/// A transaction fails for certain if nobody ever asked for its commit (or as commits.h says).
awaitable<void> key_writer::transact(client::producer& writer) {
    steps what = draw();
    open_operation op = history_.begin(process_, "txn", value_of(plan_.what, what));
    const auto begun = writer.begin_transaction();
    if (!begun) {
        op.error = text_of(begun.error().message());
        over_ = true;
        co_return end(op, op_type::fail);
    }
    deliveries sent;
    const std::optional<error> refused = co_await append_all(writer, what, sent);
    if (refused) {
        op.error = text_of(refused->message());
        co_await abort(writer);
        co_return end(op, op_type::fail);
    }
    if (random_.chance(plan_.crash_chance)) {
        // What was sent stays open until somebody ends it.
        for (const client::pending_delivery& each : sent) static_cast<void>(co_await each.wait());
        op.error.add_keyword("crashed");
        over_ = true;
        co_return end(op, op_type::fail);
    }
    if (random_.chance(plan_.abort_chance)) {
        for (const client::pending_delivery& each : sent) static_cast<void>(co_await each.wait());
        op.error.add_keyword("aborted");
        co_await abort(writer);
        co_return end(op, op_type::fail);
    }
    co_await finish(writer, op, what, sent);
}

awaitable<void> key_writer::finish(client::producer& writer,
                                   open_operation& op,
                                   steps& what,
                                   const deliveries& sent) {
    const commit_outcome done = co_await commit_transaction(writer);
    if (done.why) op.error = text_of(done.why->message());
    if (done.type == op_type::fail) co_await abort(writer);
    if (done.type == op_type::ok) {
        for (std::size_t at = 0; at < sent.size(); ++at) {
            if (!sent[at].done()) continue;
            const client::delivery outcome = sent[at].outcome();
            const auto* const told = std::get_if<client::delivered>(&outcome);
            if (told != nullptr) what[at].offset = told->offset.value();
        }
        tell(op, what);
    }
    end(op, done.type);
}

/// What was in the way of the first that found no place; those behind it are not tried.
awaitable<std::optional<error>> key_writer::append_all(client::producer& writer,
                                                       const steps& what,
                                                       deliveries& sent) {
    for (const key_step& each : what) {
        const client::topic_partition where = plan_.place_of(each.key);
        const std::string value = fmt::format("{}", each.value);
        auto place = co_await writer.append(
            {.topic = where.topic, .partition = where.partition, .value = client::as_bytes(value)});
        if (!place) co_return place.error();
        sent.push_back(std::move(*place));
    }
    co_return std::nullopt;
}

/// A producer that cannot even abort is replaced; its successor aborts for it.
awaitable<void> key_writer::abort(client::producer& writer) {
    const auto done = co_await writer.abort_transaction();
    if (!done) over_ = true;
}

void key_writer::tell(open_operation& op, const steps& what) const {
    if (plan_.what == key_kind::newest) op.more = field_of("offsets", offsets_of(what).view());
}

void key_writer::end(open_operation& op, op_type type) {
    op.end(type);
    if (type == op_type::info) over_ = true;
}

key_writer::steps key_writer::draw() {
    steps drawn;
    const auto keys = board_.draw(random_.between(1, writes_max), plan_.load, random_);
    for (const std::int32_t key : keys) {
        drawn.push_back({.key = key, .value = board_.next_value(key)});
    }
    return drawn;
}

}  // namespace verdikt::workloads
