/// FindCoordinator: which broker a group or transaction belongs to: the leader of its partition of
/// the topic that keeps it, which is made if it is not there.
#include "broker/coordinator/group_coordinator.h"
#include "broker/metadata/client_view.h"
#include "broker/metadata/topic_names.h"
#include "broker/server/api_table.h"
#include "broker/server/handlers.h"
#include "broker/server/internal_topics.h"
#include "broker/server/node_transactions.h"

#include <algorithm>

namespace verdikt::broker::server {

namespace {

using kafka::error_code;
using answered_key = messages::find_coordinator_response::coordinator;

constexpr std::int8_t group_key = 0;
constexpr std::int8_t transaction_key = 1;
constexpr std::int16_t batched_version = 4;

error_code check_key(std::int8_t type, std::string_view key) {
    if (type != group_key && type != transaction_key) return error_code::invalid_request;
    if (!key.empty()) return error_code::none;
    return type == group_key ? error_code::invalid_group_id : error_code::invalid_request;
}

answered_key refuse(std::string key, error_code code) {
    answered_key answer;
    answer.key = std::move(key);
    answer.error_code = kafka::to_wire(code);
    answer.node_id = -1;
    answer.port = -1;
    answer.error_message = std::string(kafka::describe(code));
    return answer;
}

/// The broker that leads the partition now, as this listener reaches it.
answered_key coordinator_of(const node_services& here,
                            std::string key,
                            std::string_view topic,
                            kafka::partition_index partition,
                            std::string_view listener) {
    const metadata::image& image = here.metadata.image();
    const metadata::topic* found = image.find_topic(topic);
    const auto index = static_cast<std::size_t>(partition.value());
    if (found == nullptr || index >= found->partitions.size()) {
        return refuse(std::move(key), error_code::coordinator_not_available);
    }
    const auto brokers = metadata::brokers_for(image, listener);
    const auto leader = std::ranges::find(
        brokers, found->partitions[index].leader.value(), &metadata::told_broker::node_id);
    if (leader == brokers.end()) {
        return refuse(std::move(key), error_code::coordinator_not_available);
    }
    answered_key answer;
    answer.key = std::move(key);
    answer.node_id = leader->node_id;
    answer.host = leader->host;
    answer.port = leader->port;
    answer.error_message.reset();
    return answer;
}

runtime::awaitable<answered_key> look_up(node_services& here,
                                         std::string listener,
                                         std::int8_t type,
                                         std::string key) {
    if (const error_code wrong = check_key(type, key); wrong != error_code::none) {
        co_return refuse(std::move(key), wrong);
    }
    const bool is_group = type == group_key;
    const std::string_view topic =
        is_group ? metadata::offsets_topic_name : metadata::transactions_topic_name;
    const error_code ready = co_await ensure_internal_topic(here, topic);
    if (ready != error_code::none) co_return refuse(std::move(key), ready);
    const kafka::partition_index partition =
        is_group ? here.groups.partition_of(key)
                 : here.transactions.coordinator().partition_of(key);
    co_return coordinator_of(here, std::move(key), topic, partition, listener);
}

}  // namespace

runtime::awaitable<messages::find_coordinator_response> handle_find_coordinator(
    node_services& here, const request_context& asked, messages::find_coordinator_request request) {
    messages::find_coordinator_response response;
    const std::string& listener = asked.listener->name;
    if (asked.version >= batched_version) {
        for (std::string& key : request.coordinator_keys) {
            response.coordinators.push_back(
                co_await look_up(here, listener, request.key_type, std::move(key)));
        }
        co_return response;
    }
    const answered_key found =
        co_await look_up(here, listener, request.key_type, std::move(request.key));
    response.error_code = found.error_code;
    response.error_message = found.error_message;
    response.node_id = found.node_id;
    response.host = found.host;
    response.port = found.port;
    co_return response;
}

}  // namespace verdikt::broker::server
