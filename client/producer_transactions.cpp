#include "client/producer_transactions.h"

#include "kafka/messages/add_offsets_to_txn.h"
#include "kafka/messages/add_partitions_to_txn.h"
#include "kafka/messages/end_txn.h"
#include "kafka/messages/init_producer_id.h"
#include "kafka/messages/txn_offset_commit.h"

#include <algorithm>
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

error_code code_of(const messages::add_partitions_to_txn_response& answer) {
    auto first = error_code::none;
    for (const auto& topic : answer.results_by_topic_v3_and_below) {
        for (const auto& partition : topic.results_by_partition) {
            const auto code = kafka::to_error_code(partition.partition_error_code);
            // It says nothing but that another partition was to blame.
            if (code == error_code::operation_not_attempted) continue;
            if (first == error_code::none) first = code;
        }
    }
    return first;
}

error_code code_of(const messages::txn_offset_commit_response& answer) {
    for (const auto& topic : answer.topics) {
        for (const auto& partition : topic.partitions) {
            const auto code = kafka::to_error_code(partition.error_code);
            if (code != error_code::none) return code;
        }
    }
    return error_code::none;
}

template <typename Response>
error_code only_code_of(const Response& answer) {
    return kafka::to_error_code(answer.error_code);
}

messages::add_partitions_to_txn_request make_add_partitions(
    const std::string& id,
    const producer_identity& producer,
    const transaction_session::partitions& which) {
    messages::add_partitions_to_txn_request request;
    request.v3_and_below_transactional_id = id;
    request.v3_and_below_producer_id = producer.id.value();
    request.v3_and_below_producer_epoch = producer.epoch.value();
    auto& topics = request.v3_and_below_topics;
    for (const topic_partition& each : which) {
        if (topics.empty() || topics.back().name != each.topic) {
            topics.push_back({.name = each.topic, .partitions = {}});
        }
        topics.back().partitions.push_back(each.partition.value());
    }
    return request;
}

