#include "kafka/messages/add_partitions_to_txn.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using add_partitions_to_txn_topic = add_partitions_to_txn_request::add_partitions_to_txn_topic;
using add_partitions_to_txn_transaction =
    add_partitions_to_txn_request::add_partitions_to_txn_transaction;
using add_partitions_to_txn_partition_result =
    add_partitions_to_txn_response::add_partitions_to_txn_partition_result;
using add_partitions_to_txn_topic_result =
    add_partitions_to_txn_response::add_partitions_to_txn_topic_result;
using add_partitions_to_txn_result = add_partitions_to_txn_response::add_partitions_to_txn_result;

constexpr std::array add_partitions_to_txn_topic_fields{
    field<&add_partitions_to_txn_topic::name>("name", since(0)),
    field<&add_partitions_to_txn_topic::partitions>("partitions", since(0)),
};

constexpr std::array add_partitions_to_txn_transaction_fields{
    field<&add_partitions_to_txn_transaction::transactional_id>("transactional_id", since(4)),
    field<&add_partitions_to_txn_transaction::producer_id>("producer_id", since(4)),
    field<&add_partitions_to_txn_transaction::producer_epoch>("producer_epoch", since(4)),
    field<&add_partitions_to_txn_transaction::verify_only>("verify_only", since(4)),
    field<&add_partitions_to_txn_transaction::topics>("topics", since(4)),
};

constexpr std::array add_partitions_to_txn_request_fields{
    field<&add_partitions_to_txn_request::transactions>("transactions", since(4)),
    field<&add_partitions_to_txn_request::v3_and_below_transactional_id>(
        "v3_and_below_transactional_id", between(0, 3)),
    field<&add_partitions_to_txn_request::v3_and_below_producer_id>("v3_and_below_producer_id",
                                                                    between(0, 3)),
    field<&add_partitions_to_txn_request::v3_and_below_producer_epoch>(
        "v3_and_below_producer_epoch", between(0, 3)),
    field<&add_partitions_to_txn_request::v3_and_below_topics>("v3_and_below_topics",
                                                               between(0, 3)),
};

constexpr std::array add_partitions_to_txn_partition_result_fields{
    field<&add_partitions_to_txn_partition_result::partition_index>("partition_index", since(0)),
    field<&add_partitions_to_txn_partition_result::partition_error_code>("partition_error_code",
                                                                         since(0)),
};

constexpr std::array add_partitions_to_txn_topic_result_fields{
    field<&add_partitions_to_txn_topic_result::name>("name", since(0)),
    field<&add_partitions_to_txn_topic_result::results_by_partition>("results_by_partition",
                                                                     since(0)),
};

constexpr std::array add_partitions_to_txn_result_fields{
    field<&add_partitions_to_txn_result::transactional_id>("transactional_id", since(4)),
    field<&add_partitions_to_txn_result::topic_results>("topic_results", since(4)),
};

constexpr std::array add_partitions_to_txn_response_fields{
    field<&add_partitions_to_txn_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&add_partitions_to_txn_response::error_code>("error_code", since(4)).ignorable(),
    field<&add_partitions_to_txn_response::results_by_transaction>("results_by_transaction",
                                                                   since(4)),
    field<&add_partitions_to_txn_response::results_by_topic_v3_and_below>(
        "results_by_topic_v3_and_below", between(0, 3)),
};

}  // namespace

constinit const struct_schema add_partitions_to_txn_request::add_partitions_to_txn_topic::schema =
    structure<add_partitions_to_txn_topic>("AddPartitionsToTxnTopic",
                                           add_partitions_to_txn_topic_fields);
constinit const struct_schema
    add_partitions_to_txn_request::add_partitions_to_txn_transaction::schema =
        structure<add_partitions_to_txn_transaction>("AddPartitionsToTxnTransaction",
                                                     add_partitions_to_txn_transaction_fields);

constinit const message_schema add_partitions_to_txn_request::schema =
    message<add_partitions_to_txn_request>(
        "AddPartitionsToTxnRequest",
        {.key = static_cast<std::int16_t>(api_key::add_partitions_to_txn),
         .role = message_role::request,
         .versions = between(0, 5),
         .flexible_since = 3},
        add_partitions_to_txn_request_fields);

constinit const struct_schema
    add_partitions_to_txn_response::add_partitions_to_txn_partition_result::schema =
        structure<add_partitions_to_txn_partition_result>(
            "AddPartitionsToTxnPartitionResult", add_partitions_to_txn_partition_result_fields);
constinit const struct_schema
    add_partitions_to_txn_response::add_partitions_to_txn_topic_result::schema =
        structure<add_partitions_to_txn_topic_result>("AddPartitionsToTxnTopicResult",
                                                      add_partitions_to_txn_topic_result_fields);
constinit const struct_schema add_partitions_to_txn_response::add_partitions_to_txn_result::schema =
    structure<add_partitions_to_txn_result>("AddPartitionsToTxnResult",
                                            add_partitions_to_txn_result_fields);

constinit const message_schema add_partitions_to_txn_response::schema =
    message<add_partitions_to_txn_response>(
        "AddPartitionsToTxnResponse",
        {.key = static_cast<std::int16_t>(api_key::add_partitions_to_txn),
         .role = message_role::response,
         .versions = between(0, 5),
         .flexible_since = 3},
        add_partitions_to_txn_response_fields);

}  // namespace verdikt::kafka::messages
