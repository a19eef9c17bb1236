#include "kafka/messages/add_offsets_to_txn.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

constexpr std::array add_offsets_to_txn_request_fields{
    field<&add_offsets_to_txn_request::transactional_id>("transactional_id", since(0)),
    field<&add_offsets_to_txn_request::producer_id>("producer_id", since(0)),
    field<&add_offsets_to_txn_request::producer_epoch>("producer_epoch", since(0)),
    field<&add_offsets_to_txn_request::group_id>("group_id", since(0)),
};

constexpr std::array add_offsets_to_txn_response_fields{
    field<&add_offsets_to_txn_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&add_offsets_to_txn_response::error_code>("error_code", since(0)),
};

}  // namespace

constinit const message_schema add_offsets_to_txn_request::schema =
    message<add_offsets_to_txn_request>(
        "AddOffsetsToTxnRequest",
        {.key = static_cast<std::int16_t>(api_key::add_offsets_to_txn),
         .role = message_role::request,
         .versions = between(0, 4),
         .flexible_since = 3},
        add_offsets_to_txn_request_fields);

constinit const message_schema add_offsets_to_txn_response::schema =
    message<add_offsets_to_txn_response>(
        "AddOffsetsToTxnResponse",
        {.key = static_cast<std::int16_t>(api_key::add_offsets_to_txn),
         .role = message_role::response,
         .versions = between(0, 4),
         .flexible_since = 3},
        add_offsets_to_txn_response_fields);

}  // namespace verdikt::kafka::messages