messages::txn_offset_commit_request make_offset_commit(const std::string& id,
                                                       const producer_identity& producer,
                                                       const group_standing& reader,
                                                       const offset_map& offsets) {
    messages::txn_offset_commit_request request{.transactional_id = id,
                                                .group_id = reader.group_id,
                                                .producer_id = producer.id.value(),
                                                .producer_epoch = producer.epoch.value(),
                                                .generation_id = reader.generation,
                                                .member_id = reader.member_id,
                                                .group_instance_id = reader.instance_id,
                                                .topics = {}};
    for (const auto& [where, offset] : offsets) {
        if (request.topics.empty() || request.topics.back().name != where.topic) {
            request.topics.push_back({.name = where.topic, .partitions = {}});
        }
        request.topics.back().partitions.push_back({.partition_index = where.partition.value(),
                                                    .committed_offset = offset.offset.value(),
                                                    .committed_leader_epoch = offset.epoch.value(),
                                                    .committed_metadata = offset.metadata});
    }
    return request;
}

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
template <typename Response, typename Request, typename Code>
runtime::awaitable<result<Response>> producer_transactions::ask(coordinator_kind kind,
                                                                std::string key,
                                                                Request request,
                                                                Code code_of,
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

runtime::duration producer_transactions::pause_after(error_code code, std::uint32_t failures) {
    if (code == error_code::concurrent_transactions) return busy_pause;
    return brokers_.retry_delay(failures);
}

error producer_transactions::note(const error& why) {
    const bool is_of_group = why.reason == errc::refused_by_broker &&
                             kafka::classify(why.code) == kafka::error_class::group_fenced;
    if ((why.fenced() || why.fatal()) && !is_of_group) {
        session_.break_down(why);
        records_.drop(why);
        return why;
    }
    fail(why);
    // Of the group, the program has to know; anything else comes to the same thing.
    if (is_of_group) return why;
    return {.reason = errc::must_abort, .code = why.code, .detail = why.message()};
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

runtime::awaitable<result<bool>> producer_transactions::can_bump_epochs(runtime::instant deadline) {
    const auto node = co_await brokers_.coordinator(coordinator_kind::transaction, id(), deadline);
    if (!node) co_return std::unexpected(node.error());
    const auto over = co_await brokers_.connect_to(*node, deadline);
    if (!over) co_return std::unexpected(over.error().why);
    const broker_versions& theirs = (*over)->versions;
    co_return config_.transaction_version_max >=
        epoch_bump_feature&& theirs.feature("transaction.version") >=
        epoch_bump_feature&& theirs.choose(api_key::produce).value_or(0) >
        produce_before&& theirs.choose(api_key::end_txn).value_or(0) >
        end_before&& theirs.choose(api_key::txn_offset_commit).value_or(0) > offsets_before;
}

runtime::awaitable<result<void>> producer_transactions::take_identity(runtime::instant deadline) {
    const messages::init_producer_id_request request{
        .transactional_id = id(),
        .transaction_timeout_ms = static_cast<std::int32_t>(config_.transaction_timeout_ms.count()),
        .producer_id = identity_.id.value(),
        .producer_epoch = identity_.epoch.value()};
    auto told = co_await ask<messages::init_producer_id_response>(
        coordinator_kind::transaction,
        id(),
        request,
        only_code_of<messages::init_producer_id_response>,
        deadline,
        messages::version_max);
    if (!told) {
        const error& why = told.error();
        if (why.fenced()) co_return std::unexpected(note(why));
        co_return std::unexpected(why);
    }
    identity_ = {.id = kafka::producer_id(told->producer_id),
                 .epoch = kafka::producer_epoch(told->producer_epoch)};
    records_.renew(identity_);
    co_return result<void>();
}

// ---- What a transaction is made of.

runtime::awaitable<void> producer_transactions::add(transaction_session::partitions which) {
    const auto until = brokers_.world().now() + config_.delivery_timeout_ms;
    const std::uint64_t number = session_.number();
    const auto done = co_await ask<messages::add_partitions_to_txn_response>(
        coordinator_kind::transaction,
        id(),
        make_add_partitions(id(), identity_, which),
        [](const auto& answer) { return code_of(answer); },
        until,
        messages::version_max);
    if (session_.number() != number) co_return;
    if (done) {
        session_.added(which);
        records_.wake();
    } else {
        note(done.error());
    }
}

runtime::awaitable<result<void>> producer_transactions::send_offsets(offset_map offsets,
                                                                     group_standing reader) {
    if (const auto may = session_.may_write(); !may) co_return std::unexpected(may.error());
    if (offsets.empty()) co_return result<void>();
    const auto until = deadline();
    session_.may_have_started();
    if (!session_.speaks_epoch_bump()) {
        const auto added = co_await add_offsets(reader.group_id, until);
        if (!added) co_return std::unexpected(note(added.error()));
    }
    const auto done = co_await commit_offsets(std::move(offsets), std::move(reader), until);
    if (!done) co_return std::unexpected(note(done.error()));
    session_.started();
    co_return result<void>();
}

runtime::awaitable<result<void>> producer_transactions::add_offsets(std::string group,
                                                                    runtime::instant deadline) {
    const messages::add_offsets_to_txn_request request{.transactional_id = id(),
                                                       .producer_id = identity_.id.value(),
                                                       .producer_epoch = identity_.epoch.value(),
                                                       .group_id = std::move(group)};
    const auto done = co_await ask<messages::add_offsets_to_txn_response>(
        coordinator_kind::transaction,
        id(),
        request,
        only_code_of<messages::add_offsets_to_txn_response>,
        deadline,
        messages::version_max);
    if (!done) co_return std::unexpected(done.error());
    session_.started();
    co_return result<void>();
}

runtime::awaitable<result<void>> producer_transactions::commit_offsets(offset_map offsets,
                                                                       group_standing reader,
                                                                       runtime::instant deadline) {
    const auto request = make_offset_commit(id(), identity_, reader, offsets);
    const auto done = co_await ask<messages::txn_offset_commit_response>(
        coordinator_kind::group,
        reader.group_id,
        request,
        [](const auto& answer) { return code_of(answer); },
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
    const messages::end_txn_request request{
        .transactional_id = id(),
        .producer_id = identity_.id.value(),
        .producer_epoch = identity_.epoch.value(),
        .committed = how == transaction_session::outcome::commit};
    const auto done = co_await ask<messages::end_txn_response>(
        coordinator_kind::transaction,
        id(),
        request,
        only_code_of<messages::end_txn_response>,
        deadline,
        session_.speaks_epoch_bump() ? messages::version_max : end_before);
    if (!done) {
        const error& why = done.error();
        // The coordinator never heard of a transaction.
        const bool is_nothing_to_abort = how == transaction_session::outcome::abort &&
                                         why.code == error_code::invalid_txn_state &&
                                         !session_.is_started();
        if (is_nothing_to_abort) co_return result<void>();
        // Whether it took effect is unknown, and will be known when the same is asked again.
        if (why.retriable()) co_return std::unexpected(why);
        if (why.abortable() && how == transaction_session::outcome::commit) {
            session_.commit_refused(why);
            co_return failure(errc::must_abort, why.message());
        }
        session_.break_down(why);
        co_return std::unexpected(why);
    }
    if (!session_.speaks_epoch_bump()) co_return result<void>();
    identity_ = {.id = kafka::producer_id(done->producer_id),
                 .epoch = kafka::producer_epoch(done->producer_epoch)};
    records_.renew(identity_);
    co_return result<void>();
}

}  // namespace verdikt::client
