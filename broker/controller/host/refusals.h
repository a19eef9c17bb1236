/// Answers that refuse a whole request, in the form that each response has for that.
#pragma once

#include "kafka/error_codes.h"
#include "kafka/messages/allocate_producer_ids.h"
#include "kafka/messages/alter_configs.h"
#include "kafka/messages/alter_partition.h"
#include "kafka/messages/alter_partition_reassignments.h"
#include "kafka/messages/assign_replicas_to_dirs.h"
#include "kafka/messages/broker_heartbeat.h"
#include "kafka/messages/broker_registration.h"
#include "kafka/messages/create_partitions.h"
#include "kafka/messages/create_topics.h"
#include "kafka/messages/delete_topics.h"
#include "kafka/messages/elect_leaders.h"
#include "kafka/messages/incremental_alter_configs.h"
#include "kafka/messages/list_partition_reassignments.h"
#include "kafka/messages/unregister_broker.h"
#include "kafka/messages/update_features.h"

namespace verdikt::broker::controller::host {

/// Where the response has an error of its own, there; else with each thing that was asked for.
/// Whoever gets an answer without any (the request asked for nothing) has lost nothing.
[[nodiscard]] kafka::messages::broker_registration_response refusal(
    const kafka::messages::broker_registration_request& of, kafka::error_code why);
[[nodiscard]] kafka::messages::unregister_broker_response refusal(
    const kafka::messages::unregister_broker_request& of, kafka::error_code why);
[[nodiscard]] kafka::messages::broker_heartbeat_response refusal(
    const kafka::messages::broker_heartbeat_request& of, kafka::error_code why);
[[nodiscard]] kafka::messages::alter_partition_response refusal(
    const kafka::messages::alter_partition_request& of, kafka::error_code why);
[[nodiscard]] kafka::messages::assign_replicas_to_dirs_response refusal(
    const kafka::messages::assign_replicas_to_dirs_request& of, kafka::error_code why);
[[nodiscard]] kafka::messages::allocate_producer_ids_response refusal(
    const kafka::messages::allocate_producer_ids_request& of, kafka::error_code why);
[[nodiscard]] kafka::messages::create_topics_response refusal(
    const kafka::messages::create_topics_request& of, kafka::error_code why);
[[nodiscard]] kafka::messages::create_partitions_response refusal(
    const kafka::messages::create_partitions_request& of, kafka::error_code why);
[[nodiscard]] kafka::messages::delete_topics_response refusal(
    const kafka::messages::delete_topics_request& of, kafka::error_code why);
[[nodiscard]] kafka::messages::incremental_alter_configs_response refusal(
    const kafka::messages::incremental_alter_configs_request& of, kafka::error_code why);
[[nodiscard]] kafka::messages::alter_configs_response refusal(
    const kafka::messages::alter_configs_request& of, kafka::error_code why);
[[nodiscard]] kafka::messages::elect_leaders_response refusal(
    const kafka::messages::elect_leaders_request& of, kafka::error_code why);
[[nodiscard]] kafka::messages::alter_partition_reassignments_response refusal(
    const kafka::messages::alter_partition_reassignments_request& of, kafka::error_code why);
[[nodiscard]] kafka::messages::list_partition_reassignments_response refusal(
    const kafka::messages::list_partition_reassignments_request& of, kafka::error_code why);
[[nodiscard]] kafka::messages::update_features_response refusal(
    const kafka::messages::update_features_request& of, kafka::error_code why);

/// Whether the answer says that its node is not the active controller. It proves nothing about what
/// became of the request.
template <typename Response>
[[nodiscard]] bool is_not_controller(const Response& answer) {
    constexpr std::int16_t not_controller = kafka::to_wire(kafka::error_code::not_controller);
    const auto first_is = [](const auto& items) {
        return !items.empty() && items.front().error_code == not_controller;
    };
    if constexpr (requires { answer.error_code; }) {
        return answer.error_code == not_controller;
    } else if constexpr (requires { answer.responses; }) {
        return first_is(answer.responses);
    } else if constexpr (requires { answer.results; }) {
        return first_is(answer.results);
    } else {
        return first_is(answer.topics);
    }
}

}  // namespace verdikt::broker::controller::host
