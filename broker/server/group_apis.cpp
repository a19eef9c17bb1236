/// The requests that the group coordinator answers.
#include "broker/coordinator/group_coordinator.h"
#include "broker/server/api_entry.h"

namespace verdikt::broker::server {

namespace {

using coordinator::group_coordinator;
using kafka::api_key;
using messages::between;

coordinator::request_origin origin_of(const request_context& asked) {
    return {
        .version = asked.version, .client_id = asked.client_id, .client_host = asked.client_host};
}

// The coordinator's own handlers differ only in their messages.
template <typename Request, auto Handler>
auto ask_group_coordinator(node_services& here, const request_context& asked, Request request) {
    return (here.groups.*Handler)(std::move(request), origin_of(asked));
}

template <typename Request, auto Handler>
api group_entry(api_key key, messages::version_range versions) {
    return entry<Request, &ask_group_coordinator<Request, Handler>>(key, versions);
}

}  // namespace

std::vector<api> group_apis() {
    return {
        group_entry<messages::offset_commit_request, &group_coordinator::offset_commit>(
            api_key::offset_commit, between(1, 8)),
        group_entry<messages::offset_fetch_request, &group_coordinator::offset_fetch>(
            api_key::offset_fetch, between(1, 8)),
        group_entry<messages::join_group_request, &group_coordinator::join_group>(
            api_key::join_group, between(0, 9)),
        group_entry<messages::heartbeat_request, &group_coordinator::heartbeat>(api_key::heartbeat,
                                                                                between(0, 4)),
        group_entry<messages::leave_group_request, &group_coordinator::leave_group>(
            api_key::leave_group, between(0, 5)),
        group_entry<messages::sync_group_request, &group_coordinator::sync_group>(
            api_key::sync_group, between(0, 5)),
        group_entry<messages::describe_groups_request, &group_coordinator::describe_groups>(
            api_key::describe_groups, between(0, 5)),
        group_entry<messages::list_groups_request, &group_coordinator::list_groups>(
            api_key::list_groups, between(0, 5)),
        group_entry<messages::delete_groups_request, &group_coordinator::delete_groups>(
            api_key::delete_groups, between(0, 2)),
        group_entry<messages::offset_delete_request, &group_coordinator::offset_delete>(
            api_key::offset_delete, between(0, 0)),
    };
}

}  // namespace verdikt::broker::server
