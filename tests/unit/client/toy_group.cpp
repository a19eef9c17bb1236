#include "tests/unit/client/toy_group.h"

#include "kafka/messages/find_coordinator.h"
#include "kafka/messages/heartbeat.h"
#include "kafka/messages/join_group.h"
#include "kafka/messages/leave_group.h"
#include "kafka/messages/offset_commit.h"
#include "kafka/messages/offset_fetch.h"
#include "kafka/messages/sync_group.h"
#include "tests/unit/client/toy_wire.h"

#include <fmt/format.h>

namespace verdikt::client {

using namespace kafka::messages;
using kafka::api_key;
using kafka::error_code;
using bytes = std::vector<std::byte>;
using refusal = std::optional<error_code>;

std::optional<bytes> toy_group::carry_out(api_key key,
                                          std::int16_t version,
                                          std::span<const std::byte> body,
                                          refusal refuse) {
    switch (key) {
        case api_key::find_coordinator:
            return find(version, refuse);
        case api_key::join_group:
            return join(version, body, refuse);
        case api_key::sync_group:
            return sync(version, body, refuse);
        case api_key::heartbeat:
            return heartbeat(version, body, refuse);
        case api_key::leave_group:
            return leave(version, refuse);
        case api_key::offset_commit:
            return commit(version, body, refuse);
        case api_key::offset_fetch:
            return fetch(version, body, refuse);
        default:
            return std::nullopt;
    }
}

error_code toy_group::check(const std::string& who, std::int32_t in) const {
    if (who != member || member.empty()) return error_code::unknown_member_id;
    return in == generation ? error_code::none : error_code::illegal_generation;
}

bytes toy_group::find(std::int16_t version, refusal refuse) {
    find_coordinator_response told;
    told.error_code = kafka::to_wire(refuse.value_or(error_code::none));
    told.node_id = 0;
    told.host = "broker";
    told.port = 9092;
    return encoded_body(told, version);
}

bytes toy_group::join(std::int16_t version, std::span<const std::byte> body, refusal refuse) {
    const auto request = decoded_body<join_group_request>(body, version);
    join_group_response told;
    ++joins;
    if (!refuse && request.member_id.empty() && version >= 4 && !request.group_instance_id) {
        refuse = error_code::member_id_required;
    }
    const bool known = request.member_id.empty() || request.member_id == member || member.empty();
    if (!refuse && !known) refuse = error_code::unknown_member_id;
    told.member_id =
        request.member_id.empty() ? fmt::format("member-{}", joins) : request.member_id;
    if (refuse) {
        told.error_code = kafka::to_wire(*refuse);
        return encoded_body(told, version);
    }
    member = told.member_id;
    rebalancing = false;
    told.generation_id = ++generation;
    told.protocol_type = "consumer";
    told.protocol_name = request.protocols.front().name;
    told.leader = member;
    told.members.push_back(
        {.member_id = member,
         .group_instance_id = version >= 5 ? request.group_instance_id : std::nullopt,
         .metadata = request.protocols.front().metadata});
    return encoded_body(told, version);
}

bytes toy_group::sync(std::int16_t version, std::span<const std::byte> body, refusal refuse) {
    const auto request = decoded_body<sync_group_request>(body, version);
    sync_group_response told;
    const error_code code = refuse.value_or(check(request.member_id, request.generation_id));
    told.error_code = kafka::to_wire(code);
    told.protocol_type = "consumer";
    told.protocol_name = "";
    if (code == error_code::none) {
        told.assignment =
            decree ? write_assignment(*decree) : request.assignments.front().assignment;
    }
    return encoded_body(told, version);
}

bytes toy_group::heartbeat(std::int16_t version, std::span<const std::byte> body, refusal refuse) {
    const auto request = decoded_body<heartbeat_request>(body, version);
    heartbeat_response told;
    error_code code = refuse.value_or(check(request.member_id, request.generation_id));
    if (code == error_code::none && rebalancing) code = error_code::rebalance_in_progress;
    told.error_code = kafka::to_wire(code);
    return encoded_body(told, version);
}

bytes toy_group::leave(std::int16_t version, refusal refuse) {
    leave_group_response told;
    told.error_code = kafka::to_wire(refuse.value_or(error_code::none));
    ++leaves;
    member.clear();
    return encoded_body(told, version);
}

bytes toy_group::commit(std::int16_t version, std::span<const std::byte> body, refusal refuse) {
    const auto request = decoded_body<offset_commit_request>(body, version);
    offset_commit_response told;
    const bool as_nobody = request.generation_id_or_member_epoch < 0 && member.empty();
    const error_code code = refuse.value_or(
        as_nobody ? error_code::none
                  : check(request.member_id, request.generation_id_or_member_epoch));
    for (const auto& topic : request.topics) {
        auto& answered = told.topics.emplace_back();
        answered.name = topic.name;
        for (const auto& each : topic.partitions) {
            answered.partitions.push_back(
                {.partition_index = each.partition_index, .error_code = kafka::to_wire(code)});
            if (code != error_code::none) continue;
            committed[each.partition_index] = each.committed_offset;
            if (each.partition_index == 0) commits.push_back(each.committed_offset);
        }
    }
    return encoded_body(told, version);
}

bytes toy_group::fetch(std::int16_t version, std::span<const std::byte> body, refusal refuse) {
    const auto request = decoded_body<offset_fetch_request>(body, version);
    offset_fetch_response told;
    if (version >= 2) told.error_code = kafka::to_wire(refuse.value_or(error_code::none));
    for (const auto& topic : *request.topics) {
        auto& answered = told.topics.emplace_back();
        answered.name = topic.name;
        for (const std::int32_t index : topic.partition_indexes) {
            const auto found = committed.find(index);
            answered.partitions.push_back(
                {.partition_index = index,
                 .committed_offset = found == committed.end() ? -1 : found->second});
        }
    }
    return encoded_body(told, version);
}

}  // namespace verdikt::client
