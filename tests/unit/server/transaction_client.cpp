#include "tests/unit/server/transaction_client.h"

#include "kafka/messages/add_offsets_to_txn.h"
#include "kafka/messages/add_partitions_to_txn.h"
#include "kafka/messages/end_txn.h"
#include "kafka/messages/find_coordinator.h"
#include "kafka/messages/init_producer_id.h"
#include "kafka/messages/offset_fetch.h"
#include "kafka/messages/txn_offset_commit.h"
#include "kafka/records/control.h"
#include "kafka/records/record_parser.h"
#include "tests/raw_wire/sample_batch.h"

#include <algorithm>
#include <map>
#include <set>

namespace verdikt::broker::server {

using kafka::error_code;
using runtime::awaitable;

awaitable<error_code> transaction_client::init() {
    const messages::init_producer_id_request request{.transactional_id = id_,
                                                     .transaction_timeout_ms = 60'000,
                                                     .producer_id = producer,
                                                     .producer_epoch = epoch};
    const auto answer = co_await wire_.ask<messages::init_producer_id_response>(request, 4);
    if (answer.error_code == 0) {
        producer = answer.producer_id;
        epoch = answer.producer_epoch;
        sequence = 0;
    }
    co_return error_code(answer.error_code);
}

awaitable<error_code> transaction_client::add(std::string topic) {
    messages::add_partitions_to_txn_request request;
    request.v3_and_below_transactional_id = id_;
    request.v3_and_below_producer_id = producer;
    request.v3_and_below_producer_epoch = epoch;
    request.v3_and_below_topics.push_back({.name = std::move(topic), .partitions = {0}});
    const auto answer = co_await wire_.ask<messages::add_partitions_to_txn_response>(request, 3);
    co_return error_code(
        answer.results_by_topic_v3_and_below.at(0).results_by_partition.at(0).partition_error_code);
}

awaitable<error_code> transaction_client::send(std::string topic, std::string value) {
    const auto batch = tests::batch_of(value,
                                       1,
                                       1'000,
                                       {.producer_id = kafka::producer_id(producer),
                                        .producer_epoch = kafka::producer_epoch(epoch),
                                        .base_sequence = kafka::sequence(sequence),
                                        .transactional = true});
    auto request = produce_of(std::move(topic), 0, batch);
    request.transactional_id = id_;
    const auto answer =
        co_await wire_.ask<messages::produce_response>(std::move(request), version(11, 12));
    const auto code = error_code(answer.responses.at(0).partition_responses.at(0).error_code);
    if (code == error_code::none) ++sequence;
    co_return code;
}

awaitable<error_code> transaction_client::end(bool commit) {
    const messages::end_txn_request request{.transactional_id = id_,
                                            .producer_id = producer,
                                            .producer_epoch = epoch,
                                            .committed = commit};
    const auto answer = co_await wire_.ask<messages::end_txn_response>(request, version(4, 5));
    const bool is_new = answer.error_code == 0 && by_ == spoken_version::two;
    if (is_new) {
        producer = answer.producer_id;
        epoch = answer.producer_epoch;
        sequence = 0;
    }
    co_return error_code(answer.error_code);
}

awaitable<error_code> transaction_client::end_patiently(runtime::environment& world, bool commit) {
    for (;;) {
        const error_code code = co_await end(commit);
        if (code != error_code::concurrent_transactions) co_return code;
        co_await world.sleep_for(std::chrono::milliseconds(20));
    }
}

awaitable<error_code> transaction_client::add_offsets(std::string group) {
    const messages::add_offsets_to_txn_request request{.transactional_id = id_,
                                                       .producer_id = producer,
                                                       .producer_epoch = epoch,
                                                       .group_id = std::move(group)};
    const auto answer = co_await wire_.ask<messages::add_offsets_to_txn_response>(request, 3);
    co_return error_code(answer.error_code);
}

awaitable<error_code> transaction_client::commit_offset(std::string group,
                                                        std::string topic,
                                                        std::int64_t offset) {
    messages::txn_offset_commit_request request{.transactional_id = id_,
                                                .group_id = std::move(group),
                                                .producer_id = producer,
                                                .producer_epoch = epoch};
    request.topics.push_back(
        {.name = std::move(topic), .partitions = {{.committed_offset = offset}}});
    const auto answer =
        co_await wire_.ask<messages::txn_offset_commit_response>(request, version(3, 5));
    co_return error_code(answer.topics.at(0).partitions.at(0).error_code);
}

namespace {

/// As a client goes through an answer: a producer's records are left out from the beginning of an
/// aborted transaction to its marker. Returns where the next answer begins.
std::int64_t add_committed(const messages::fetch_response::partition_data& partition,
                           std::int64_t from,
                           std::vector<std::string>& values) {
    std::multimap<std::int64_t, std::int64_t> aborted;
    if (partition.aborted_transactions) {
        for (const auto& each : *partition.aborted_transactions) {
            aborted.emplace(each.first_offset, each.producer_id);
        }
    }
    std::set<std::int64_t> hidden;
    for (kafka::records::batch_reader reader(partition.records->bytes()); !reader.done();) {
        const auto batch = reader.next();
        if (!batch) break;
        const auto header = batch->header();
        from = header.next_offset().value();
        while (!aborted.empty() && aborted.begin()->first <= header.last_offset().value()) {
            hidden.insert(aborted.begin()->second);
            aborted.erase(aborted.begin());
        }
        if (header.attributes.is_control()) hidden.erase(header.producer_id.value());
        if (header.attributes.is_control() || hidden.contains(header.producer_id.value())) continue;
        kafka::records::record_reader records(batch->payload(), header.record_count);
        while (!records.done()) {
            const auto value = *records.next()->value;
            values.emplace_back(reinterpret_cast<const char*>(value.data()), value.size());
        }
    }
    return from;
}

}  // namespace

awaitable<std::vector<std::string>> read_committed(tests::wire_client& wire, std::string topic) {
    std::vector<std::string> values;
    for (std::int64_t from = 0;;) {
        auto request = fetch_of(topic, from);
        request.isolation_level = 1;
        request.max_wait_ms = 0;
        const auto answer = co_await wire.ask<messages::fetch_response>(request, 12);
        const auto& partition = answer.responses.at(0).partitions.at(0);
        from = add_committed(partition, from, values);
        if (from >= partition.last_stable_offset) co_return values;
    }
}

awaitable<fetched_offset> fetch_offset(tests::wire_client& wire,
                                       std::string group,
                                       std::string topic,
                                       bool require_stable) {
    messages::offset_fetch_request request;
    request.group_id = std::move(group);
    request.require_stable = require_stable;
    request.topics.emplace();
    request.topics->push_back({.name = std::move(topic), .partition_indexes = {0}});
    const auto answer = co_await wire.ask<messages::offset_fetch_response>(request, 7);
    const auto& partition = answer.topics.at(0).partitions.at(0);
    co_return fetched_offset{error_code(partition.error_code), partition.committed_offset};
}

awaitable<void> find_coordinator(runtime::environment& world,
                                 tests::wire_client& wire,
                                 std::string key,
                                 bool of_group) {
    const messages::find_coordinator_request request{
        .key = std::move(key), .key_type = static_cast<std::int8_t>(of_group ? 0 : 1)};
    for (;;) {
        const auto answer = co_await wire.ask<messages::find_coordinator_response>(request, 3);
        if (answer.error_code == 0) break;
        co_await world.sleep_for(std::chrono::milliseconds(50));
    }
    // It loads in the background.
    co_await world.sleep_for(std::chrono::milliseconds(200));
}

}  // namespace verdikt::broker::server
