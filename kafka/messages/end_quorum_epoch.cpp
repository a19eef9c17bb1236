#include "kafka/messages/end_quorum_epoch.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using replica_info = end_quorum_epoch_request::replica_info;
using end_quorum_epoch_partition_data = end_quorum_epoch_request::partition_data;
using end_quorum_epoch_topic_data = end_quorum_epoch_request::topic_data;
using end_quorum_epoch_leader_endpoint = end_quorum_epoch_request::leader_endpoint;
using end_quorum_epoch_response_partition_data = end_quorum_epoch_response::partition_data;
using end_quorum_epoch_response_topic_data = end_quorum_epoch_response::topic_data;
using end_quorum_epoch_node_endpoint = end_quorum_epoch_response::node_endpoint;

constexpr std::array replica_info_fields{
    field<&replica_info::candidate_id>("candidate_id", since(1)),
    field<&replica_info::candidate_directory_id>("candidate_directory_id", since(1)),
};

constexpr std::array end_quorum_epoch_partition_data_fields{
    field<&end_quorum_epoch_partition_data::partition_index>("partition_index", since(0)),
    field<&end_quorum_epoch_partition_data::leader_id>("leader_id", since(0)),
    field<&end_quorum_epoch_partition_data::leader_epoch>("leader_epoch", since(0)),
    field<&end_quorum_epoch_partition_data::preferred_successors>("preferred_successors", only(0))
        .ignorable(),
    field<&end_quorum_epoch_partition_data::preferred_candidates>("preferred_candidates", since(1))
        .ignorable(),
};

constexpr std::array end_quorum_epoch_topic_data_fields{
    field<&end_quorum_epoch_topic_data::topic_name>("topic_name", since(0)),
    field<&end_quorum_epoch_topic_data::partitions>("partitions", since(0)),
};

constexpr std::array end_quorum_epoch_leader_endpoint_fields{
    field<&end_quorum_epoch_leader_endpoint::name>("name", since(1)),
    field<&end_quorum_epoch_leader_endpoint::host>("host", since(1)),
    field<&end_quorum_epoch_leader_endpoint::port>("port", since(1)),
};

constexpr std::array end_quorum_epoch_request_fields{
    field<&end_quorum_epoch_request::cluster_id>("cluster_id", since(0)).nullable(since(0)),
    field<&end_quorum_epoch_request::topics>("topics", since(0)),
    field<&end_quorum_epoch_request::leader_endpoints>("leader_endpoints", since(1)).ignorable(),
};

constexpr std::array end_quorum_epoch_response_partition_data_fields{
    field<&end_quorum_epoch_response_partition_data::partition_index>("partition_index", since(0)),
    field<&end_quorum_epoch_response_partition_data::error_code>("error_code", since(0)),
    field<&end_quorum_epoch_response_partition_data::leader_id>("leader_id", since(0)),
    field<&end_quorum_epoch_response_partition_data::leader_epoch>("leader_epoch", since(0)),
};

constexpr std::array end_quorum_epoch_response_topic_data_fields{
    field<&end_quorum_epoch_response_topic_data::topic_name>("topic_name", since(0)),
    field<&end_quorum_epoch_response_topic_data::partitions>("partitions", since(0)),
};

constexpr std::array end_quorum_epoch_node_endpoint_fields{
    field<&end_quorum_epoch_node_endpoint::node_id>("node_id", since(1)),
    field<&end_quorum_epoch_node_endpoint::host>("host", since(1)),
    field<&end_quorum_epoch_node_endpoint::port>("port", since(1)),
};

constexpr std::array end_quorum_epoch_response_fields{
    field<&end_quorum_epoch_response::error_code>("error_code", since(0)),
    field<&end_quorum_epoch_response::topics>("topics", since(0)),
    field<&end_quorum_epoch_response::node_endpoints>("node_endpoints", since(1))
        .tagged(0, since(1)),
};

}  // namespace

constinit const struct_schema end_quorum_epoch_request::replica_info::schema =
    structure<replica_info>("ReplicaInfo", replica_info_fields);

constinit const struct_schema end_quorum_epoch_request::partition_data::schema =
    structure<end_quorum_epoch_partition_data>("PartitionData",
                                               end_quorum_epoch_partition_data_fields);

constinit const struct_schema end_quorum_epoch_request::topic_data::schema =
    structure<end_quorum_epoch_topic_data>("TopicData", end_quorum_epoch_topic_data_fields);

constinit const struct_schema end_quorum_epoch_request::leader_endpoint::schema =
    structure<end_quorum_epoch_leader_endpoint>("LeaderEndpoint",
                                                end_quorum_epoch_leader_endpoint_fields);

constinit const message_schema end_quorum_epoch_request::schema =
    message<end_quorum_epoch_request>("EndQuorumEpochRequest",
                                      {.key = static_cast<std::int16_t>(api_key::end_quorum_epoch),
                                       .role = message_role::request,
                                       .versions = between(0, 1),
                                       .flexible_since = 1},
                                      end_quorum_epoch_request_fields);

constinit const struct_schema end_quorum_epoch_response::partition_data::schema =
    structure<end_quorum_epoch_response_partition_data>(
        "PartitionData", end_quorum_epoch_response_partition_data_fields);

constinit const struct_schema end_quorum_epoch_response::topic_data::schema =
    structure<end_quorum_epoch_response_topic_data>("TopicData",
                                                    end_quorum_epoch_response_topic_data_fields);

constinit const struct_schema end_quorum_epoch_response::node_endpoint::schema =
    structure<end_quorum_epoch_node_endpoint>("NodeEndpoint",
                                              end_quorum_epoch_node_endpoint_fields);

constinit const message_schema end_quorum_epoch_response::schema =
    message<end_quorum_epoch_response>("EndQuorumEpochResponse",
                                       {.key = static_cast<std::int16_t>(api_key::end_quorum_epoch),
                                        .role = message_role::response,
                                        .versions = between(0, 1),
                                        .flexible_since = 1},
                                       end_quorum_epoch_response_fields);

}  // namespace verdikt::kafka::messages
