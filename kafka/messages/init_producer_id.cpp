#include "kafka/messages/init_producer_id.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

constexpr std::array init_producer_id_request_fields{
    field<&init_producer_id_request::transactional_id>("transactional_id", since(0))
        .nullable(since(0)),
    field<&init_producer_id_request::transaction_timeout_ms>("transaction_timeout_ms", since(0)),
    field<&init_producer_id_request::producer_id>("producer_id", since(3)),
    field<&init_producer_id_request::producer_epoch>("producer_epoch", since(3)),
};

constexpr std::array init_producer_id_response_fields{
    field<&init_producer_id_response::throttle_time_ms>("throttle_time_ms", since(0)).ignorable(),
    field<&init_producer_id_response::error_code>("error_code", since(0)),
    field<&init_producer_id_response::producer_id>("producer_id", since(0)),
    field<&init_producer_id_response::producer_epoch>("producer_epoch", since(0)),
};

}  // namespace

constinit const message_schema init_producer_id_request::schema =
    message<init_producer_id_request>("InitProducerIdRequest",
                                      {.key = static_cast<std::int16_t>(api_key::init_producer_id),
                                       .role = message_role::request,
                                       .versions = between(0, 5),
                                       .flexible_since = 2},
                                      init_producer_id_request_fields);

constinit const message_schema init_producer_id_response::schema =
    message<init_producer_id_response>("InitProducerIdResponse",
                                       {.key = static_cast<std::int16_t>(api_key::init_producer_id),
                                        .role = message_role::response,
                                        .versions = between(0, 5),
                                        .flexible_since = 2},
                                       init_producer_id_response_fields);

}  // namespace verdikt::kafka::messages
