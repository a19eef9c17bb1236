#include "kafka/messages/list_partition_reassignments.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using list_partition_reassignments_topics =
    list_partition_reassignments_request::list_partition_reassignments_topics;
using ongoing_partition_reassignment =
    list_partition_reassignments_response::ongoing_partition_reassignment;
using ongoing_topic_reassignment =
    list_partition_reassignments_response::ongoing_topic_reassignment;

constexpr std::array list_partition_reassignments_topics_fields{
    field<&list_partition_reassignments_topics::name>("name", since(0)),
    field<&list_partition_reassignments_topics::partition_indexes>("partition_indexes", since(0)),
};

constexpr std::array list_partition_reassignments_request_fields{
    field<&list_partition_reassignments_request::timeout_ms>("timeout_ms", since(0)),
    field<&list_partition_reassignments_request::topics>("topics", since(0)).nullable(since(0)),
};

constexpr std::array ongoing_partition_reassignment_fields{
    field<&ongoing_partition_reassignment::partition_index>("partition_index", since(0)),
    field<&ongoing_partition_reassignment::replicas>("replicas", since(0)),
    field<&ongoing_partition_reassignment::adding_replicas>("adding_replicas", since(0)),
    field<&ongoing_partition_reassignment::removing_replicas>("removing_replicas", since(0)),
};

constexpr std::array ongoing_topic_reassignment_fields{
    field<&ongoing_topic_reassignment::name>("name", since(0)),
    field<&ongoing_topic_reassignment::partitions>("partitions", since(0)),
};

constexpr std::array list_partition_reassignments_response_fields{
    field<&list_partition_reassignments_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&list_partition_reassignments_response::error_code>("error_code", since(0)),
    field<&list_partition_reassignments_response::error_message>("error_message", since(0))
        .nullable(since(0)),
    field<&list_partition_reassignments_response::topics>("topics", since(0)),
};

}  // namespace

constinit const struct_schema
    list_partition_reassignments_request::list_partition_reassignments_topics::schema =
        structure<list_partition_reassignments_topics>("ListPartitionReassignmentsTopics",
                                                       list_partition_reassignments_topics_fields);

constinit const message_schema list_partition_reassignments_request::schema =
    message<list_partition_reassignments_request>(
        "ListPartitionReassignmentsRequest",
        {.key = static_cast<std::int16_t>(api_key::list_partition_reassignments),
         .role = message_role::request,
         .versions = only(0),
         .flexible_since = 0},
        list_partition_reassignments_request_fields);

constinit const struct_schema
    list_partition_reassignments_response::ongoing_partition_reassignment::schema =
        structure<ongoing_partition_reassignment>("OngoingPartitionReassignment",
                                                  ongoing_partition_reassignment_fields);

constinit const struct_schema
    list_partition_reassignments_response::ongoing_topic_reassignment::schema =
        structure<ongoing_topic_reassignment>("OngoingTopicReassignment",
                                              ongoing_topic_reassignment_fields);

constinit const message_schema list_partition_reassignments_response::schema =
    message<list_partition_reassignments_response>(
        "ListPartitionReassignmentsResponse",
        {.key = static_cast<std::int16_t>(api_key::list_partition_reassignments),
         .role = message_role::response,
         .versions = only(0),
         .flexible_since = 0},
        list_partition_reassignments_response_fields);

}  // namespace verdikt::kafka::messages
