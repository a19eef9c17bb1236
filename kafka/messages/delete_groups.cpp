#include "kafka/messages/delete_groups.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using deletable_group_result = delete_groups_response::deletable_group_result;

constexpr std::array delete_groups_request_fields{
    field<&delete_groups_request::groups_names>("groups_names", since(0)),
};

constexpr std::array deletable_group_result_fields{
    field<&deletable_group_result::group_id>("group_id", since(0)),
    field<&deletable_group_result::error_code>("error_code", since(0)),
};

constexpr std::array delete_groups_response_fields{
    field<&delete_groups_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&delete_groups_response::results>("results", since(0)),
};

}  // namespace

constinit const message_schema delete_groups_request::schema =
    message<delete_groups_request>("DeleteGroupsRequest",
                                   {.key = static_cast<std::int16_t>(api_key::delete_groups),
                                    .role = message_role::request,
                                    .versions = between(0, 2),
                                    .flexible_since = 2},
                                   delete_groups_request_fields);

constinit const struct_schema delete_groups_response::deletable_group_result::schema =
    structure<deletable_group_result>("DeletableGroupResult", deletable_group_result_fields);

constinit const message_schema delete_groups_response::schema =
    message<delete_groups_response>("DeleteGroupsResponse",
                                    {.key = static_cast<std::int16_t>(api_key::delete_groups),
                                     .role = message_role::response,
                                     .versions = between(0, 2),
                                     .flexible_since = 2},
                                    delete_groups_response_fields);

}  // namespace verdikt::kafka::messages
