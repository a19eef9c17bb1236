#include "kafka/messages/fetch.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using replica_state_type = fetch_request::replica_state_type;
using fetch_partition = fetch_request::fetch_partition;
using fetch_topic = fetch_request::fetch_topic;
using forgotten_topic = fetch_request::forgotten_topic;
using fetch_epoch_end_offset = fetch_response::epoch_end_offset;
using fetch_leader_id_and_epoch = fetch_response::leader_id_and_epoch;
using fetch_snapshot_id_type = fetch_response::snapshot_id_type;
using aborted_transaction = fetch_response::aborted_transaction;
using fetch_partition_data = fetch_response::partition_data;
using fetchable_topic_response = fetch_response::fetchable_topic_response;
using fetch_node_endpoint = fetch_response::node_endpoint;

constexpr std::array replica_state_type_fields{
    field<&replica_state_type::replica_id>("replica_id", since(15)),
    field<&replica_state_type::replica_epoch>("replica_epoch", since(15)),
};

constexpr std::array fetch_partition_fields{
    field<&fetch_partition::partition>("partition", since(0)),
    field<&fetch_partition::current_leader_epoch>("current_leader_epoch", since(9)).ignorable(),
    field<&fetch_partition::fetch_offset>("fetch_offset", since(0)),
    field<&fetch_partition::last_fetched_epoch>("last_fetched_epoch", since(12)),
    field<&fetch_partition::log_start_offset>("log_start_offset", since(5)).ignorable(),
    field<&fetch_partition::partition_max_bytes>("partition_max_bytes", since(0)),
    field<&fetch_partition::replica_directory_id>("replica_directory_id", since(17))
        .tagged(0, since(17))
        .ignorable(),
};

constexpr std::array fetch_topic_fields{
    field<&fetch_topic::topic>("topic", between(0, 12)).ignorable(),
    field<&fetch_topic::topic_id>("topic_id", since(13)).ignorable(),
    field<&fetch_topic::partitions>("partitions", since(0)),
};

constexpr std::array forgotten_topic_fields{
    field<&forgotten_topic::topic>("topic", between(7, 12)).ignorable(),
    field<&forgotten_topic::topic_id>("topic_id", since(13)).ignorable(),
    field<&forgotten_topic::partitions>("partitions", since(7)),
};

constexpr std::array fetch_request_fields{
    field<&fetch_request::cluster_id>("cluster_id", since(12))
        .nullable(since(12))
        .tagged(0, since(12))
        .ignorable(),
    field<&fetch_request::replica_id>("replica_id", between(0, 14)),
    field<&fetch_request::replica_state>("replica_state", since(15)).tagged(1, since(15)),
    field<&fetch_request::max_wait_ms>("max_wait_ms", since(0)),
    field<&fetch_request::min_bytes>("min_bytes", since(0)),
    field<&fetch_request::max_bytes>("max_bytes", since(3)).ignorable(),
    field<&fetch_request::isolation_level>("isolation_level", since(4)).ignorable(),
    field<&fetch_request::session_id>("session_id", since(7)).ignorable(),
    field<&fetch_request::session_epoch>("session_epoch", since(7)).ignorable(),
    field<&fetch_request::topics>("topics", since(0)),
    field<&fetch_request::forgotten_topics_data>("forgotten_topics_data", since(7)),
    field<&fetch_request::rack_id>("rack_id", since(11)).ignorable(),
};

constexpr std::array fetch_epoch_end_offset_fields{
    field<&fetch_epoch_end_offset::epoch>("epoch", since(12)),
    field<&fetch_epoch_end_offset::end_offset>("end_offset", since(12)),
};

constexpr std::array fetch_leader_id_and_epoch_fields{
    field<&fetch_leader_id_and_epoch::leader_id>("leader_id", since(12)),
    field<&fetch_leader_id_and_epoch::leader_epoch>("leader_epoch", since(12)),
};

constexpr std::array fetch_snapshot_id_type_fields{
    field<&fetch_snapshot_id_type::end_offset>("end_offset", since(0)),
    field<&fetch_snapshot_id_type::epoch>("epoch", since(0)),
};

constexpr std::array aborted_transaction_fields{
    field<&aborted_transaction::producer_id>("producer_id", since(4)),
    field<&aborted_transaction::first_offset>("first_offset", since(4)),
};

