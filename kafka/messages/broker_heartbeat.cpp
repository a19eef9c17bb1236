#include "kafka/messages/broker_heartbeat.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

constexpr std::array broker_heartbeat_request_fields{
    field<&broker_heartbeat_request::broker_id>("broker_id", since(0)),
    field<&broker_heartbeat_request::broker_epoch>("broker_epoch", since(0)),
    field<&broker_heartbeat_request::current_metadata_offset>("current_metadata_offset", since(0)),
    field<&broker_heartbeat_request::want_fence>("want_fence", since(0)),
    field<&broker_heartbeat_request::want_shut_down>("want_shut_down", since(0)),
    field<&broker_heartbeat_request::offline_log_dirs>("offline_log_dirs", since(1))
        .tagged(0, since(1)),
};

constexpr std::array broker_heartbeat_response_fields{
    field<&broker_heartbeat_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&broker_heartbeat_response::error_code>("error_code", since(0)),
    field<&broker_heartbeat_response::is_caught_up>("is_caught_up", since(0)),
    field<&broker_heartbeat_response::is_fenced>("is_fenced", since(0)),
    field<&broker_heartbeat_response::should_shut_down>("should_shut_down", since(0)),
};

}  // namespace

constinit const message_schema broker_heartbeat_request::schema =
    message<broker_heartbeat_request>("BrokerHeartbeatRequest",
                                      {.key = static_cast<std::int16_t>(api_key::broker_heartbeat),
                                       .role = message_role::request,
                                       .versions = between(0, 1),
                                       .flexible_since = 0},
                                      broker_heartbeat_request_fields);

constinit const message_schema broker_heartbeat_response::schema =
    message<broker_heartbeat_response>("BrokerHeartbeatResponse",
                                       {.key = static_cast<std::int16_t>(api_key::broker_heartbeat),
                                        .role = message_role::response,
                                        .versions = between(0, 1),
                                        .flexible_since = 0},
                                       broker_heartbeat_response_fields);

}  // namespace verdikt::kafka::messages
