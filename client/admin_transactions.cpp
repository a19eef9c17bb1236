/// Transactions, as their coordinators and the partitions know them (KIP-664).
#include "client/admin.h"
#include "client/admin_core.h"
#include "client/ask_leaders.h"
#include "kafka/messages/describe_producers.h"
#include "kafka/messages/describe_transactions.h"
#include "kafka/messages/list_transactions.h"
#include "kafka/messages/write_txn_markers.h"

#include <utility>

namespace verdikt::client {

namespace {

using namespace kafka::messages;

list_transactions_request to_request(const transaction_filter& filter) {
    list_transactions_request request;
    request.state_filters.assign(filter.states.begin(), filter.states.end());
    for (const kafka::producer_id id : filter.producers) {
        request.producer_id_filters.push_back(id.value());
    }
    request.duration_filter = filter.duration_min.count();
    return request;
}

transaction_description to_description(
    const describe_transactions_response::described_transaction& from) {
    transaction_description result{
        .transactional_id = from.transactional_id,
        .state = from.transaction_state,
        .timeout = std::chrono::milliseconds(from.transaction_timeout_ms),
        .started = kafka::timestamp(from.transaction_start_time_ms),
        .producer = kafka::producer_id(from.producer_id),
        .epoch = kafka::producer_epoch(from.producer_epoch),
        .partitions = {}};
    for (const auto& topic : from.topics) {
        for (const std::int32_t index : topic.partitions) {
            result.partitions.insert({topic.topic, kafka::partition_index(index)});
        }
    }
    return result;
}

describe_producers_request to_request(const std::vector<led_partition>& partitions) {
    describe_producers_request request;
    for (const led_partition& each : partitions) {
        if (request.topics.empty() || request.topics.back().name != each.where.topic) {
            request.topics.push_back({.name = each.where.topic, .partition_indexes = {}});
        }
        request.topics.back().partition_indexes.push_back(each.where.partition.value());
    }
    return request;
}

std::vector<producer_description> to_descriptions(
    const describe_producers_response::partition_response& from) {
    std::vector<producer_description> all;
    for (const auto& each : from.active_producers) {
        producer_description one{
            .id = kafka::producer_id(each.producer_id),
            .epoch = kafka::producer_epoch(static_cast<std::int16_t>(each.producer_epoch)),
            .last_sequence = each.last_sequence,
            .last_time = kafka::timestamp(each.last_timestamp),
            .coordinator_epoch = each.coordinator_epoch};
        if (each.current_txn_start_offset >= 0) {
            one.transaction_start = kafka::offset(each.current_txn_start_offset);
        }
        all.push_back(one);
    }
    return all;
}

using described_producers = std::vector<producer_description>;

runtime::awaitable<partition_outcomes<described_producers>> ask_for_producers(
    cluster& within,
    kafka::node_id node,
    std::vector<led_partition> asked,
    runtime::instant deadline) {
    const auto answer =
        co_await within.call<describe_producers_response>(node, to_request(asked), deadline);
    if (!answer) co_return same_for_all<described_producers>(asked, answer.error().why);
    partition_outcomes<described_producers> found;
    for (const auto& topic : answer->message.topics) {
        for (const auto& each : topic.partitions) {
            const auto code = kafka::to_error_code(each.error_code);
            result<described_producers> outcome = to_descriptions(each);
            if (code != kafka::error_code::none) outcome = failure(code);
            found.insert_or_assign({topic.name, kafka::partition_index(each.partition_index)},
                                   std::move(outcome));
        }
    }
    co_return found;
}

write_txn_markers_request abort_request_of(const transaction_to_abort& which) {
    write_txn_markers_request request;
    request.markers.push_back({.producer_id = which.producer.value(),
                               .producer_epoch = which.epoch.value(),
                               .transaction_result = false,
                               .topics = {},
                               .coordinator_epoch = which.coordinator_epoch});
    request.markers.back().topics.push_back(
        {.name = which.where.topic, .partition_indexes = {which.where.partition.value()}});
    return request;
}

/// Of the one partition that was asked about.
kafka::error_code marker_code_of(const write_txn_markers_response& answer) {
    for (const auto& marker : answer.markers) {
        for (const auto& topic : marker.topics) {
            for (const auto& each : topic.partitions) {
                return kafka::to_error_code(each.error_code);
            }
        }
    }
    return kafka::error_code::unknown_server_error;
}

runtime::awaitable<partition_outcomes<std::monostate>> write_abort(cluster& within,
                                                                   kafka::node_id node,
                                                                   transaction_to_abort which,
                                                                   runtime::instant deadline) {
    const auto answer =
        co_await within.call<write_txn_markers_response>(node, abort_request_of(which), deadline);
    result<std::monostate> outcome;
    if (!answer) {
        outcome = std::unexpected(answer.error().why);
    } else if (const auto code = marker_code_of(answer->message); code != kafka::error_code::none) {
        outcome = failure(code);
    }
    partition_outcomes<std::monostate> found;
    found.insert_or_assign(which.where, std::move(outcome));
    co_return found;
}

}  // namespace

/// Each coordinator knows its own transactions only.
admin::reply<std::vector<transaction_listing>> admin::list_transactions(transaction_filter filter) {
    const auto cluster = co_await describe_cluster();
    if (!cluster) co_return std::unexpected(cluster.error());
    std::map<std::string, transaction_listing> all;
    for (const broker_description& broker : cluster->brokers) {
        const auto answer = co_await core_->ask_node<list_transactions_response>(
            purpose::question,
            kafka::node_id(broker.id),
            to_request(filter),
            [](const list_transactions_response& told) {
                return kafka::to_error_code(told.error_code);
            });
        if (!answer) co_return std::unexpected(answer.error());
        for (const auto& each : answer->transaction_states) {
            all[each.transactional_id] = {.transactional_id = each.transactional_id,
                                          .producer = kafka::producer_id(each.producer_id),
                                          .state = each.transaction_state,
                                          .coordinator = broker.id};
        }
    }
    std::vector<transaction_listing> listed;
    listed.reserve(all.size());
    for (auto& [id, each] : all) listed.push_back(std::move(each));
    co_return listed;
}

admin::reply<outcomes<std::string, transaction_description>> admin::describe_transactions(
    std::set<std::string> ids) {
    outcomes<std::string, transaction_description> all;
    for (const std::string& id : ids) {
        const auto answer = co_await core_->ask_coordinator<describe_transactions_response>(
            purpose::question,
            id,
            describe_transactions_request{.transactional_ids = {id}},
            [](const describe_transactions_response& told) {
                return told.transaction_states.empty()
                           ? kafka::error_code::unknown_server_error
                           : kafka::to_error_code(told.transaction_states.front().error_code);
            },
            coordinator_kind::transaction);
        if (answer) {
            all.insert_or_assign(id, to_description(answer->transaction_states.front()));
        } else {
            all.insert_or_assign(id, std::unexpected(answer.error()));
        }
    }
    co_return all;
}

admin::reply<outcomes<topic_partition, std::vector<producer_description>>>
admin::describe_producers(std::set<topic_partition> partitions) {
    core_->start();
    cluster& within = core_->brokers;
    const auto until = core_->deadline();
    co_return co_await ask_leaders<described_producers>(
        within,
        std::move(partitions),
        until,
        [&within, until](kafka::node_id node, const std::vector<led_partition>& asked) {
            return ask_for_producers(within, node, asked, until);
        });
}

admin::reply<void> admin::abort_transaction(transaction_to_abort which) {
    core_->start();
    cluster& within = core_->brokers;
    const auto until = core_->deadline();
    const auto outcomes = co_await ask_leaders<std::monostate>(
        within,
        {which.where},
        until,
        [&within, &which, until](kafka::node_id node, const std::vector<led_partition>&) {
            return write_abort(within, node, which, until);
        });
    const auto& outcome = outcomes.at(which.where);
    if (!outcome) co_return std::unexpected(outcome.error());
    co_return result<void>();
}

}  // namespace verdikt::client
