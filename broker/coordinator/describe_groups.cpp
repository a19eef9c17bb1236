// DescribeGroups (15), versions 0 to 5.
#include "broker/coordinator/group_coordinator.h"
#include "broker/coordinator/group_host.h"

#include <utility>

namespace verdikt::broker::coordinator {

namespace {

using described_group = messages::describe_groups_response::described_group;

/// READ (3), DELETE (6) and DESCRIBE (8), one bit each: without an authorizer everybody may do to a
/// group all that can be done (KIP-430).
constexpr std::int32_t all_group_operations = 1 << 3 | 1 << 6 | 1 << 8;

void describe_members(const group& machine, described_group& described) {
    const bool stable = machine.state() == group_state::stable;
    // While a rebalance is under way there is no protocol that all metadata could be of.
    if (stable) described.protocol_data = machine.protocol().value_or("");
    for (const auto& [id, member] : machine.members()) {
        auto& shown = described.members.emplace_back();
        shown.member_id = id;
        shown.group_instance_id = member.instance_id;
        shown.client_id = member.client_id;
        shown.client_host = member.client_host;
        if (!stable) continue;
        shown.member_metadata = *member.metadata_for(*machine.protocol());
        shown.member_assignment = member.assignment;
    }
}

described_group describe_one(group_host& host, std::string id) {
    described_group described;
    const auto partition = host.serving(id);
    const hosted_group* group = partition ? (*partition)->find(id) : nullptr;
    described.group_id = std::move(id);
    if (!partition) {
        described.error_code = kafka::to_wire(partition.error());
        return described;
    }
    described.group_state = name(group == nullptr ? group_state::dead : group->machine.state());
    if (group == nullptr) return described;
    described.protocol_type = group->machine.protocol_type();
    describe_members(group->machine, described);
    return described;
}

}  // namespace

runtime::awaitable<messages::describe_groups_response> group_coordinator::describe_groups(
    messages::describe_groups_request request, request_origin) {
    messages::describe_groups_response response;
    for (std::string& id : request.groups) {
        auto& described = response.groups.emplace_back(describe_one(*host_, std::move(id)));
        if (request.include_authorized_operations && described.error_code == 0) {
            described.authorized_operations = all_group_operations;
        }
    }
    co_return response;
}

}  // namespace verdikt::broker::coordinator
