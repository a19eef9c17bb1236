#include "kafka/messages/list_transactions.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using listed_transaction = list_transactions_response::listed_transaction;

constexpr std::array list_transactions_request_fields{
    field<&list_transactions_request::state_filters>("state_filters", since(0)),
    field<&list_transactions_request::producer_id_filters>("producer_id_filters", since(0)),
    field<&list_transactions_request::duration_filter>("duration_filter", since(1)),
};

constexpr std::array listed_transaction_fields{
    field<&listed_transaction::transactional_id>("transactional_id", since(0)),
    field<&listed_transaction::producer_id>("producer_id", since(0)),
    field<&listed_transaction::transaction_state>("transaction_state", since(0)),
};

constexpr std::array list_transactions_response_fields{
    field<&list_transactions_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&list_transactions_response::error_code>("error_code", since(0)),
    field<&list_transactions_response::unknown_state_filters>("unknown_state_filters", since(0)),
    field<&list_transactions_response::transaction_states>("transaction_states", since(0)),
};

}  // namespace

constinit const message_schema list_transactions_request::schema =
    message<list_transactions_request>(
        "ListTransactionsRequest",
        {.key = static_cast<std::int16_t>(api_key::list_transactions),
         .role = message_role::request,
         .versions = between(0, 1),
         .flexible_since = 0},
        list_transactions_request_fields);

constinit const struct_schema list_transactions_response::listed_transaction::schema =
    structure<listed_transaction>("TransactionState", listed_transaction_fields);

constinit const message_schema list_transactions_response::schema =
    message<list_transactions_response>(
        "ListTransactionsResponse",
        {.key = static_cast<std::int16_t>(api_key::list_transactions),
         .role = message_role::response,
         .versions = between(0, 1),
         .flexible_since = 0},
        list_transactions_response_fields);

}  // namespace verdikt::kafka::messages
