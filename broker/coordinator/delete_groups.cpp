// DeleteGroups (42), versions 0 to 2.
#include "broker/coordinator/group_coordinator.h"
#include "broker/coordinator/group_host.h"

#include <utility>

namespace verdikt::broker::coordinator {

using kafka::error_code;

namespace {

runtime::awaitable<error_code> delete_one(group_host& host, std::string id) {
    const auto partition = host.serving(id);
    if (!partition) co_return partition.error();
    hosted_group* group = (*partition)->find(id);
    if (group == nullptr) co_return error_code::group_id_not_found;
    auto erasing = (*partition)->erase_group(*group);
    co_return co_await std::move(erasing);
}

}  // namespace

runtime::awaitable<messages::delete_groups_response> group_coordinator::delete_groups(
    messages::delete_groups_request request, request_origin) {
    messages::delete_groups_response response;
    for (std::string& id : request.groups_names) {
        const error_code outcome = co_await delete_one(*host_, id);
        response.results.push_back({std::move(id), kafka::to_wire(outcome)});
    }
    co_return response;
}

}  // namespace verdikt::broker::coordinator
