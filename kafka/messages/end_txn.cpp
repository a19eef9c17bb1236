#include "kafka/messages/end_txn.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

constexpr std::array end_txn_request_fields{
    field<&end_txn_request::transactional_id>("transactional_id", since(0)),
    field<&end_txn_request::producer_id>("producer_id", since(0)),
    field<&end_txn_request::producer_epoch>("producer_epoch", since(0)),
    field<&end_txn_request::committed>("committed", since(0)),
};

constexpr std::array end_txn_response_fields{
    field<&end_txn_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&end_txn_response::error_code>("error_code", since(0)),
    field<&end_txn_response::producer_id>("producer_id", since(5)).ignorable(),
    field<&end_txn_response::producer_epoch>("producer_epoch", since(5)).ignorable(),
};

}  // namespace

constinit const message_schema end_txn_request::schema =
    message<end_txn_request>("EndTxnRequest",
                             {.key = static_cast<std::int16_t>(api_key::end_txn),
                              .role = message_role::request,
                              .versions = between(0, 5),
                              .flexible_since = 3},
                             end_txn_request_fields);

constinit const message_schema end_txn_response::schema =
    message<end_txn_response>("EndTxnResponse",
                              {.key = static_cast<std::int16_t>(api_key::end_txn),
                               .role = message_role::response,
                               .versions = between(0, 5),
                               .flexible_since = 3},
                              end_txn_response_fields);

}  // namespace verdikt::kafka::messages
