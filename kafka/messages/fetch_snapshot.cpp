#include "kafka/messages/fetch_snapshot.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using fetch_snapshot_snapshot_id_type = fetch_snapshot_request::snapshot_id_type;
using partition_snapshot = fetch_snapshot_request::partition_snapshot;
using topic_snapshot = fetch_snapshot_request::topic_snapshot;
using response_snapshot_id_type = fetch_snapshot_response::snapshot_id_type;
using fetch_snapshot_leader_id_and_epoch = fetch_snapshot_response::leader_id_and_epoch;
using response_partition_snapshot = fetch_snapshot_response::partition_snapshot;
using response_topic_snapshot = fetch_snapshot_response::topic_snapshot;
using fetch_snapshot_node_endpoint = fetch_snapshot_response::node_endpoint;

constexpr std::array fetch_snapshot_snapshot_id_type_fields{
    field<&fetch_snapshot_snapshot_id_type::end_offset>("end_offset", since(0)),
    field<&fetch_snapshot_snapshot_id_type::epoch>("epoch", since(0)),
};

constexpr std::array partition_snapshot_fields{
    field<&partition_snapshot::partition>("partition", since(0)),
    field<&partition_snapshot::current_leader_epoch>("current_leader_epoch", since(0)),
    field<&partition_snapshot::snapshot_id>("snapshot_id", since(0)),
    field<&partition_snapshot::position>("position", since(0)),
    field<&partition_snapshot::replica_directory_id>("replica_directory_id", since(1))
        .tagged(0, since(1))
        .ignorable(),
};

constexpr std::array topic_snapshot_fields{
    field<&topic_snapshot::name>("name", since(0)),
    field<&topic_snapshot::partitions>("partitions", since(0)),
};

constexpr std::array fetch_snapshot_request_fields{
    field<&fetch_snapshot_request::cluster_id>("cluster_id", since(0))
        .nullable(since(0))
        .tagged(0, since(0)),
    field<&fetch_snapshot_request::replica_id>("replica_id", since(0)),
    field<&fetch_snapshot_request::max_bytes>("max_bytes", since(0)),
    field<&fetch_snapshot_request::topics>("topics", since(0)),
};

constexpr std::array response_snapshot_id_type_fields{
    field<&response_snapshot_id_type::end_offset>("end_offset", since(0)),
    field<&response_snapshot_id_type::epoch>("epoch", since(0)),
};

constexpr std::array fetch_snapshot_leader_id_and_epoch_fields{
    field<&fetch_snapshot_leader_id_and_epoch::leader_id>("leader_id", since(0)),
    field<&fetch_snapshot_leader_id_and_epoch::leader_epoch>("leader_epoch", since(0)),
};

constexpr std::array response_partition_snapshot_fields{
    field<&response_partition_snapshot::index>("index", since(0)),
    field<&response_partition_snapshot::error_code>("error_code", since(0)),
    field<&response_partition_snapshot::snapshot_id>("snapshot_id", since(0)),
    field<&response_partition_snapshot::current_leader>("current_leader", since(0))
        .tagged(0, since(0)),
    field<&response_partition_snapshot::size>("size", since(0)),
    field<&response_partition_snapshot::position>("position", since(0)),
    field<&response_partition_snapshot::unaligned_records>("unaligned_records", since(0)),
};

constexpr std::array response_topic_snapshot_fields{
    field<&response_topic_snapshot::name>("name", since(0)),
    field<&response_topic_snapshot::partitions>("partitions", since(0)),
};

constexpr std::array fetch_snapshot_node_endpoint_fields{
    field<&fetch_snapshot_node_endpoint::node_id>("node_id", since(1)),
    field<&fetch_snapshot_node_endpoint::host>("host", since(1)),
    field<&fetch_snapshot_node_endpoint::port>("port", since(1)),
};

constexpr std::array fetch_snapshot_response_fields{
    field<&fetch_snapshot_response::throttle_time_ms>("throttle_time_ms", since(0)).ignorable(),
    field<&fetch_snapshot_response::error_code>("error_code", since(0)),
    field<&fetch_snapshot_response::topics>("topics", since(0)),
    field<&fetch_snapshot_response::node_endpoints>("node_endpoints", since(1)).tagged(0, since(1)),
};

}  // namespace

constinit const struct_schema fetch_snapshot_request::snapshot_id_type::schema =
    structure<fetch_snapshot_snapshot_id_type>("SnapshotId",
                                               fetch_snapshot_snapshot_id_type_fields);

constinit const struct_schema fetch_snapshot_request::partition_snapshot::schema =
    structure<partition_snapshot>("PartitionSnapshot", partition_snapshot_fields);

constinit const struct_schema fetch_snapshot_request::topic_snapshot::schema =
    structure<topic_snapshot>("TopicSnapshot", topic_snapshot_fields);

constinit const message_schema fetch_snapshot_request::schema =
    message<fetch_snapshot_request>("FetchSnapshotRequest",
                                    {.key = static_cast<std::int16_t>(api_key::fetch_snapshot),
                                     .role = message_role::request,
                                     .versions = between(0, 1),
                                     .flexible_since = 0},
                                    fetch_snapshot_request_fields);

constinit const struct_schema fetch_snapshot_response::snapshot_id_type::schema =
    structure<response_snapshot_id_type>("SnapshotId", response_snapshot_id_type_fields);

constinit const struct_schema fetch_snapshot_response::leader_id_and_epoch::schema =
    structure<fetch_snapshot_leader_id_and_epoch>("LeaderIdAndEpoch",
                                                  fetch_snapshot_leader_id_and_epoch_fields);

constinit const struct_schema fetch_snapshot_response::partition_snapshot::schema =
    structure<response_partition_snapshot>("PartitionSnapshot", response_partition_snapshot_fields);

constinit const struct_schema fetch_snapshot_response::topic_snapshot::schema =
    structure<response_topic_snapshot>("TopicSnapshot", response_topic_snapshot_fields);

constinit const struct_schema fetch_snapshot_response::node_endpoint::schema =
    structure<fetch_snapshot_node_endpoint>("NodeEndpoint", fetch_snapshot_node_endpoint_fields);

constinit const message_schema fetch_snapshot_response::schema =
    message<fetch_snapshot_response>("FetchSnapshotResponse",
                                     {.key = static_cast<std::int16_t>(api_key::fetch_snapshot),
                                      .role = message_role::response,
                                      .versions = between(0, 1),
                                      .flexible_since = 0},
                                     fetch_snapshot_response_fields);

}  // namespace verdikt::kafka::messages
