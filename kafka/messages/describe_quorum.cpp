#include "kafka/messages/describe_quorum.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using describe_quorum_partition_data = describe_quorum_request::partition_data;
using describe_quorum_topic_data = describe_quorum_request::topic_data;
using replica_state = describe_quorum_response::replica_state;
using describe_quorum_response_partition_data = describe_quorum_response::partition_data;
using describe_quorum_response_topic_data = describe_quorum_response::topic_data;
using describe_quorum_listener = describe_quorum_response::listener;
using node = describe_quorum_response::node;

constexpr std::array describe_quorum_partition_data_fields{
    field<&describe_quorum_partition_data::partition_index>("partition_index", since(0)),
};

constexpr std::array describe_quorum_topic_data_fields{
    field<&describe_quorum_topic_data::topic_name>("topic_name", since(0)),
    field<&describe_quorum_topic_data::partitions>("partitions", since(0)),
};

constexpr std::array describe_quorum_request_fields{
    field<&describe_quorum_request::topics>("topics", since(0)),
};

constexpr std::array replica_state_fields{
    field<&replica_state::replica_id>("replica_id", since(0)),
    field<&replica_state::replica_directory_id>("replica_directory_id", since(2)),
    field<&replica_state::log_end_offset>("log_end_offset", since(0)),
    field<&replica_state::last_fetch_timestamp>("last_fetch_timestamp", since(1)).ignorable(),
    field<&replica_state::last_caught_up_timestamp>("last_caught_up_timestamp", since(1))
        .ignorable(),
};

constexpr std::array describe_quorum_response_partition_data_fields{
    field<&describe_quorum_response_partition_data::partition_index>("partition_index", since(0)),
    field<&describe_quorum_response_partition_data::error_code>("error_code", since(0)),
    field<&describe_quorum_response_partition_data::error_message>("error_message", since(2))
        .nullable(since(2))
        .ignorable(),
    field<&describe_quorum_response_partition_data::leader_id>("leader_id", since(0)),
    field<&describe_quorum_response_partition_data::leader_epoch>("leader_epoch", since(0)),
    field<&describe_quorum_response_partition_data::high_watermark>("high_watermark", since(0)),
    field<&describe_quorum_response_partition_data::current_voters>("current_voters", since(0)),
    field<&describe_quorum_response_partition_data::observers>("observers", since(0)),
};

constexpr std::array describe_quorum_response_topic_data_fields{
    field<&describe_quorum_response_topic_data::topic_name>("topic_name", since(0)),
    field<&describe_quorum_response_topic_data::partitions>("partitions", since(0)),
};

constexpr std::array describe_quorum_listener_fields{
    field<&describe_quorum_listener::name>("name", since(2)),
    field<&describe_quorum_listener::host>("host", since(2)),
    field<&describe_quorum_listener::port>("port", since(2)),
};

constexpr std::array node_fields{
    field<&node::node_id>("node_id", since(2)),
    field<&node::listeners>("listeners", since(2)),
};

constexpr std::array describe_quorum_response_fields{
    field<&describe_quorum_response::error_code>("error_code", since(0)),
    field<&describe_quorum_response::error_message>("error_message", since(2))
        .nullable(since(2))
        .ignorable(),
    field<&describe_quorum_response::topics>("topics", since(0)),
    field<&describe_quorum_response::nodes>("nodes", since(2)),
};

}  // namespace

constinit const struct_schema describe_quorum_request::partition_data::schema =
    structure<describe_quorum_partition_data>("PartitionData",
                                              describe_quorum_partition_data_fields);

constinit const struct_schema describe_quorum_request::topic_data::schema =
    structure<describe_quorum_topic_data>("TopicData", describe_quorum_topic_data_fields);

constinit const message_schema describe_quorum_request::schema =
    message<describe_quorum_request>("DescribeQuorumRequest",
                                     {.key = static_cast<std::int16_t>(api_key::describe_quorum),
                                      .role = message_role::request,
                                      .versions = between(0, 2),
                                      .flexible_since = 0},
                                     describe_quorum_request_fields);

constinit const struct_schema describe_quorum_response::replica_state::schema =
    structure<replica_state>("ReplicaState", replica_state_fields);

constinit const struct_schema describe_quorum_response::partition_data::schema =
    structure<describe_quorum_response_partition_data>(
        "PartitionData", describe_quorum_response_partition_data_fields);

constinit const struct_schema describe_quorum_response::topic_data::schema =
    structure<describe_quorum_response_topic_data>("TopicData",
                                                   describe_quorum_response_topic_data_fields);

constinit const struct_schema describe_quorum_response::listener::schema =
    structure<describe_quorum_listener>("Listener", describe_quorum_listener_fields);

constinit const struct_schema describe_quorum_response::node::schema =
    structure<node>("Node", node_fields);

constinit const message_schema describe_quorum_response::schema =
    message<describe_quorum_response>("DescribeQuorumResponse",
                                      {.key = static_cast<std::int16_t>(api_key::describe_quorum),
                                       .role = message_role::response,
                                       .versions = between(0, 2),
                                       .flexible_since = 0},
                                      describe_quorum_response_fields);

}  // namespace verdikt::kafka::messages
