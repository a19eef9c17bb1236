#include "kafka/messages/metadata.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using metadata_request_topic = metadata_request::metadata_request_topic;
using metadata_response_broker = metadata_response::metadata_response_broker;
using metadata_response_partition = metadata_response::metadata_response_partition;
using metadata_response_topic = metadata_response::metadata_response_topic;

constexpr std::array metadata_request_topic_fields{
    field<&metadata_request_topic::topic_id>("topic_id", since(10)).ignorable(),
    field<&metadata_request_topic::name>("name", since(0)).nullable(since(10)),
};

constexpr std::array metadata_request_fields{
    field<&metadata_request::topics>("topics", since(0)).nullable(since(1)),
    field<&metadata_request::allow_auto_topic_creation>("allow_auto_topic_creation", since(4)),
    field<&metadata_request::include_cluster_authorized_operations>(
        "include_cluster_authorized_operations", between(8, 10)),
    field<&metadata_request::include_topic_authorized_operations>(
        "include_topic_authorized_operations", since(8)),
};

constexpr std::array metadata_response_broker_fields{
    field<&metadata_response_broker::node_id>("node_id", since(0)),
    field<&metadata_response_broker::host>("host", since(0)),
    field<&metadata_response_broker::port>("port", since(0)),
    field<&metadata_response_broker::rack>("rack", since(1)).nullable(since(1)).ignorable(),
};

constexpr std::array metadata_response_partition_fields{
    field<&metadata_response_partition::error_code>("error_code", since(0)),
    field<&metadata_response_partition::partition_index>("partition_index", since(0)),
    field<&metadata_response_partition::leader_id>("leader_id", since(0)),
    field<&metadata_response_partition::leader_epoch>("leader_epoch", since(7)).ignorable(),
    field<&metadata_response_partition::replica_nodes>("replica_nodes", since(0)),
    field<&metadata_response_partition::isr_nodes>("isr_nodes", since(0)),
    field<&metadata_response_partition::offline_replicas>("offline_replicas", since(5)).ignorable(),
};

constexpr std::array metadata_response_topic_fields{
    field<&metadata_response_topic::error_code>("error_code", since(0)),
    field<&metadata_response_topic::name>("name", since(0)).nullable(since(12)),
    field<&metadata_response_topic::topic_id>("topic_id", since(10)).ignorable(),
    field<&metadata_response_topic::is_internal>("is_internal", since(1)).ignorable(),
    field<&metadata_response_topic::partitions>("partitions", since(0)),
    field<&metadata_response_topic::topic_authorized_operations>("topic_authorized_operations",
                                                                 since(8)),
};

constexpr std::array metadata_response_fields{
    field<&metadata_response::throttle_time_ms>("throttle_time_ms", since(3)).ignorable(),
    field<&metadata_response::brokers>("brokers", since(0)),
    field<&metadata_response::cluster_id>("cluster_id", since(2)).nullable(since(2)).ignorable(),
    field<&metadata_response::controller_id>("controller_id", since(1)).ignorable(),
    field<&metadata_response::topics>("topics", since(0)),
    field<&metadata_response::cluster_authorized_operations>("cluster_authorized_operations",
                                                             between(8, 10)),
};

}  // namespace

constinit const struct_schema metadata_request::metadata_request_topic::schema =
    structure<metadata_request_topic>("MetadataRequestTopic", metadata_request_topic_fields);

constinit const message_schema metadata_request::schema =
    message<metadata_request>("MetadataRequest",
                              {.key = static_cast<std::int16_t>(api_key::metadata),
                               .role = message_role::request,
                               .versions = between(0, 12),
                               .flexible_since = 9},
                              metadata_request_fields);

constinit const struct_schema metadata_response::metadata_response_broker::schema =
    structure<metadata_response_broker>("MetadataResponseBroker", metadata_response_broker_fields);
constinit const struct_schema metadata_response::metadata_response_partition::schema =
    structure<metadata_response_partition>("MetadataResponsePartition",
                                           metadata_response_partition_fields);
constinit const struct_schema metadata_response::metadata_response_topic::schema =
    structure<metadata_response_topic>("MetadataResponseTopic", metadata_response_topic_fields);

constinit const message_schema metadata_response::schema =
    message<metadata_response>("MetadataResponse",
                               {.key = static_cast<std::int16_t>(api_key::metadata),
                                .role = message_role::response,
                                .versions = between(0, 12),
                                .flexible_since = 9},
                               metadata_response_fields);

}  // namespace verdikt::kafka::messages
