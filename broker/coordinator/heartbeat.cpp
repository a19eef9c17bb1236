// Heartbeat (12), versions 0 to 4.
#include "broker/coordinator/group_coordinator.h"
#include "broker/coordinator/group_host.h"

#include <utility>

namespace verdikt::broker::coordinator {

using kafka::error_code;

namespace {

error_code beat(group_host& host, messages::heartbeat_request& request) {
    if (request.group_id.empty()) return error_code::invalid_group_id;
    const auto partition = host.serving(request.group_id);
    if (!partition) {
        // While the group loads, a member need not worry: its session starts anew.
        const bool loading = partition.error() == error_code::coordinator_load_in_progress;
        return loading ? error_code::none : partition.error();
    }
    hosted_group* group = (*partition)->find(request.group_id);
    if (group == nullptr) return error_code::unknown_member_id;
    return (*partition)
        ->heartbeat(*group,
                    {std::move(request.member_id),
                     std::move(request.group_instance_id),
                     generation(request.generation_id)});
}

}  // namespace

runtime::awaitable<messages::heartbeat_response> group_coordinator::heartbeat(
    messages::heartbeat_request request, request_origin) {
    co_return messages::heartbeat_response{.error_code = kafka::to_wire(beat(*host_, request))};
}

}  // namespace verdikt::broker::coordinator
