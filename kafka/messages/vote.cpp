#include "kafka/messages/vote.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using vote_partition_data = vote_request::partition_data;
using vote_topic_data = vote_request::topic_data;
using vote_response_partition_data = vote_response::partition_data;
using vote_response_topic_data = vote_response::topic_data;
using vote_node_endpoint = vote_response::node_endpoint;

constexpr std::array vote_partition_data_fields{
    field<&vote_partition_data::partition_index>("partition_index", since(0)),
    field<&vote_partition_data::candidate_epoch>("candidate_epoch", since(0)),
    field<&vote_partition_data::candidate_id>("candidate_id", since(0)),
    field<&vote_partition_data::candidate_directory_id>("candidate_directory_id", since(1))
        .ignorable(),
    field<&vote_partition_data::voter_directory_id>("voter_directory_id", since(1)).ignorable(),
    field<&vote_partition_data::last_offset_epoch>("last_offset_epoch", since(0)),
    field<&vote_partition_data::last_offset>("last_offset", since(0)),
    field<&vote_partition_data::pre_vote>("pre_vote", since(2)),
};

constexpr std::array vote_topic_data_fields{
    field<&vote_topic_data::topic_name>("topic_name", since(0)),
    field<&vote_topic_data::partitions>("partitions", since(0)),
};

constexpr std::array vote_request_fields{
    field<&vote_request::cluster_id>("cluster_id", since(0)).nullable(since(0)),
    field<&vote_request::voter_id>("voter_id", since(1)).ignorable(),
    field<&vote_request::topics>("topics", since(0)),
};

constexpr std::array vote_response_partition_data_fields{
    field<&vote_response_partition_data::partition_index>("partition_index", since(0)),
    field<&vote_response_partition_data::error_code>("error_code", since(0)),
    field<&vote_response_partition_data::leader_id>("leader_id", since(0)),
    field<&vote_response_partition_data::leader_epoch>("leader_epoch", since(0)),
    field<&vote_response_partition_data::vote_granted>("vote_granted", since(0)),
};

constexpr std::array vote_response_topic_data_fields{
    field<&vote_response_topic_data::topic_name>("topic_name", since(0)),
    field<&vote_response_topic_data::partitions>("partitions", since(0)),
};

constexpr std::array vote_node_endpoint_fields{
    field<&vote_node_endpoint::node_id>("node_id", since(1)),
    field<&vote_node_endpoint::host>("host", since(1)),
    field<&vote_node_endpoint::port>("port", since(1)),
};

constexpr std::array vote_response_fields{
    field<&vote_response::error_code>("error_code", since(0)),
    field<&vote_response::topics>("topics", since(0)),
    field<&vote_response::node_endpoints>("node_endpoints", since(1)).tagged(0, since(1)),
};

}  // namespace

constinit const struct_schema vote_request::partition_data::schema =
    structure<vote_partition_data>("PartitionData", vote_partition_data_fields);

constinit const struct_schema vote_request::topic_data::schema =
    structure<vote_topic_data>("TopicData", vote_topic_data_fields);

constinit const message_schema vote_request::schema =
    message<vote_request>("VoteRequest",
                          {.key = static_cast<std::int16_t>(api_key::vote),
                           .role = message_role::request,
                           .versions = between(0, 2),
                           .flexible_since = 0},
                          vote_request_fields);

constinit const struct_schema vote_response::partition_data::schema =
    structure<vote_response_partition_data>("PartitionData", vote_response_partition_data_fields);

constinit const struct_schema vote_response::topic_data::schema =
    structure<vote_response_topic_data>("TopicData", vote_response_topic_data_fields);

constinit const struct_schema vote_response::node_endpoint::schema =
    structure<vote_node_endpoint>("NodeEndpoint", vote_node_endpoint_fields);

constinit const message_schema vote_response::schema =
    message<vote_response>("VoteResponse",
                           {.key = static_cast<std::int16_t>(api_key::vote),
                            .role = message_role::response,
                            .versions = between(0, 2),
                            .flexible_since = 0},
                           vote_response_fields);

}  // namespace verdikt::kafka::messages
