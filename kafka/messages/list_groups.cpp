#include "kafka/messages/list_groups.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using listed_group = list_groups_response::listed_group;

constexpr std::array list_groups_request_fields{
    field<&list_groups_request::states_filter>("states_filter", since(4)),
    field<&list_groups_request::types_filter>("types_filter", since(5)),
};

constexpr std::array listed_group_fields{
    field<&listed_group::group_id>("group_id", since(0)),
    field<&listed_group::protocol_type>("protocol_type", since(0)),
    field<&listed_group::group_state>("group_state", since(4)).ignorable(),
    field<&listed_group::group_type>("group_type", since(5)).ignorable(),
};

constexpr std::array list_groups_response_fields{
    field<&list_groups_response::throttle_time_ms>("throttle_time_ms", since(1)).ignorable(),
    field<&list_groups_response::error_code>("error_code", since(0)),
    field<&list_groups_response::groups>("groups", since(0)),
};

}  // namespace

constinit const message_schema list_groups_request::schema =
    message<list_groups_request>("ListGroupsRequest",
                                 {.key = static_cast<std::int16_t>(api_key::list_groups),
                                  .role = message_role::request,
                                  .versions = between(0, 5),
                                  .flexible_since = 3},
                                 list_groups_request_fields);

constinit const struct_schema list_groups_response::listed_group::schema =
    structure<listed_group>("ListedGroup", listed_group_fields);

constinit const message_schema list_groups_response::schema =
    message<list_groups_response>("ListGroupsResponse",
                                  {.key = static_cast<std::int16_t>(api_key::list_groups),
                                   .role = message_role::response,
                                   .versions = between(0, 5),
                                   .flexible_since = 3},
                                  list_groups_response_fields);

}  // namespace verdikt::kafka::messages
