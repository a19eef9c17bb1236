#include "client/producer_transactions.h"

#include "client/offset_commits.h"
#include "client/transaction_requests.h"

#include <utility>

namespace verdikt::client {

namespace messages = kafka::messages;
using kafka::api_key;
using kafka::error_code;

namespace {

// The last versions before the second protocol version (KIP-890), and the first of it.
constexpr std::int16_t produce_before = 11;
constexpr std::int16_t end_before = 4;
constexpr std::int16_t offsets_before = 4;
constexpr std::int16_t epoch_bump_feature = 2;

/// The transaction before is being completed, which takes milliseconds.
constexpr std::chrono::milliseconds busy_pause{20};

}  // namespace

producer_transactions::producer_transactions(cluster& brokers,
                                             const client_config& config,
                                             transactional_records& of)
    : brokers_(brokers), config_(config), records_(of) {}

runtime::instant producer_transactions::deadline() const {
    return brokers_.world().now() + config_.max_block_ms;
}

std::int16_t producer_transactions::produce_version_max() const {
    return session_.speaks_epoch_bump() ? messages::version_max : produce_before;
}

/// Asks the coordinator until it answers something final. All these requests may be repeated: their
/// effects are the same.
template <typename Response, typename Request>
runtime::awaitable<result<Response>> producer_transactions::ask(coordinator_kind kind,
                                                                std::string key,
                                                                Request request,
                                                                runtime::instant deadline,
                                                                std::int16_t version_at_most) {
    for (std::uint32_t failures = 1;; ++failures) {
        const auto node = co_await brokers_.coordinator(kind, key, deadline);
        if (!node) co_return std::unexpected(node.error());
        auto answer = co_await brokers_.call<Response>(*node, request, deadline, version_at_most);
        const auto code = answer ? code_of(answer->message) : error_code::none;
        if (answer && code == error_code::none) co_return std::move(answer->message);
        const auto what = std::string(Request::schema.name()) + " " + key;
        const error fault = answer ? refused(code, what) : answer.error().why;
        if (!answer && answer.error().may_have_arrived) session_.lost_request();
        if (!answer || kafka::invalidates_coordinator(code)) brokers_.forget_coordinator(kind, key);
        const auto again = brokers_.world().now() + pause_after(code, failures);
        if (!fault.retriable() || again >= deadline) co_return std::unexpected(fault);
        co_await brokers_.world().sleep_until(again);
    }
}

template <typename Response, typename Request>
runtime::awaitable<result<Response>> producer_transactions::ask(Request request,
                                                                runtime::instant deadline,
                                                                std::int16_t version_at_most) {
    return ask<Response>(
        coordinator_kind::transaction, id(), std::move(request), deadline, version_at_most);
}

runtime::duration producer_transactions::pause_after(error_code code, std::uint32_t failures) {
    if (code == error_code::concurrent_transactions) return busy_pause;
    return brokers_.retry_delay(failures);
}

error producer_transactions::note(std::uint64_t number, const error& why) {
    if (!session_.heeds_refusal_in(number)) return why;
    const bool is_of_group = why.reason == errc::refused_by_broker &&
                             kafka::classify(why.code) == kafka::error_class::group_fenced;
    if ((why.fenced() || why.fatal()) && !is_of_group) {
        break_down(why);
        return why;
    }
    fail(why);
    // Of the group, the program has to know; anything else comes to the same thing.
    if (is_of_group) return why;
    return {.reason = errc::must_abort, .code = why.code, .detail = why.message()};
}

void producer_transactions::break_down(const error& why) {
    session_.break_down(why);
    records_.drop(why);
}

void producer_transactions::fail(const error& why) {
    const bool was_open = session_.now() == transaction_session::phase::open;
    session_.fail(why);
    if (was_open) {
        records_.drop({.reason = errc::must_abort, .code = why.code, .detail = why.message()});
    }
}

// ---- Identity.

runtime::awaitable<result<void>> producer_transactions::initialise() {
    if (const auto may = session_.may_initialise(); !may) co_return std::unexpected(may.error());
    const auto until = deadline();
    const auto bumps = co_await can_bump_epochs(until);
    if (!bumps) co_return std::unexpected(bumps.error());
    const auto taken = co_await take_identity(until);
    if (!taken) co_return taken;
    session_.initialised(*bumps);
    co_return result<void>();
}

/// Until it answers: it may be on its way up, or another may take its place.
runtime::awaitable<result<std::shared_ptr<connection>>>
producer_transactions::connect_to_coordinator(runtime::instant deadline) {
    constexpr auto kind = coordinator_kind::transaction;
    for (std::uint32_t failures = 1;; ++failures) {
        const auto node = co_await brokers_.coordinator(kind, id(), deadline);
        if (!node) co_return std::unexpected(node.error());
        auto over = co_await brokers_.connect_to(*node, deadline);
        if (over) co_return std::move(*over);
        brokers_.forget_coordinator(kind, id());
        const error& why = over.error().why;
        const auto again = brokers_.world().now() + brokers_.retry_delay(failures);
        if (!why.retriable() || again >= deadline) co_return std::unexpected(why);
        co_await brokers_.world().sleep_until(again);
    }
}

runtime::awaitable<result<bool>> producer_transactions::can_bump_epochs(runtime::instant deadline) {
    const auto over = co_await connect_to_coordinator(deadline);
    if (!over) co_return std::unexpected(over.error());
    const broker_versions& theirs = (*over)->versions;
    if (config_.transaction_version_max < epoch_bump_feature) co_return false;
    if (theirs.feature("transaction.version") < epoch_bump_feature) co_return false;
    const auto is_newer = [&theirs](api_key api, std::int16_t before) {
        return theirs.choose(api).value_or(0) > before;
    };
    co_return is_newer(api_key::produce, produce_before) &&
        is_newer(api_key::end_txn, end_before) &&
        is_newer(api_key::txn_offset_commit, offsets_before);
}

runtime::awaitable<result<void>> producer_transactions::take_identity(runtime::instant deadline) {
    const auto told = co_await ask<messages::init_producer_id_response>(
        make_init_producer_id(id(), identity_, config_.transaction_timeout_ms), deadline);
    if (!told) {
        const error& why = told.error();
        if (why.fenced()) break_down(why);
        co_return std::unexpected(why);
    }
    take(identity_in(*told));
    co_return result<void>();
}

void producer_transactions::take(producer_identity identity) {
    identity_ = identity;
    records_.renew(identity_);
}

// ---- What a transaction is made of.

runtime::awaitable<void> producer_transactions::add(transaction_session::partitions which) {
    const auto until = brokers_.world().now() + config_.delivery_timeout_ms;
    const std::uint64_t number = session_.number();
    const auto done = co_await ask<messages::add_partitions_to_txn_response>(
        make_add_partitions(id(), identity_, which), until);
    if (!done) {
        note(number, done.error());
    } else if (session_.number() == number) {
        session_.added(which);
        records_.wake();
    }
}

runtime::awaitable<result<void>> producer_transactions::send_offsets(offset_map offsets,
                                                                     group_standing reader) {
    if (const auto may = session_.may_write(); !may) co_return std::unexpected(may.error());
    if (offsets.empty()) co_return result<void>();
    const auto until = deadline();
    const std::uint64_t number = session_.number();
    session_.may_have_started();
    if (!session_.speaks_epoch_bump()) {
        const auto added = co_await add_offsets(reader.group_id, until);
        if (!added) co_return std::unexpected(note(number, added.error()));
    }
    const auto done = co_await commit_offsets(std::move(offsets), std::move(reader), until);
    if (!done) co_return std::unexpected(note(number, done.error()));
    session_.started();
    co_return result<void>();
}

runtime::awaitable<result<void>> producer_transactions::add_offsets(std::string group,
                                                                    runtime::instant deadline) {
    const auto done = co_await ask<messages::add_offsets_to_txn_response>(
        make_add_offsets(id(), identity_, group), deadline);
    if (!done) co_return std::unexpected(done.error());
    session_.started();
    co_return result<void>();
}

runtime::awaitable<result<void>> producer_transactions::commit_offsets(offset_map offsets,
                                                                       group_standing reader,
                                                                       runtime::instant deadline) {
    const auto done = co_await ask<messages::txn_offset_commit_response>(
        coordinator_kind::group,
        reader.group_id,
        make_offset_commit(id(), identity_, reader, offsets),
        deadline,
        session_.speaks_epoch_bump() ? messages::version_max : offsets_before);
    if (!done) co_return std::unexpected(done.error());
    co_return result<void>();
}

// ---- Its end.

runtime::awaitable<result<void>> producer_transactions::end(transaction_session::outcome how) {
    using outcome = transaction_session::outcome;
    if (const auto may = session_.end(how); !may) co_return std::unexpected(may.error());
    const auto until = deadline();
    if (how == outcome::abort) {
        records_.drop({.reason = errc::must_abort, .detail = "the transaction is aborted"});
    }
    co_await records_.settle();
    if (how == outcome::commit) {
        // Sending what was appended may have failed.
        if (const auto may = session_.end(how); !may) co_return std::unexpected(may.error());
        session_.commit_sent();
    }
    if (session_.may_be_started()) {
        const auto told = co_await tell_coordinator(how, until);
        if (!told) co_return told;
        session_.told();
    } else if (session_.speaks_epoch_bump()) {
        // Nothing was sent: the epoch is still fresh.
        records_.renew(identity_);
    }
    if (session_.needs_new_epoch() && !session_.speaks_epoch_bump()) {
        const auto taken = co_await take_identity(until);
        if (!taken) co_return taken;
    }
    session_.initialised(session_.speaks_epoch_bump());
    session_.ended();
    co_return result<void>();
}

runtime::awaitable<result<void>> producer_transactions::tell_coordinator(
    transaction_session::outcome how, runtime::instant deadline) {
    const auto done = co_await ask<messages::end_txn_response>(
        make_end(id(), identity_, how),
        deadline,
        session_.speaks_epoch_bump() ? messages::version_max : end_before);
    if (!done) co_return not_ended(how, done.error());
    if (session_.speaks_epoch_bump()) take(identity_in(*done));
    co_return result<void>();
}

result<void> producer_transactions::not_ended(transaction_session::outcome how, const error& why) {
    // The coordinator never heard of a transaction.
    const bool is_nothing_to_abort = how == transaction_session::outcome::abort &&
                                     why.code == error_code::invalid_txn_state &&
                                     !session_.is_started();
    if (is_nothing_to_abort) return {};
    // Whether it took effect is unknown, and will be known when the same is asked again.
    if (why.retriable()) return std::unexpected(why);
    if (why.abortable() && how == transaction_session::outcome::commit) {
        session_.commit_refused(why);
        return failure(errc::must_abort, why.message());
    }
    session_.break_down(why);
    return std::unexpected(why);
}

}  // namespace verdikt::client
