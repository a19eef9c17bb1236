#include "kafka/messages/begin_quorum_epoch.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using begin_quorum_epoch_partition_data = begin_quorum_epoch_request::partition_data;
using begin_quorum_epoch_topic_data = begin_quorum_epoch_request::topic_data;
using begin_quorum_epoch_leader_endpoint = begin_quorum_epoch_request::leader_endpoint;
using begin_quorum_epoch_response_partition_data = begin_quorum_epoch_response::partition_data;
using begin_quorum_epoch_response_topic_data = begin_quorum_epoch_response::topic_data;
using begin_quorum_epoch_node_endpoint = begin_quorum_epoch_response::node_endpoint;

constexpr std::array begin_quorum_epoch_partition_data_fields{
    field<&begin_quorum_epoch_partition_data::partition_index>("partition_index", since(0)),
    field<&begin_quorum_epoch_partition_data::voter_directory_id>("voter_directory_id", since(1))
        .ignorable(),
    field<&begin_quorum_epoch_partition_data::leader_id>("leader_id", since(0)),
    field<&begin_quorum_epoch_partition_data::leader_epoch>("leader_epoch", since(0)),
};

constexpr std::array begin_quorum_epoch_topic_data_fields{
    field<&begin_quorum_epoch_topic_data::topic_name>("topic_name", since(0)),
    field<&begin_quorum_epoch_topic_data::partitions>("partitions", since(0)),
};

constexpr std::array begin_quorum_epoch_leader_endpoint_fields{
    field<&begin_quorum_epoch_leader_endpoint::name>("name", since(1)),
    field<&begin_quorum_epoch_leader_endpoint::host>("host", since(1)),
    field<&begin_quorum_epoch_leader_endpoint::port>("port", since(1)),
};

constexpr std::array begin_quorum_epoch_request_fields{
    field<&begin_quorum_epoch_request::cluster_id>("cluster_id", since(0)).nullable(since(0)),
    field<&begin_quorum_epoch_request::voter_id>("voter_id", since(1)).ignorable(),
    field<&begin_quorum_epoch_request::topics>("topics", since(0)),
    field<&begin_quorum_epoch_request::leader_endpoints>("leader_endpoints", since(1)).ignorable(),
};

constexpr std::array begin_quorum_epoch_response_partition_data_fields{
    field<&begin_quorum_epoch_response_partition_data::partition_index>("partition_index",
                                                                        since(0)),
    field<&begin_quorum_epoch_response_partition_data::error_code>("error_code", since(0)),
    field<&begin_quorum_epoch_response_partition_data::leader_id>("leader_id", since(0)),
    field<&begin_quorum_epoch_response_partition_data::leader_epoch>("leader_epoch", since(0)),
};

constexpr std::array begin_quorum_epoch_response_topic_data_fields{
    field<&begin_quorum_epoch_response_topic_data::topic_name>("topic_name", since(0)),
    field<&begin_quorum_epoch_response_topic_data::partitions>("partitions", since(0)),
};

constexpr std::array begin_quorum_epoch_node_endpoint_fields{
    field<&begin_quorum_epoch_node_endpoint::node_id>("node_id", since(1)),
    field<&begin_quorum_epoch_node_endpoint::host>("host", since(1)),
    field<&begin_quorum_epoch_node_endpoint::port>("port", since(1)),
};

constexpr std::array begin_quorum_epoch_response_fields{
    field<&begin_quorum_epoch_response::error_code>("error_code", since(0)),
    field<&begin_quorum_epoch_response::topics>("topics", since(0)),
    field<&begin_quorum_epoch_response::node_endpoints>("node_endpoints", since(1))
        .tagged(0, since(1)),
};

}  // namespace

constinit const struct_schema begin_quorum_epoch_request::partition_data::schema =
    structure<begin_quorum_epoch_partition_data>("PartitionData",
                                                 begin_quorum_epoch_partition_data_fields);

constinit const struct_schema begin_quorum_epoch_request::topic_data::schema =
    structure<begin_quorum_epoch_topic_data>("TopicData", begin_quorum_epoch_topic_data_fields);

constinit const struct_schema begin_quorum_epoch_request::leader_endpoint::schema =
    structure<begin_quorum_epoch_leader_endpoint>("LeaderEndpoint",
                                                  begin_quorum_epoch_leader_endpoint_fields);

constinit const message_schema begin_quorum_epoch_request::schema =
    message<begin_quorum_epoch_request>(
        "BeginQuorumEpochRequest",
        {.key = static_cast<std::int16_t>(api_key::begin_quorum_epoch),
         .role = message_role::request,
         .versions = between(0, 1),
         .flexible_since = 1},
        begin_quorum_epoch_request_fields);

constinit const struct_schema begin_quorum_epoch_response::partition_data::schema =
    structure<begin_quorum_epoch_response_partition_data>(
        "PartitionData", begin_quorum_epoch_response_partition_data_fields);

constinit const struct_schema begin_quorum_epoch_response::topic_data::schema =
    structure<begin_quorum_epoch_response_topic_data>(
        "TopicData", begin_quorum_epoch_response_topic_data_fields);

constinit const struct_schema begin_quorum_epoch_response::node_endpoint::schema =
    structure<begin_quorum_epoch_node_endpoint>("NodeEndpoint",
                                                begin_quorum_epoch_node_endpoint_fields);

constinit const message_schema begin_quorum_epoch_response::schema =
    message<begin_quorum_epoch_response>(
        "BeginQuorumEpochResponse",
        {.key = static_cast<std::int16_t>(api_key::begin_quorum_epoch),
         .role = message_role::response,
         .versions = between(0, 1),
         .flexible_since = 1},
        begin_quorum_epoch_response_fields);

}  // namespace verdikt::kafka::messages
