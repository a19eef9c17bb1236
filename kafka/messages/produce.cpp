#include "kafka/messages/produce.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using partition_produce_data = produce_request::partition_produce_data;
using topic_produce_data = produce_request::topic_produce_data;
using batch_index_and_error_message = produce_response::batch_index_and_error_message;
using produce_leader_id_and_epoch = produce_response::leader_id_and_epoch;
using partition_produce_response = produce_response::partition_produce_response;
using topic_produce_response = produce_response::topic_produce_response;
using produce_node_endpoint = produce_response::node_endpoint;

constexpr std::array partition_produce_data_fields{
    field<&partition_produce_data::index>("index", since(0)),
    field<&partition_produce_data::records>("records", since(0)).nullable(since(0)),
};

constexpr std::array topic_produce_data_fields{
    field<&topic_produce_data::name>("name", since(0)),
    field<&topic_produce_data::partition_data>("partition_data", since(0)),
};

constexpr std::array produce_request_fields{
    field<&produce_request::transactional_id>("transactional_id", since(3)).nullable(since(3)),
    field<&produce_request::acks>("acks", since(0)),
    field<&produce_request::timeout_ms>("timeout_ms", since(0)),
    field<&produce_request::topic_data>("topic_data", since(0)),
};

constexpr std::array batch_index_and_error_message_fields{
    field<&batch_index_and_error_message::batch_index>("batch_index", since(8)),
    field<&batch_index_and_error_message::batch_index_error_message>("batch_index_error_message",
                                                                     since(8))
        .nullable(since(8)),
};

constexpr std::array produce_leader_id_and_epoch_fields{
    field<&produce_leader_id_and_epoch::leader_id>("leader_id", since(10)),
    field<&produce_leader_id_and_epoch::leader_epoch>("leader_epoch", since(10)),
};

constexpr std::array partition_produce_response_fields{
    field<&partition_produce_response::index>("index", since(0)),
    field<&partition_produce_response::error_code>("error_code", since(0)),
    field<&partition_produce_response::base_offset>("base_offset", since(0)),
    field<&partition_produce_response::log_append_time_ms>("log_append_time_ms", since(2))
        .ignorable(),
    field<&partition_produce_response::log_start_offset>("log_start_offset", since(5)).ignorable(),
    field<&partition_produce_response::record_errors>("record_errors", since(8)).ignorable(),
    field<&partition_produce_response::error_message>("error_message", since(8))
        .nullable(since(8))
        .ignorable(),
    field<&partition_produce_response::current_leader>("current_leader", since(10))
        .tagged(0, since(10)),
};

constexpr std::array topic_produce_response_fields{
    field<&topic_produce_response::name>("name", since(0)),
    field<&topic_produce_response::partition_responses>("partition_responses", since(0)),
};

constexpr std::array produce_node_endpoint_fields{
    field<&produce_node_endpoint::node_id>("node_id", since(10)),
    field<&produce_node_endpoint::host>("host", since(10)),
    field<&produce_node_endpoint::port>("port", since(10)),
    field<&produce_node_endpoint::rack>("rack", since(10)).nullable(since(10)),
};

constexpr std::array produce_response_fields{
    field<&produce_response::responses>("responses", since(0)),
    field<&produce_response::throttle_time_ms>("throttle_time_ms", since(1)).ignorable(),
    field<&produce_response::node_endpoints>("node_endpoints", since(10)).tagged(0, since(10)),
};

}  // namespace

constinit const struct_schema produce_request::partition_produce_data::schema =
    structure<partition_produce_data>("PartitionProduceData", partition_produce_data_fields);
constinit const struct_schema produce_request::topic_produce_data::schema =
    structure<topic_produce_data>("TopicProduceData", topic_produce_data_fields);

constinit const message_schema produce_request::schema =
    message<produce_request>("ProduceRequest",
                             {.key = static_cast<std::int16_t>(api_key::produce),
                              .role = message_role::request,
                              .versions = between(0, 12),
                              .flexible_since = 9},
                             produce_request_fields);

constinit const struct_schema produce_response::batch_index_and_error_message::schema =
    structure<batch_index_and_error_message>("BatchIndexAndErrorMessage",
                                             batch_index_and_error_message_fields);
constinit const struct_schema produce_response::leader_id_and_epoch::schema =
    structure<produce_leader_id_and_epoch>("LeaderIdAndEpoch", produce_leader_id_and_epoch_fields);
constinit const struct_schema produce_response::partition_produce_response::schema =
    structure<partition_produce_response>("PartitionProduceResponse",
                                          partition_produce_response_fields);
constinit const struct_schema produce_response::topic_produce_response::schema =
    structure<topic_produce_response>("TopicProduceResponse", topic_produce_response_fields);
constinit const struct_schema produce_response::node_endpoint::schema =
    structure<produce_node_endpoint>("NodeEndpoint", produce_node_endpoint_fields);

constinit const message_schema produce_response::schema =
    message<produce_response>("ProduceResponse",
                              {.key = static_cast<std::int16_t>(api_key::produce),
                               .role = message_role::response,
                               .versions = between(0, 12),
                               .flexible_since = 9},
                              produce_response_fields);

}  // namespace verdikt::kafka::messages
