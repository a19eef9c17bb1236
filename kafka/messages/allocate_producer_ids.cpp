#include "kafka/messages/allocate_producer_ids.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

constexpr std::array allocate_producer_ids_request_fields{
    field<&allocate_producer_ids_request::broker_id>("broker_id", since(0)),
    field<&allocate_producer_ids_request::broker_epoch>("broker_epoch", since(0)),
};

constexpr std::array allocate_producer_ids_response_fields{
    field<&allocate_producer_ids_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&allocate_producer_ids_response::error_code>("error_code", since(0)),
    field<&allocate_producer_ids_response::producer_id_start>("producer_id_start", since(0)),
    field<&allocate_producer_ids_response::producer_id_len>("producer_id_len", since(0)),
};

}  // namespace

constinit const message_schema allocate_producer_ids_request::schema =
    message<allocate_producer_ids_request>(
        "AllocateProducerIdsRequest",
        {.key = static_cast<std::int16_t>(api_key::allocate_producer_ids),
         .role = message_role::request,
         .versions = only(0),
         .flexible_since = 0},
        allocate_producer_ids_request_fields);

constinit const message_schema allocate_producer_ids_response::schema =
    message<allocate_producer_ids_response>(
        "AllocateProducerIdsResponse",
        {.key = static_cast<std::int16_t>(api_key::allocate_producer_ids),
         .role = message_role::response,
         .versions = only(0),
         .flexible_since = 0},
        allocate_producer_ids_response_fields);

}  // namespace verdikt::kafka::messages
