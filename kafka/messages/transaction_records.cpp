#include "kafka/messages/transaction_records.h"

#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using partitions_schema = transaction_log_value::partitions_schema;

constexpr std::array transaction_log_key_fields{
    field<&transaction_log_key::transactional_id>("transactional_id", only(0)),
};

constexpr std::array partitions_schema_fields{
    field<&partitions_schema::topic>("topic", since(0)),
    field<&partitions_schema::partition_ids>("partition_ids", since(0)),
};

constexpr std::array transaction_log_value_fields{
    field<&transaction_log_value::producer_id>("producer_id", since(0)),
    field<&transaction_log_value::previous_producer_id>("previous_producer_id", since(1))
        .tagged(0, since(1)),
    field<&transaction_log_value::next_producer_id>("next_producer_id", since(1))
        .tagged(1, since(1)),
    field<&transaction_log_value::producer_epoch>("producer_epoch", since(0)),
    field<&transaction_log_value::transaction_timeout_ms>("transaction_timeout_ms", since(0)),
    field<&transaction_log_value::transaction_status>("transaction_status", since(0)),
    field<&transaction_log_value::transaction_partitions>("transaction_partitions", since(0))
        .nullable(since(0)),
    field<&transaction_log_value::transaction_last_update_timestamp_ms>(
        "transaction_last_update_timestamp_ms", since(0)),
    field<&transaction_log_value::transaction_start_timestamp_ms>("transaction_start_timestamp_ms",
                                                                  since(0)),
    field<&transaction_log_value::client_transaction_version>("client_transaction_version",
                                                              since(1))
        .tagged(2, since(1)),
};

}  // namespace

constinit const message_schema transaction_log_key::schema =
    message<transaction_log_key>("TransactionLogKey",
                                 {.role = message_role::data, .versions = only(0)},
                                 transaction_log_key_fields);

constinit const struct_schema transaction_log_value::partitions_schema::schema =
    structure<partitions_schema>("PartitionsSchema", partitions_schema_fields);

constinit const message_schema transaction_log_value::schema = message<transaction_log_value>(
    "TransactionLogValue",
    {.role = message_role::data, .versions = between(0, 1), .flexible_since = 1},
    transaction_log_value_fields);

}  // namespace verdikt::kafka::messages
