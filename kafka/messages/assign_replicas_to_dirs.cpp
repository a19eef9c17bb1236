#include "kafka/messages/assign_replicas_to_dirs.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using assign_replicas_to_dirs_requested_partition_data =
    assign_replicas_to_dirs_request::partition_data;
using assign_replicas_to_dirs_requested_topic_data = assign_replicas_to_dirs_request::topic_data;
using requested_directory_data = assign_replicas_to_dirs_request::directory_data;
using assign_replicas_to_dirs_answered_partition_data =
    assign_replicas_to_dirs_response::partition_data;
using assign_replicas_to_dirs_answered_topic_data = assign_replicas_to_dirs_response::topic_data;
using answered_directory_data = assign_replicas_to_dirs_response::directory_data;

constexpr std::array assign_replicas_to_dirs_requested_partition_data_fields{
    field<&assign_replicas_to_dirs_requested_partition_data::partition_index>("partition_index",
                                                                              since(0)),
};

constexpr std::array assign_replicas_to_dirs_requested_topic_data_fields{
    field<&assign_replicas_to_dirs_requested_topic_data::topic_id>("topic_id", since(0)),
    field<&assign_replicas_to_dirs_requested_topic_data::partitions>("partitions", since(0)),
};

constexpr std::array requested_directory_data_fields{
    field<&requested_directory_data::id>("id", since(0)),
    field<&requested_directory_data::topics>("topics", since(0)),
};

constexpr std::array assign_replicas_to_dirs_request_fields{
    field<&assign_replicas_to_dirs_request::broker_id>("broker_id", since(0)),
    field<&assign_replicas_to_dirs_request::broker_epoch>("broker_epoch", since(0)),
    field<&assign_replicas_to_dirs_request::directories>("directories", since(0)),
};

constexpr std::array assign_replicas_to_dirs_answered_partition_data_fields{
    field<&assign_replicas_to_dirs_answered_partition_data::partition_index>("partition_index",
                                                                             since(0)),
    field<&assign_replicas_to_dirs_answered_partition_data::error_code>("error_code", since(0)),
};

constexpr std::array assign_replicas_to_dirs_answered_topic_data_fields{
    field<&assign_replicas_to_dirs_answered_topic_data::topic_id>("topic_id", since(0)),
    field<&assign_replicas_to_dirs_answered_topic_data::partitions>("partitions", since(0)),
};

constexpr std::array answered_directory_data_fields{
    field<&answered_directory_data::id>("id", since(0)),
    field<&answered_directory_data::topics>("topics", since(0)),
};

constexpr std::array assign_replicas_to_dirs_response_fields{
    field<&assign_replicas_to_dirs_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&assign_replicas_to_dirs_response::error_code>("error_code", since(0)),
    field<&assign_replicas_to_dirs_response::directories>("directories", since(0)),
};

}  // namespace

constinit const struct_schema assign_replicas_to_dirs_request::partition_data::schema =
    structure<assign_replicas_to_dirs_requested_partition_data>(
        "PartitionData", assign_replicas_to_dirs_requested_partition_data_fields);

constinit const struct_schema assign_replicas_to_dirs_request::topic_data::schema =
    structure<assign_replicas_to_dirs_requested_topic_data>(
        "TopicData", assign_replicas_to_dirs_requested_topic_data_fields);

constinit const struct_schema assign_replicas_to_dirs_request::directory_data::schema =
    structure<requested_directory_data>("DirectoryData", requested_directory_data_fields);

constinit const message_schema assign_replicas_to_dirs_request::schema =
    message<assign_replicas_to_dirs_request>(
        "AssignReplicasToDirsRequest",
        {.key = static_cast<std::int16_t>(api_key::assign_replicas_to_dirs),
         .role = message_role::request,
         .versions = only(0),
         .flexible_since = 0},
        assign_replicas_to_dirs_request_fields);

constinit const struct_schema assign_replicas_to_dirs_response::partition_data::schema =
    structure<assign_replicas_to_dirs_answered_partition_data>(
        "PartitionData", assign_replicas_to_dirs_answered_partition_data_fields);

constinit const struct_schema assign_replicas_to_dirs_response::topic_data::schema =
    structure<assign_replicas_to_dirs_answered_topic_data>(
        "TopicData", assign_replicas_to_dirs_answered_topic_data_fields);

constinit const struct_schema assign_replicas_to_dirs_response::directory_data::schema =
    structure<answered_directory_data>("DirectoryData", answered_directory_data_fields);

constinit const message_schema assign_replicas_to_dirs_response::schema =
    message<assign_replicas_to_dirs_response>(
        "AssignReplicasToDirsResponse",
        {.key = static_cast<std::int16_t>(api_key::assign_replicas_to_dirs),
         .role = message_role::response,
         .versions = only(0),
         .flexible_since = 0},
        assign_replicas_to_dirs_response_fields);

}  // namespace verdikt::kafka::messages
