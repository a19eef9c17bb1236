#include "broker/server/node_transactions.h"

#include "broker/metadata/topic_names.h"
#include "broker/server/hosted_coordinator_partition.h"
#include "kafka/messages/add_partitions_to_txn.h"
#include "kafka/messages/write_txn_markers.h"
#include "runtime/scope.h"

#include <chrono>
#include <map>
#include <utility>

namespace verdikt::broker::server {

namespace messages = kafka::messages;
using kafka::error_code;
namespace transactions = coordinator::transactions;

namespace {

/// How long another broker may take to answer. Its client's own patience ends later.
constexpr std::chrono::seconds answer_patience{5};

/// No node where nobody leads it, or where it does not exist.
kafka::node_id leader_of(const metadata::image& image, const kafka::topic_partition& which) {
    const metadata::topic* topic = image.find_topic(which.topic);
    const auto index = static_cast<std::size_t>(which.partition.value());
    if (topic == nullptr || index >= topic->partitions.size()) return kafka::no_node;
    return topic->partitions[index].leader;
}

messages::write_txn_markers_request request_of(const transactional::transaction_marker& marker,
                                               const std::vector<kafka::topic_partition>& where) {
    messages::write_txn_markers_request request;
    auto& asked = request.markers.emplace_back();
    asked.producer_id = marker.what.producer_id.value();
    asked.producer_epoch = marker.what.producer_epoch.value();
    asked.transaction_result = marker.what.outcome == kafka::records::control_type::commit;
    asked.coordinator_epoch = marker.what.coordinator_epoch;
    asked.transaction_version = marker.epoch_of_its_own ? 2 : 0;
    for (const kafka::topic_partition& each : where) {
        if (asked.topics.empty() || asked.topics.back().name != each.topic) {
            asked.topics.push_back({.name = each.topic, .partition_indexes = {}});
        }
        asked.topics.back().partition_indexes.push_back(each.partition.value());
    }
    return request;
}

}  // namespace

transactions::transaction_host_config transaction_config_of(const broker_config& config) {
    using transactions::milliseconds;
    const auto count = [&](std::string_view key) {
        return static_cast<std::int32_t>(config.integer(key));
    };
    return {
        .state_partitions = count("transaction.state.log.num.partitions"),
        .offsets_partitions = count("offsets.topic.num.partitions"),
        .transactions = {.timeout_max = milliseconds(config.integer("transaction.max.timeout.ms")),
                         .id_expiration =
                             milliseconds(config.integer("transactional.id.expiration.ms"))},
        .timeout_check_interval = milliseconds(
            config.integer("transaction.abort.timed.out.transaction.cleanup.interval.ms"))};
}

node_transactions::node_transactions(runtime::environment& world,
                                     const broker_config& config,
                                     surroundings around)
    : world_(world),
      around_(std::move(around)),
      verifier_(world, *this),
      log_(world,
           verifier_,
           [this](kafka::partition_index partition)
               -> std::shared_ptr<coordinator::coordinator_partition> {
               auto found = around_.node.partitions().find(
                   {std::string(metadata::transactions_topic_name), partition});
               if (found == nullptr) return nullptr;
               return std::make_shared<hosted_coordinator_partition>(world_, std::move(found));
           }),
      coordinator_(
          world, transaction_config_of(config), log_, *this, around_.producer_ids, around_.topics) {
}

// ---- Markers.

runtime::awaitable<error_code> node_transactions::write_marker(
    transactional::transaction_marker marker, kafka::topic_partition where) {
    if (where.topic == metadata::offsets_topic_name) {
        co_return co_await around_.end_offsets(where.partition, marker);
    }
    const auto found = around_.node.partitions().find(where);
    if (found == nullptr) co_return around_.node.partitions().why_absent(where);
    const auto epoch = found->serving_epoch();
    if (!epoch) co_return error_code::not_leader_or_follower;
    hosted_coordinator_partition partition(world_, found);
    const auto written = co_await partition.append_marker(std::move(marker), *epoch);
    co_return written ? error_code::none : written.error();
}

runtime::awaitable<transactions::marker_sender::outcomes> node_transactions::write(
    transactional::transaction_marker marker, places where) {
    outcomes all;
    std::map<kafka::node_id, places> by_leader;
    for (kafka::topic_partition& each : where) {
        // Metadata that elected this coordinator knows every topic of its transactions: one that it
        // does not know is deleted.
        const bool exists = around_.topics.exists(each.topic, each.partition);
        const kafka::node_id leader = leader_of(around_.node.metadata().image(), each);
        if (!exists) {
            all[each] = error_code::unknown_topic_id;
        } else if (leader == kafka::no_node) {
            all[each] = error_code::not_leader_or_follower;
        } else {
            by_leader[leader].push_back(std::move(each));
        }
    }
    runtime::scope asking(world_.get_executor());
    for (auto& [leader, its] : by_leader) {
        asking.spawn(write_at(leader, marker, std::move(its), all));
    }
    co_await asking.join();
    co_return all;
}

runtime::awaitable<void> node_transactions::write_at(kafka::node_id leader,
                                                     transactional::transaction_marker marker,
                                                     places where,
                                                     outcomes& into) {
    const bool is_here = leader == around_.node.place().self;
    const auto written =
        is_here ? co_await transactional::write_markers(world_, *this, marker, std::move(where))
                : co_await ask_leader(leader, marker, std::move(where));
    for (const auto& [partition, outcome] : written) into.insert_or_assign(partition, outcome);
}

runtime::awaitable<transactions::marker_sender::outcomes> node_transactions::ask_leader(
    kafka::node_id leader, transactional::transaction_marker marker, places where) {
    const auto answer = co_await around_.node.brokers().call<messages::write_txn_markers_response>(
        {.node = leader, .over = link::channel::transactions},
        request_of(marker, where),
        answer_patience);
    outcomes all;
    for (const kafka::topic_partition& each : where) all[each] = error_code::network_exception;
    if (!answer) co_return all;
    for (const auto& told : answer->message.markers) {
        for (const auto& topic : told.topics) {
            for (const auto& partition : topic.partitions) {
                all[{topic.name, kafka::partition_index(partition.partition_index)}] =
                    kafka::to_error_code(partition.error_code);
            }
        }
    }
    co_return all;
}

// ---- Verification.

runtime::awaitable<error_code> node_transactions::verify(transactional::claimed_transaction claim,
                                                         kafka::topic_partition where) {
    const kafka::topic_partition state{std::string(metadata::transactions_topic_name),
                                       coordinator_.partition_of(claim.transactional_id)};
    const kafka::node_id leader = leader_of(around_.node.metadata().image(), state);
    if (leader == kafka::no_node) co_return error_code::coordinator_not_available;
    if (leader == around_.node.place().self) {
        co_return co_await coordinator_.verify(std::move(claim), std::move(where));
    }
    co_return co_await ask_coordinator(leader, std::move(claim), std::move(where));
}

runtime::awaitable<error_code> node_transactions::ask_coordinator(
    kafka::node_id coordinator,
    transactional::claimed_transaction claim,
    kafka::topic_partition where) {
    messages::add_partitions_to_txn_request request;
    auto& asked = request.transactions.emplace_back();
    asked.transactional_id = std::move(claim.transactional_id);
    asked.producer_id = claim.producer.value();
    asked.producer_epoch = claim.epoch.value();
    asked.verify_only = !claim.add;
    asked.topics.push_back({.name = where.topic, .partitions = {where.partition.value()}});
    const auto answer =
        co_await around_.node.brokers().call<messages::add_partitions_to_txn_response>(
            {.node = coordinator, .over = link::channel::transactions},
            std::move(request),
            answer_patience);
    if (!answer) co_return error_code::coordinator_not_available;
    if (answer->message.error_code != 0) {
        co_return kafka::to_error_code(answer->message.error_code);
    }
    for (const auto& told : answer->message.results_by_transaction) {
        for (const auto& topic : told.topic_results) {
            for (const auto& partition : topic.results_by_partition) {
                co_return kafka::to_error_code(partition.partition_error_code);
            }
        }
    }
    co_return error_code::coordinator_not_available;
}

}  // namespace verdikt::broker::server
