#include "kafka/messages/unregister_broker.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

constexpr std::array unregister_broker_request_fields{
    field<&unregister_broker_request::broker_id>("broker_id", since(0)),
};

constexpr std::array unregister_broker_response_fields{
    field<&unregister_broker_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&unregister_broker_response::error_code>("error_code", since(0)),
    field<&unregister_broker_response::error_message>("error_message", since(0)).nullable(since(0)),
};

}  // namespace

constinit const message_schema unregister_broker_request::schema =
    message<unregister_broker_request>(
        "UnregisterBrokerRequest",
        {.key = static_cast<std::int16_t>(api_key::unregister_broker),
         .role = message_role::request,
         .versions = only(0),
         .flexible_since = 0},
        unregister_broker_request_fields);

constinit const message_schema unregister_broker_response::schema =
    message<unregister_broker_response>(
        "UnregisterBrokerResponse",
        {.key = static_cast<std::int16_t>(api_key::unregister_broker),
         .role = message_role::response,
         .versions = only(0),
         .flexible_since = 0},
        unregister_broker_response_fields);

}  // namespace verdikt::kafka::messages
