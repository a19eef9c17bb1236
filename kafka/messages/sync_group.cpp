#include "kafka/messages/sync_group.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using sync_group_request_assignment = sync_group_request::sync_group_request_assignment;

constexpr std::array sync_group_request_assignment_fields{
    field<&sync_group_request_assignment::member_id>("member_id", since(0)),
    field<&sync_group_request_assignment::assignment>("assignment", since(0)),
};

constexpr std::array sync_group_request_fields{
    field<&sync_group_request::group_id>("group_id", since(0)),
    field<&sync_group_request::generation_id>("generation_id", since(0)),
    field<&sync_group_request::member_id>("member_id", since(0)),
    field<&sync_group_request::group_instance_id>("group_instance_id", since(3)).nullable(since(3)),
    field<&sync_group_request::protocol_type>("protocol_type", since(5))
        .nullable(since(5))
        .ignorable(),
    field<&sync_group_request::protocol_name>("protocol_name", since(5))
        .nullable(since(5))
        .ignorable(),
    field<&sync_group_request::assignments>("assignments", since(0)),
};

constexpr std::array sync_group_response_fields{
    field<&sync_group_response::throttle_time_ms>("throttle_time_ms", since(1)).ignorable(),
    field<&sync_group_response::error_code>("error_code", since(0)),
    field<&sync_group_response::protocol_type>("protocol_type", since(5))
        .nullable(since(5))
        .ignorable(),
    field<&sync_group_response::protocol_name>("protocol_name", since(5))
        .nullable(since(5))
        .ignorable(),
    field<&sync_group_response::assignment>("assignment", since(0)),
};

}  // namespace

constinit const struct_schema sync_group_request::sync_group_request_assignment::schema =
    structure<sync_group_request_assignment>("SyncGroupRequestAssignment",
                                             sync_group_request_assignment_fields);

constinit const message_schema sync_group_request::schema =
    message<sync_group_request>("SyncGroupRequest",
                                {.key = static_cast<std::int16_t>(api_key::sync_group),
                                 .role = message_role::request,
                                 .versions = between(0, 5),
                                 .flexible_since = 4},
                                sync_group_request_fields);

constinit const message_schema sync_group_response::schema =
    message<sync_group_response>("SyncGroupResponse",
                                 {.key = static_cast<std::int16_t>(api_key::sync_group),
                                  .role = message_role::response,
                                  .versions = between(0, 5),
                                  .flexible_since = 4},
                                 sync_group_response_fields);

}  // namespace verdikt::kafka::messages
