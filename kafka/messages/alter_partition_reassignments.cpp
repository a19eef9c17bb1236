#include "kafka/messages/alter_partition_reassignments.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using reassignable_partition = alter_partition_reassignments_request::reassignable_partition;
using reassignable_topic = alter_partition_reassignments_request::reassignable_topic;
using reassignable_partition_response =
    alter_partition_reassignments_response::reassignable_partition_response;
using reassignable_topic_response =
    alter_partition_reassignments_response::reassignable_topic_response;

constexpr std::array reassignable_partition_fields{
    field<&reassignable_partition::partition_index>("partition_index", since(0)),
    field<&reassignable_partition::replicas>("replicas", since(0)).nullable(since(0)),
};

constexpr std::array reassignable_topic_fields{
    field<&reassignable_topic::name>("name", since(0)),
    field<&reassignable_topic::partitions>("partitions", since(0)),
};

constexpr std::array alter_partition_reassignments_request_fields{
    field<&alter_partition_reassignments_request::timeout_ms>("timeout_ms", since(0)),
    field<&alter_partition_reassignments_request::topics>("topics", since(0)),
};

constexpr std::array reassignable_partition_response_fields{
    field<&reassignable_partition_response::partition_index>("partition_index", since(0)),
    field<&reassignable_partition_response::error_code>("error_code", since(0)),
    field<&reassignable_partition_response::error_message>("error_message", since(0))
        .nullable(since(0)),
};

constexpr std::array reassignable_topic_response_fields{
    field<&reassignable_topic_response::name>("name", since(0)),
    field<&reassignable_topic_response::partitions>("partitions", since(0)),
};

constexpr std::array alter_partition_reassignments_response_fields{
    field<&alter_partition_reassignments_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&alter_partition_reassignments_response::error_code>("error_code", since(0)),
    field<&alter_partition_reassignments_response::error_message>("error_message", since(0))
        .nullable(since(0)),
    field<&alter_partition_reassignments_response::responses>("responses", since(0)),
};

}  // namespace

constinit const struct_schema
    alter_partition_reassignments_request::reassignable_partition::schema =
        structure<reassignable_partition>("ReassignablePartition", reassignable_partition_fields);

constinit const struct_schema alter_partition_reassignments_request::reassignable_topic::schema =
    structure<reassignable_topic>("ReassignableTopic", reassignable_topic_fields);

constinit const message_schema alter_partition_reassignments_request::schema =
    message<alter_partition_reassignments_request>(
        "AlterPartitionReassignmentsRequest",
        {.key = static_cast<std::int16_t>(api_key::alter_partition_reassignments),
         .role = message_role::request,
         .versions = only(0),
         .flexible_since = 0},
        alter_partition_reassignments_request_fields);

constinit const struct_schema
    alter_partition_reassignments_response::reassignable_partition_response::schema =
        structure<reassignable_partition_response>("ReassignablePartitionResponse",
                                                   reassignable_partition_response_fields);

constinit const struct_schema
    alter_partition_reassignments_response::reassignable_topic_response::schema =
        structure<reassignable_topic_response>("ReassignableTopicResponse",
                                               reassignable_topic_response_fields);

constinit const message_schema alter_partition_reassignments_response::schema =
    message<alter_partition_reassignments_response>(
        "AlterPartitionReassignmentsResponse",
        {.key = static_cast<std::int16_t>(api_key::alter_partition_reassignments),
         .role = message_role::response,
         .versions = only(0),
         .flexible_since = 0},
        alter_partition_reassignments_response_fields);

}  // namespace verdikt::kafka::messages
