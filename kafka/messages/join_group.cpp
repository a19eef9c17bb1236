#include "kafka/messages/join_group.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using join_group_request_protocol = join_group_request::join_group_request_protocol;
using join_group_response_member = join_group_response::join_group_response_member;

constexpr std::array join_group_request_protocol_fields{
    field<&join_group_request_protocol::name>("name", since(0)),
    field<&join_group_request_protocol::metadata>("metadata", since(0)),
};

constexpr std::array join_group_request_fields{
    field<&join_group_request::group_id>("group_id", since(0)),
    field<&join_group_request::session_timeout_ms>("session_timeout_ms", since(0)),
    field<&join_group_request::rebalance_timeout_ms>("rebalance_timeout_ms", since(1)).ignorable(),
    field<&join_group_request::member_id>("member_id", since(0)),
    field<&join_group_request::group_instance_id>("group_instance_id", since(5)).nullable(since(5)),
    field<&join_group_request::protocol_type>("protocol_type", since(0)),
    field<&join_group_request::protocols>("protocols", since(0)),
    field<&join_group_request::reason>("reason", since(8)).nullable(since(8)).ignorable(),
};

constexpr std::array join_group_response_member_fields{
    field<&join_group_response_member::member_id>("member_id", since(0)),
    field<&join_group_response_member::group_instance_id>("group_instance_id", since(5))
        .nullable(since(5))
        .ignorable(),
    field<&join_group_response_member::metadata>("metadata", since(0)),
};

constexpr std::array join_group_response_fields{
    field<&join_group_response::throttle_time_ms>("throttle_time_ms", since(2)).ignorable(),
    field<&join_group_response::error_code>("error_code", since(0)),
    field<&join_group_response::generation_id>("generation_id", since(0)),
    field<&join_group_response::protocol_type>("protocol_type", since(7))
        .nullable(since(7))
        .ignorable(),
    field<&join_group_response::protocol_name>("protocol_name", since(0)).nullable(since(7)),
    field<&join_group_response::leader>("leader", since(0)),
    field<&join_group_response::skip_assignment>("skip_assignment", since(9)),
    field<&join_group_response::member_id>("member_id", since(0)),
    field<&join_group_response::members>("members", since(0)),
};

}  // namespace

constinit const struct_schema join_group_request::join_group_request_protocol::schema =
    structure<join_group_request_protocol>("JoinGroupRequestProtocol",
                                           join_group_request_protocol_fields);

constinit const message_schema join_group_request::schema =
    message<join_group_request>("JoinGroupRequest",
                                {.key = static_cast<std::int16_t>(api_key::join_group),
                                 .role = message_role::request,
                                 .versions = between(0, 9),
                                 .flexible_since = 6},
                                join_group_request_fields);

constinit const struct_schema join_group_response::join_group_response_member::schema =
    structure<join_group_response_member>("JoinGroupResponseMember",
                                          join_group_response_member_fields);

constinit const message_schema join_group_response::schema =
    message<join_group_response>("JoinGroupResponse",
                                 {.key = static_cast<std::int16_t>(api_key::join_group),
                                  .role = message_role::response,
                                  .versions = between(0, 9),
                                  .flexible_since = 6},
                                 join_group_response_fields);

}  // namespace verdikt::kafka::messages
