#include "kafka/messages/describe_cluster.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using describe_cluster_broker = describe_cluster_response::describe_cluster_broker;

constexpr std::array describe_cluster_request_fields{
    field<&describe_cluster_request::include_cluster_authorized_operations>(
        "include_cluster_authorized_operations", since(0)),
    field<&describe_cluster_request::endpoint_type>("endpoint_type", since(1)),
};

constexpr std::array describe_cluster_broker_fields{
    field<&describe_cluster_broker::broker_id>("broker_id", since(0)),
    field<&describe_cluster_broker::host>("host", since(0)),
    field<&describe_cluster_broker::port>("port", since(0)),
    field<&describe_cluster_broker::rack>("rack", since(0)).nullable(since(0)),
};

constexpr std::array describe_cluster_response_fields{
    field<&describe_cluster_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&describe_cluster_response::error_code>("error_code", since(0)),
    field<&describe_cluster_response::error_message>("error_message", since(0)).nullable(since(0)),
    field<&describe_cluster_response::endpoint_type>("endpoint_type", since(1)),
    field<&describe_cluster_response::cluster_id>("cluster_id", since(0)),
    field<&describe_cluster_response::controller_id>("controller_id", since(0)),
    field<&describe_cluster_response::brokers>("brokers", since(0)),
    field<&describe_cluster_response::cluster_authorized_operations>(
        "cluster_authorized_operations", since(0)),
};

}  // namespace

constinit const message_schema describe_cluster_request::schema =
    message<describe_cluster_request>("DescribeClusterRequest",
                                      {.key = static_cast<std::int16_t>(api_key::describe_cluster),
                                       .role = message_role::request,
                                       .versions = between(0, 1),
                                       .flexible_since = 0},
                                      describe_cluster_request_fields);

constinit const struct_schema describe_cluster_response::describe_cluster_broker::schema =
    structure<describe_cluster_broker>("DescribeClusterBroker", describe_cluster_broker_fields);

constinit const message_schema describe_cluster_response::schema =
    message<describe_cluster_response>("DescribeClusterResponse",
                                       {.key = static_cast<std::int16_t>(api_key::describe_cluster),
                                        .role = message_role::response,
                                        .versions = between(0, 1),
                                        .flexible_since = 0},
                                       describe_cluster_response_fields);

}  // namespace verdikt::kafka::messages
