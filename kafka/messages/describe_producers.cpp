#include "kafka/messages/describe_producers.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using describe_producers_topic_request = describe_producers_request::topic_request;
using producer_state = describe_producers_response::producer_state;
using partition_response = describe_producers_response::partition_response;
using topic_response = describe_producers_response::topic_response;

constexpr std::array describe_producers_topic_request_fields{
    field<&describe_producers_topic_request::name>("name", since(0)),
    field<&describe_producers_topic_request::partition_indexes>("partition_indexes", since(0)),
};

constexpr std::array describe_producers_request_fields{
    field<&describe_producers_request::topics>("topics", since(0)),
};

constexpr std::array producer_state_fields{
    field<&producer_state::producer_id>("producer_id", since(0)),
    field<&producer_state::producer_epoch>("producer_epoch", since(0)),
    field<&producer_state::last_sequence>("last_sequence", since(0)),
    field<&producer_state::last_timestamp>("last_timestamp", since(0)),
    field<&producer_state::coordinator_epoch>("coordinator_epoch", since(0)),
    field<&producer_state::current_txn_start_offset>("current_txn_start_offset", since(0)),
};

constexpr std::array partition_response_fields{
    field<&partition_response::partition_index>("partition_index", since(0)),
    field<&partition_response::error_code>("error_code", since(0)),
    field<&partition_response::error_message>("error_message", since(0)).nullable(since(0)),
    field<&partition_response::active_producers>("active_producers", since(0)),
};

constexpr std::array topic_response_fields{
    field<&topic_response::name>("name", since(0)),
    field<&topic_response::partitions>("partitions", since(0)),
};

constexpr std::array describe_producers_response_fields{
    field<&describe_producers_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&describe_producers_response::topics>("topics", since(0)),
};

}  // namespace

constinit const struct_schema describe_producers_request::topic_request::schema =
    structure<describe_producers_topic_request>("TopicRequest",
                                                describe_producers_topic_request_fields);

constinit const message_schema describe_producers_request::schema =
    message<describe_producers_request>(
        "DescribeProducersRequest",
        {.key = static_cast<std::int16_t>(api_key::describe_producers),
         .role = message_role::request,
         .versions = only(0),
         .flexible_since = 0},
        describe_producers_request_fields);

constinit const struct_schema describe_producers_response::producer_state::schema =
    structure<producer_state>("ProducerState", producer_state_fields);
constinit const struct_schema describe_producers_response::partition_response::schema =
    structure<partition_response>("PartitionResponse", partition_response_fields);
constinit const struct_schema describe_producers_response::topic_response::schema =
    structure<topic_response>("TopicResponse", topic_response_fields);

constinit const message_schema describe_producers_response::schema =
    message<describe_producers_response>(
        "DescribeProducersResponse",
        {.key = static_cast<std::int16_t>(api_key::describe_producers),
         .role = message_role::response,
         .versions = only(0),
         .flexible_since = 0},
        describe_producers_response_fields);

}  // namespace verdikt::kafka::messages
