// LeaveGroup (13), versions 0 to 5. From version 3 on several members, each with its own outcome.
#include "broker/coordinator/group_coordinator.h"
#include "broker/coordinator/group_host.h"

#include <utility>

namespace verdikt::broker::coordinator {

using kafka::error_code;

namespace {

constexpr std::int16_t first_with_members = 3;  // KIP-345

error_code leave_one(group_host& host, const std::string& group_id, const member_identity& who) {
    const auto partition = host.serving(group_id);
    if (!partition) return partition.error();
    hosted_group* group = (*partition)->find(group_id);
    if (group == nullptr) return error_code::unknown_member_id;
    return (*partition)->leave(*group, who);
}

error_code refuse_all(group_host& host, const std::string& group_id) {
    if (group_id.empty()) return error_code::invalid_group_id;
    const auto partition = host.serving(group_id);
    return partition ? error_code::none : partition.error();
}

}  // namespace

runtime::awaitable<messages::leave_group_response> group_coordinator::leave_group(
    messages::leave_group_request request, request_origin from) {
    messages::leave_group_response response;
    response.error_code = kafka::to_wire(refuse_all(*host_, request.group_id));
    if (response.error_code != 0) co_return response;
    if (from.version < first_with_members) {
        response.error_code = kafka::to_wire(
            leave_one(*host_, request.group_id, {std::move(request.member_id), std::nullopt}));
        co_return response;
    }
    for (auto& member : request.members) {
        const error_code outcome =
            leave_one(*host_, request.group_id, {member.member_id, member.group_instance_id});
        response.members.push_back({std::move(member.member_id),
                                    std::move(member.group_instance_id),
                                    kafka::to_wire(outcome)});
    }
    co_return response;
}

}  // namespace verdikt::broker::coordinator
