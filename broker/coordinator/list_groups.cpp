// ListGroups (16), versions 0 to 5.
#include "broker/coordinator/group_coordinator.h"
#include "broker/coordinator/group_host.h"

#include <algorithm>
#include <cctype>

namespace verdikt::broker::coordinator {

namespace {

constexpr std::int16_t first_with_states = 4;  // KIP-518
constexpr std::int16_t first_with_types = 5;   // KIP-848
constexpr std::string_view classic_type = "classic";

bool equal_ignoring_case(std::string_view one, std::string_view other) {
    return std::ranges::equal(one, other, [](unsigned char a, unsigned char b) {
        return std::tolower(a) == std::tolower(b);
    });
}

/// An empty filter lets everything through.
bool passes(const std::vector<std::string>& filter, std::string_view value) {
    return filter.empty() || std::ranges::any_of(filter, [&](const std::string& wanted) {
               return equal_ignoring_case(wanted, value);
           });
}

}  // namespace

runtime::awaitable<messages::list_groups_response> group_coordinator::list_groups(
    messages::list_groups_request request, request_origin from) {
    messages::list_groups_response response;
    for (const auto& [index, partition] : host_->partitions()) {
        if (partition->now() == group_partition::phase::loading) {
            response.error_code = kafka::to_wire(kafka::error_code::coordinator_load_in_progress);
        }
        for (const auto& [id, group] : partition->groups()) {
            const std::string_view state = name(group.machine.state());
            if (!passes(request.states_filter, state)) continue;
            if (!passes(request.types_filter, classic_type)) continue;
            auto& listed = response.groups.emplace_back();
            listed.group_id = id;
            listed.protocol_type = group.machine.protocol_type();
            if (from.version >= first_with_states) listed.group_state = state;
            if (from.version >= first_with_types) listed.group_type = classic_type;
        }
    }
    co_return response;
}

}  // namespace verdikt::broker::coordinator
