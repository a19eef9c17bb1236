// JoinGroup (11), versions 0 to 9.
#include "broker/coordinator/group_coordinator.h"
#include "broker/coordinator/group_host.h"

#include <utility>

namespace verdikt::broker::coordinator {

using kafka::error_code;

namespace {

constexpr std::int16_t first_with_member_id_required = 4;  // KIP-394
constexpr std::int16_t first_with_nullable_protocol = 7;   // KIP-559
constexpr std::int16_t first_with_skip_assignment = 9;     // KIP-814

join_event to_event(messages::join_group_request request,
                    const request_origin& from,
                    std::string fresh_member_id) {
    join_event event{.from = ticket(0),
                     .member_id = std::move(request.member_id),
                     .instance_id = std::move(request.group_instance_id),
                     .client_id = from.client_id,
                     .client_host = from.client_host,
                     .session_timeout = milliseconds(request.session_timeout_ms),
                     // Version 0 had one timeout for both.
                     .rebalance_timeout = milliseconds(request.rebalance_timeout_ms < 0
                                                           ? request.session_timeout_ms
                                                           : request.rebalance_timeout_ms),
                     .protocol_type = std::move(request.protocol_type),
                     .fresh_member_id = std::move(fresh_member_id),
                     .member_id_required = from.version >= first_with_member_id_required,
                     .may_skip_assignment = from.version >= first_with_skip_assignment};
    for (auto& protocol : request.protocols) {
        event.protocols.push_back({std::move(protocol.name), std::move(protocol.metadata)});
    }
    return event;
}

messages::join_group_response to_response(join_reply reply, std::int16_t version) {
    if (version < first_with_nullable_protocol && !reply.protocol_name) reply.protocol_name = "";
    messages::join_group_response response{.error_code = kafka::to_wire(reply.error),
                                           .generation_id = reply.in.value(),
                                           .protocol_type = std::move(reply.protocol_type),
                                           .protocol_name = std::move(reply.protocol_name),
                                           .leader = std::move(reply.leader),
                                           .skip_assignment = reply.skip_assignment,
                                           .member_id = std::move(reply.member_id)};
    for (joined_member& member : reply.members) {
        response.members.push_back({std::move(member.member_id),
                                    std::move(member.instance_id),
                                    std::move(member.metadata)});
    }
    return response;
}

bool session_timeout_allowed(const coordinator_config& config, std::int32_t asked) {
    const milliseconds timeout(asked);
    return timeout >= config.min_session_timeout && timeout <= config.max_session_timeout;
}

}  // namespace

runtime::awaitable<messages::join_group_response> group_coordinator::join_group(
    messages::join_group_request request, request_origin from) {
    const auto refuse = [&](error_code why) {
        return to_response({.error = why, .member_id = request.member_id}, from.version);
    };
    if (request.group_id.empty()) co_return refuse(error_code::invalid_group_id);
    const auto partition = host_->serving(request.group_id);
    if (!partition) co_return refuse(partition.error());
    if (!session_timeout_allowed(host_->config(), request.session_timeout_ms)) {
        co_return refuse(error_code::invalid_session_timeout);
    }
    hosted_group* group = (*partition)->find(request.group_id);
    if (group == nullptr && !request.member_id.empty()) {
        co_return refuse(error_code::unknown_member_id);
    }
    if (group == nullptr) group = &(*partition)->find_or_create(request.group_id);
    std::string fresh_id =
        host_->fresh_member_id(request.group_instance_id.value_or(from.client_id));
    auto joining =
        (*partition)->join(*group, to_event(std::move(request), from, std::move(fresh_id)));
    join_reply reply = co_await std::move(joining);
    co_return to_response(std::move(reply), from.version);
}

}  // namespace verdikt::broker::coordinator
