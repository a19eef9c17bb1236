#include "kafka/messages/describe_transactions.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using describe_transactions_topic_data = describe_transactions_response::topic_data;
using described_transaction = describe_transactions_response::described_transaction;

constexpr std::array describe_transactions_request_fields{
    field<&describe_transactions_request::transactional_ids>("transactional_ids", since(0)),
};

constexpr std::array describe_transactions_topic_data_fields{
    field<&describe_transactions_topic_data::topic>("topic", since(0)),
    field<&describe_transactions_topic_data::partitions>("partitions", since(0)),
};

constexpr std::array described_transaction_fields{
    field<&described_transaction::error_code>("error_code", since(0)),
    field<&described_transaction::transactional_id>("transactional_id", since(0)),
    field<&described_transaction::transaction_state>("transaction_state", since(0)),
    field<&described_transaction::transaction_timeout_ms>("transaction_timeout_ms", since(0)),
    field<&described_transaction::transaction_start_time_ms>("transaction_start_time_ms", since(0)),
    field<&described_transaction::producer_id>("producer_id", since(0)),
    field<&described_transaction::producer_epoch>("producer_epoch", since(0)),
    field<&described_transaction::topics>("topics", since(0)),
};

constexpr std::array describe_transactions_response_fields{
    field<&describe_transactions_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&describe_transactions_response::transaction_states>("transaction_states", since(0)),
};

}  // namespace

constinit const message_schema describe_transactions_request::schema =
    message<describe_transactions_request>(
        "DescribeTransactionsRequest",
        {.key = static_cast<std::int16_t>(api_key::describe_transactions),
         .role = message_role::request,
         .versions = only(0),
         .flexible_since = 0},
        describe_transactions_request_fields);

constinit const struct_schema describe_transactions_response::topic_data::schema =
    structure<describe_transactions_topic_data>("TopicData",
                                                describe_transactions_topic_data_fields);
constinit const struct_schema describe_transactions_response::described_transaction::schema =
    structure<described_transaction>("TransactionState", described_transaction_fields);

constinit const message_schema describe_transactions_response::schema =
    message<describe_transactions_response>(
        "DescribeTransactionsResponse",
        {.key = static_cast<std::int16_t>(api_key::describe_transactions),
         .role = message_role::response,
         .versions = only(0),
         .flexible_since = 0},
        describe_transactions_response_fields);

}  // namespace verdikt::kafka::messages
