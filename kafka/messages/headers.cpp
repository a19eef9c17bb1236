#include "kafka/messages/headers.h"

#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

constexpr std::array request_header_fields{
    field<&request_header::request_api_key>("request_api_key", since(0)),
    field<&request_header::request_api_version>("request_api_version", since(0)),
    field<&request_header::correlation_id>("correlation_id", since(0)),
    field<&request_header::client_id>("client_id", since(1))
        .nullable(since(1))
        .ignorable()
        .never_compact(),
};

constexpr std::array response_header_fields{
    field<&response_header::correlation_id>("correlation_id", since(0)),
};

}  // namespace

constinit const message_schema request_header::schema = message<request_header>(
    "RequestHeader",
    {.role = message_role::header, .versions = between(0, 2), .flexible_since = 2},
    request_header_fields);

constinit const message_schema response_header::schema = message<response_header>(
    "ResponseHeader",
    {.role = message_role::header, .versions = between(0, 1), .flexible_since = 1},
    response_header_fields);

}  // namespace verdikt::kafka::messages
