#include "kafka/messages/heartbeat.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

constexpr std::array heartbeat_request_fields{
    field<&heartbeat_request::group_id>("group_id", since(0)),
    field<&heartbeat_request::generation_id>("generation_id", since(0)),
    field<&heartbeat_request::member_id>("member_id", since(0)),
    field<&heartbeat_request::group_instance_id>("group_instance_id", since(3)).nullable(since(3)),
};

constexpr std::array heartbeat_response_fields{
    field<&heartbeat_response::throttle_time_ms>("throttle_time_ms", since(1)).ignorable(),
    field<&heartbeat_response::error_code>("error_code", since(0)),
};

}  // namespace

constinit const message_schema heartbeat_request::schema =
    message<heartbeat_request>("HeartbeatRequest",
                               {.key = static_cast<std::int16_t>(api_key::heartbeat),
                                .role = message_role::request,
                                .versions = between(0, 4),
                                .flexible_since = 4},
                               heartbeat_request_fields);

constinit const message_schema heartbeat_response::schema =
    message<heartbeat_response>("HeartbeatResponse",
                                {.key = static_cast<std::int16_t>(api_key::heartbeat),
                                 .role = message_role::response,
                                 .versions = between(0, 4),
                                 .flexible_since = 4},
                                heartbeat_response_fields);

}  // namespace verdikt::kafka::messages