constexpr std::array fetch_partition_data_fields{
    field<&fetch_partition_data::partition_index>("partition_index", since(0)),
    field<&fetch_partition_data::error_code>("error_code", since(0)),
    field<&fetch_partition_data::high_watermark>("high_watermark", since(0)),
    field<&fetch_partition_data::last_stable_offset>("last_stable_offset", since(4)).ignorable(),
    field<&fetch_partition_data::log_start_offset>("log_start_offset", since(5)).ignorable(),
    field<&fetch_partition_data::diverging_epoch>("diverging_epoch", since(12))
        .tagged(0, since(12)),
    field<&fetch_partition_data::current_leader>("current_leader", since(12)).tagged(1, since(12)),
    field<&fetch_partition_data::snapshot_id>("snapshot_id", since(12)).tagged(2, since(12)),
    field<&fetch_partition_data::aborted_transactions>("aborted_transactions", since(4))
        .nullable(since(4))
        .ignorable(),
    field<&fetch_partition_data::preferred_read_replica>("preferred_read_replica", since(11)),
    field<&fetch_partition_data::records>("records", since(0)).nullable(since(0)),
};

constexpr std::array fetchable_topic_response_fields{
    field<&fetchable_topic_response::topic>("topic", between(0, 12)).ignorable(),
    field<&fetchable_topic_response::topic_id>("topic_id", since(13)).ignorable(),
    field<&fetchable_topic_response::partitions>("partitions", since(0)),
};

constexpr std::array fetch_node_endpoint_fields{
    field<&fetch_node_endpoint::node_id>("node_id", since(16)),
    field<&fetch_node_endpoint::host>("host", since(16)),
    field<&fetch_node_endpoint::port>("port", since(16)),
    field<&fetch_node_endpoint::rack>("rack", since(16)).nullable(since(16)),
};

constexpr std::array fetch_response_fields{
    field<&fetch_response::throttle_time_ms>("throttle_time_ms", since(1)).ignorable(),
    field<&fetch_response::error_code>("error_code", since(7)).ignorable(),
    field<&fetch_response::session_id>("session_id", since(7)),
    field<&fetch_response::responses>("responses", since(0)),
    field<&fetch_response::node_endpoints>("node_endpoints", since(16)).tagged(0, since(16)),
};

}  // namespace

constinit const struct_schema fetch_request::replica_state_type::schema =
    structure<replica_state_type>("ReplicaState", replica_state_type_fields);
constinit const struct_schema fetch_request::fetch_partition::schema =
    structure<fetch_partition>("FetchPartition", fetch_partition_fields);
constinit const struct_schema fetch_request::fetch_topic::schema =
    structure<fetch_topic>("FetchTopic", fetch_topic_fields);
constinit const struct_schema fetch_request::forgotten_topic::schema =
    structure<forgotten_topic>("ForgottenTopic", forgotten_topic_fields);

constinit const message_schema fetch_request::schema =
    message<fetch_request>("FetchRequest",
                           {.key = static_cast<std::int16_t>(api_key::fetch),
                            .role = message_role::request,
                            .versions = between(0, 17),
                            .flexible_since = 12},
                           fetch_request_fields);

constinit const struct_schema fetch_response::epoch_end_offset::schema =
    structure<fetch_epoch_end_offset>("EpochEndOffset", fetch_epoch_end_offset_fields);
constinit const struct_schema fetch_response::leader_id_and_epoch::schema =
    structure<fetch_leader_id_and_epoch>("LeaderIdAndEpoch", fetch_leader_id_and_epoch_fields);
constinit const struct_schema fetch_response::snapshot_id_type::schema =
    structure<fetch_snapshot_id_type>("SnapshotId", fetch_snapshot_id_type_fields);
constinit const struct_schema fetch_response::aborted_transaction::schema =
    structure<aborted_transaction>("AbortedTransaction", aborted_transaction_fields);
constinit const struct_schema fetch_response::partition_data::schema =
    structure<fetch_partition_data>("PartitionData", fetch_partition_data_fields);
constinit const struct_schema fetch_response::fetchable_topic_response::schema =
    structure<fetchable_topic_response>("FetchableTopicResponse", fetchable_topic_response_fields);
constinit const struct_schema fetch_response::node_endpoint::schema =
    structure<fetch_node_endpoint>("NodeEndpoint", fetch_node_endpoint_fields);

constinit const message_schema fetch_response::schema =
    message<fetch_response>("FetchResponse",
                            {.key = static_cast<std::int16_t>(api_key::fetch),
                             .role = message_role::response,
                             .versions = between(0, 17),
                             .flexible_since = 12},
                            fetch_response_fields);

}  // namespace verdikt::kafka::messages
