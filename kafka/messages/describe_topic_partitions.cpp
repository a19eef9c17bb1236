#include "kafka/messages/describe_topic_partitions.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using describe_topic_partitions_topic_request = describe_topic_partitions_request::topic_request;
using describe_topic_partitions_response_partition =
    describe_topic_partitions_response::describe_topic_partitions_response_partition;
using describe_topic_partitions_response_topic =
    describe_topic_partitions_response::describe_topic_partitions_response_topic;

constexpr std::array describe_topic_partitions_topic_request_fields{
    field<&describe_topic_partitions_topic_request::name>("name", since(0)),
};

constexpr std::array topic_cursor_fields{
    field<&topic_cursor::topic_name>("topic_name", since(0)),
    field<&topic_cursor::partition_index>("partition_index", since(0)),
};

constexpr std::array describe_topic_partitions_request_fields{
    field<&describe_topic_partitions_request::topics>("topics", since(0)),
    field<&describe_topic_partitions_request::response_partition_limit>("response_partition_limit",
                                                                        since(0)),
    field<&describe_topic_partitions_request::cursor>("cursor", since(0)).nullable(since(0)),
};

constexpr std::array describe_topic_partitions_response_partition_fields{
    field<&describe_topic_partitions_response_partition::error_code>("error_code", since(0)),
    field<&describe_topic_partitions_response_partition::partition_index>("partition_index",
                                                                          since(0)),
    field<&describe_topic_partitions_response_partition::leader_id>("leader_id", since(0)),
    field<&describe_topic_partitions_response_partition::leader_epoch>("leader_epoch", since(0))
        .ignorable(),
    field<&describe_topic_partitions_response_partition::replica_nodes>("replica_nodes", since(0)),
    field<&describe_topic_partitions_response_partition::isr_nodes>("isr_nodes", since(0)),
    field<&describe_topic_partitions_response_partition::eligible_leader_replicas>(
        "eligible_leader_replicas", since(0))
        .nullable(since(0)),
    field<&describe_topic_partitions_response_partition::last_known_elr>("last_known_elr", since(0))
        .nullable(since(0)),
    field<&describe_topic_partitions_response_partition::offline_replicas>("offline_replicas",
                                                                           since(0))
        .ignorable(),
};

constexpr std::array describe_topic_partitions_response_topic_fields{
    field<&describe_topic_partitions_response_topic::error_code>("error_code", since(0)),
    field<&describe_topic_partitions_response_topic::name>("name", since(0)).nullable(since(0)),
    field<&describe_topic_partitions_response_topic::topic_id>("topic_id", since(0)).ignorable(),
    field<&describe_topic_partitions_response_topic::is_internal>("is_internal", since(0))
        .ignorable(),
    field<&describe_topic_partitions_response_topic::partitions>("partitions", since(0)),
    field<&describe_topic_partitions_response_topic::topic_authorized_operations>(
        "topic_authorized_operations", since(0)),
};

constexpr std::array describe_topic_partitions_response_fields{
    field<&describe_topic_partitions_response::throttle_time_ms>("throttle_time_ms", since(0))
        .ignorable(),
    field<&describe_topic_partitions_response::topics>("topics", since(0)),
    field<&describe_topic_partitions_response::next_cursor>("next_cursor", since(0))
        .nullable(since(0)),
};

}  // namespace

constinit const struct_schema describe_topic_partitions_request::topic_request::schema =
    structure<describe_topic_partitions_topic_request>(
        "TopicRequest", describe_topic_partitions_topic_request_fields);

constinit const struct_schema topic_cursor::schema =
    structure<topic_cursor>("Cursor", topic_cursor_fields);

constinit const message_schema describe_topic_partitions_request::schema =
    message<describe_topic_partitions_request>(
        "DescribeTopicPartitionsRequest",
        {.key = static_cast<std::int16_t>(api_key::describe_topic_partitions),
         .role = message_role::request,
         .versions = only(0),
         .flexible_since = 0},
        describe_topic_partitions_request_fields);

constinit const struct_schema
    describe_topic_partitions_response::describe_topic_partitions_response_partition::schema =
        structure<describe_topic_partitions_response_partition>(
            "DescribeTopicPartitionsResponsePartition",
            describe_topic_partitions_response_partition_fields);

constinit const struct_schema
    describe_topic_partitions_response::describe_topic_partitions_response_topic::schema =
        structure<describe_topic_partitions_response_topic>(
            "DescribeTopicPartitionsResponseTopic",
            describe_topic_partitions_response_topic_fields);

constinit const message_schema describe_topic_partitions_response::schema =
    message<describe_topic_partitions_response>(
        "DescribeTopicPartitionsResponse",
        {.key = static_cast<std::int16_t>(api_key::describe_topic_partitions),
         .role = message_role::response,
         .versions = only(0),
         .flexible_since = 0},
        describe_topic_partitions_response_fields);

}  // namespace verdikt::kafka::messages
