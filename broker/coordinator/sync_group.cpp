// SyncGroup (14), versions 0 to 5.
#include "broker/coordinator/group_coordinator.h"
#include "broker/coordinator/group_host.h"

#include <utility>

namespace verdikt::broker::coordinator {

using kafka::error_code;

namespace {

sync_event to_event(messages::sync_group_request request) {
    sync_event event{.from = ticket(0),
                     .who = {std::move(request.member_id),
                             std::move(request.group_instance_id),
                             generation(request.generation_id)},
                     .protocol_type = std::move(request.protocol_type),
                     .protocol_name = std::move(request.protocol_name)};
    for (auto& part : request.assignments) {
        event.assignments.push_back({std::move(part.member_id), std::move(part.assignment)});
    }
    return event;
}

messages::sync_group_response to_response(sync_reply reply) {
    return {.error_code = kafka::to_wire(reply.error),
            .protocol_type = std::move(reply.protocol_type),
            .protocol_name = std::move(reply.protocol_name),
            .assignment = std::move(reply.assignment)};
}

}  // namespace

runtime::awaitable<messages::sync_group_response> group_coordinator::sync_group(
    messages::sync_group_request request, request_origin) {
    if (request.group_id.empty()) co_return to_response({.error = error_code::invalid_group_id});
    const auto partition = host_->serving(request.group_id);
    if (!partition) {
        // The assignment that was under way died with the former coordinator: join again.
        const bool loading = partition.error() == error_code::coordinator_load_in_progress;
        co_return to_response(
            {.error = loading ? error_code::rebalance_in_progress : partition.error()});
    }
    hosted_group* group = (*partition)->find(request.group_id);
    if (group == nullptr) co_return to_response({.error = error_code::unknown_member_id});
    auto syncing = (*partition)->sync(*group, to_event(std::move(request)));
    sync_reply reply = co_await std::move(syncing);
    co_return to_response(std::move(reply));
}

}  // namespace verdikt::broker::coordinator
