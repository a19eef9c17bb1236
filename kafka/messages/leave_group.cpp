#include "kafka/messages/leave_group.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using member_identity = leave_group_request::member_identity;
using member_response = leave_group_response::member_response;

constexpr std::array member_identity_fields{
    field<&member_identity::member_id>("member_id", since(3)),
    field<&member_identity::group_instance_id>("group_instance_id", since(3)).nullable(since(3)),
    field<&member_identity::reason>("reason", since(5)).nullable(since(5)).ignorable(),
};

constexpr std::array leave_group_request_fields{
    field<&leave_group_request::group_id>("group_id", since(0)),
    field<&leave_group_request::member_id>("member_id", between(0, 2)),
    field<&leave_group_request::members>("members", since(3)),
};

constexpr std::array member_response_fields{
    field<&member_response::member_id>("member_id", since(3)),
    field<&member_response::group_instance_id>("group_instance_id", since(3)).nullable(since(3)),
    field<&member_response::error_code>("error_code", since(3)),
};

constexpr std::array leave_group_response_fields{
    field<&leave_group_response::throttle_time_ms>("throttle_time_ms", since(1)).ignorable(),
    field<&leave_group_response::error_code>("error_code", since(0)),
    field<&leave_group_response::members>("members", since(3)),
};

}  // namespace

constinit const struct_schema leave_group_request::member_identity::schema =
    structure<member_identity>("MemberIdentity", member_identity_fields);

constinit const message_schema leave_group_request::schema =
    message<leave_group_request>("LeaveGroupRequest",
                                 {.key = static_cast<std::int16_t>(api_key::leave_group),
                                  .role = message_role::request,
                                  .versions = between(0, 5),
                                  .flexible_since = 4},
                                 leave_group_request_fields);

constinit const struct_schema leave_group_response::member_response::schema =
    structure<member_response>("MemberResponse", member_response_fields);

constinit const message_schema leave_group_response::schema =
    message<leave_group_response>("LeaveGroupResponse",
                                  {.key = static_cast<std::int16_t>(api_key::leave_group),
                                   .role = message_role::response,
                                   .versions = between(0, 5),
                                   .flexible_since = 4},
                                  leave_group_response_fields);

}  // namespace verdikt::kafka::messages
