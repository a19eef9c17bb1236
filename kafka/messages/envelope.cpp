#include "kafka/messages/envelope.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

constexpr std::array envelope_request_fields{
    field<&envelope_request::request_data>("request_data", since(0)),
    field<&envelope_request::request_principal>("request_principal", since(0)).nullable(since(0)),
    field<&envelope_request::client_host_address>("client_host_address", since(0)),
};

constexpr std::array envelope_response_fields{
    field<&envelope_response::response_data>("response_data", since(0)).nullable(since(0)),
    field<&envelope_response::error_code>("error_code", since(0)),
};

}  // namespace

constinit const message_schema envelope_request::schema =
    message<envelope_request>("EnvelopeRequest",
                              {.key = static_cast<std::int16_t>(api_key::envelope),
                               .role = message_role::request,
                               .versions = only(0),
                               .flexible_since = 0},
                              envelope_request_fields);

constinit const message_schema envelope_response::schema =
    message<envelope_response>("EnvelopeResponse",
                               {.key = static_cast<std::int16_t>(api_key::envelope),
                                .role = message_role::response,
                                .versions = only(0),
                                .flexible_since = 0},
                               envelope_response_fields);

}  // namespace verdikt::kafka::messages
