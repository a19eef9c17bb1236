#include "kafka/messages/txn_offset_commit.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using txn_offset_commit_request_partition =
    txn_offset_commit_request::txn_offset_commit_request_partition;
using txn_offset_commit_request_topic = txn_offset_commit_request::txn_offset_commit_request_topic;
using txn_offset_commit_response_partition =
    txn_offset_commit_response::txn_offset_commit_response_partition;
using txn_offset_commit_response_topic =
    txn_offset_commit_response::txn_offset_commit_response_topic;

constexpr std::array txn_offset_commit_request_partition_fields{
    field<&txn_offset_commit_request_partition::partition_index>("partition_index", since(0)),
    field<&txn_offset_commit_request_partition::committed_offset>("committed_offset", since(0)),
    field<&txn_offset_commit_request_partition::committed_leader_epoch>("committed_leader_epoch",
                                                                        since(2))
        .ignorable(),
    field<&txn_offset_commit_request_partition::committed_metadata>("committed_metadata", since(0))
        .nullable(since(0)),
};

constexpr std::array txn_offset_commit_request_topic_fields{
    field<&txn_offset_commit_request_topic::name>("name", since(0)),
    field<&txn_offset_commit_request_topic::partitions>("partitions", since(0)),
};

constexpr std::array txn_offset_commit_request_fields{
    field<&txn_offset_commit_request::transactional_id>("transactional_id", since(0)),
    field<&txn_offset_commit_request::group_id>("group_id", since(0)),
    field<&txn_offset_commit_request::producer_id>("producer_id", since(0)),
    field<&txn_offset_commit_request::producer_epoch>("producer_epoch", since(0)),
    field<&txn_offset_commit_request::generation_id>("generation_id", since(3)),
    field<&txn_offset_commit_request::member_id>("member_id", since(3)),
    field<&txn_offset_commit_request::group_instance_id>("group_instance_id", since(3))
        .nullable(since(3)),
    field<&txn_offset_commit_request::topics>("topics", since(0)),
};

constexpr std::array txn_offset_commit_response_partition_fields{
    field<&txn_offset_commit_response_partition::partition_index>("partition_index", since(0)),
    field<&txn_offset_commit_response_partition::error_code>("error_code", since(0)),
};

constexpr std::array txn_offset_commit_response_topic_fields{
    field<&txn_offset_commit_response_topic::name>("name", since(0)),
    field<&txn_offset_commit_response_topic::partitions>("partitions", since(0)),
};

constexpr std::array txn_offset_commit_response_fields{
    field<&txn_offset_commit_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&txn_offset_commit_response::topics>("topics", since(0)),
};

}  // namespace

constinit const struct_schema
    txn_offset_commit_request::txn_offset_commit_request_partition::schema =
        structure<txn_offset_commit_request_partition>("TxnOffsetCommitRequestPartition",
                                                       txn_offset_commit_request_partition_fields);
constinit const struct_schema txn_offset_commit_request::txn_offset_commit_request_topic::schema =
    structure<txn_offset_commit_request_topic>("TxnOffsetCommitRequestTopic",
                                               txn_offset_commit_request_topic_fields);

constinit const message_schema txn_offset_commit_request::schema =
    message<txn_offset_commit_request>(
        "TxnOffsetCommitRequest",
        {.key = static_cast<std::int16_t>(api_key::txn_offset_commit),
         .role = message_role::request,
         .versions = between(0, 5),
         .flexible_since = 3},
        txn_offset_commit_request_fields);

constinit const struct_schema
    txn_offset_commit_response::txn_offset_commit_response_partition::schema =
        structure<txn_offset_commit_response_partition>(
            "TxnOffsetCommitResponsePartition", txn_offset_commit_response_partition_fields);
constinit const struct_schema txn_offset_commit_response::txn_offset_commit_response_topic::schema =
    structure<txn_offset_commit_response_topic>("TxnOffsetCommitResponseTopic",
                                                txn_offset_commit_response_topic_fields);

constinit const message_schema txn_offset_commit_response::schema =
    message<txn_offset_commit_response>(
        "TxnOffsetCommitResponse",
        {.key = static_cast<std::int16_t>(api_key::txn_offset_commit),
         .role = message_role::response,
         .versions = between(0, 5),
         .flexible_since = 3},
        txn_offset_commit_response_fields);

}  // namespace verdikt::kafka::messages
