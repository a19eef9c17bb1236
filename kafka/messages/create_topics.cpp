#include "kafka/messages/create_topics.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using creatable_replica_assignment = create_topics_request::creatable_replica_assignment;
using creatable_topic_config = create_topics_request::creatable_topic_config;
using creatable_topic = create_topics_request::creatable_topic;
using creatable_topic_configs = create_topics_response::creatable_topic_configs;
using creatable_topic_result = create_topics_response::creatable_topic_result;

constexpr std::array creatable_replica_assignment_fields{
    field<&creatable_replica_assignment::partition_index>("partition_index", since(0)),
    field<&creatable_replica_assignment::broker_ids>("broker_ids", since(0)),
};

constexpr std::array creatable_topic_config_fields{
    field<&creatable_topic_config::name>("name", since(0)),
    field<&creatable_topic_config::value>("value", since(0)).nullable(since(0)),
};

constexpr std::array creatable_topic_fields{
    field<&creatable_topic::name>("name", since(0)),
    field<&creatable_topic::num_partitions>("num_partitions", since(0)),
    field<&creatable_topic::replication_factor>("replication_factor", since(0)),
    field<&creatable_topic::assignments>("assignments", since(0)),
    field<&creatable_topic::configs>("configs", since(0)),
};

constexpr std::array create_topics_request_fields{
    field<&create_topics_request::topics>("topics", since(0)),
    field<&create_topics_request::timeout_ms>("timeout_ms", since(0)),
    field<&create_topics_request::validate_only>("validate_only", since(1)),
};

constexpr std::array creatable_topic_configs_fields{
    field<&creatable_topic_configs::name>("name", since(5)),
    field<&creatable_topic_configs::value>("value", since(5)).nullable(since(5)),
    field<&creatable_topic_configs::read_only>("read_only", since(5)),
    field<&creatable_topic_configs::config_source>("config_source", since(5)).ignorable(),
    field<&creatable_topic_configs::is_sensitive>("is_sensitive", since(5)),
};

constexpr std::array creatable_topic_result_fields{
    field<&creatable_topic_result::name>("name", since(0)),
    field<&creatable_topic_result::topic_id>("topic_id", since(7)).ignorable(),
    field<&creatable_topic_result::error_code>("error_code", since(0)),
    field<&creatable_topic_result::error_message>("error_message", since(1))
        .nullable(since(0))
        .ignorable(),
    field<&creatable_topic_result::topic_config_error_code>("topic_config_error_code", since(5))
        .tagged(0, since(5))
        .ignorable(),
    field<&creatable_topic_result::num_partitions>("num_partitions", since(5)).ignorable(),
    field<&creatable_topic_result::replication_factor>("replication_factor", since(5)).ignorable(),
    field<&creatable_topic_result::configs>("configs", since(5)).nullable(since(5)).ignorable(),
};

constexpr std::array create_topics_response_fields{
    field<&create_topics_response::throttle_time_ms>("throttle_time_ms", since(2)).ignorable(),
    field<&create_topics_response::topics>("topics", since(0)),
};

}  // namespace

constinit const struct_schema create_topics_request::creatable_replica_assignment::schema =
    structure<creatable_replica_assignment>("CreatableReplicaAssignment",
                                            creatable_replica_assignment_fields);
constinit const struct_schema create_topics_request::creatable_topic_config::schema =
    structure<creatable_topic_config>("CreatableTopicConfig", creatable_topic_config_fields);
constinit const struct_schema create_topics_request::creatable_topic::schema =
    structure<creatable_topic>("CreatableTopic", creatable_topic_fields);

constinit const message_schema create_topics_request::schema =
    message<create_topics_request>("CreateTopicsRequest",
                                   {.key = static_cast<std::int16_t>(api_key::create_topics),
                                    .role = message_role::request,
                                    .versions = between(0, 7),
                                    .flexible_since = 5},
                                   create_topics_request_fields);

constinit const struct_schema create_topics_response::creatable_topic_configs::schema =
    structure<creatable_topic_configs>("CreatableTopicConfigs", creatable_topic_configs_fields);
constinit const struct_schema create_topics_response::creatable_topic_result::schema =
    structure<creatable_topic_result>("CreatableTopicResult", creatable_topic_result_fields);

constinit const message_schema create_topics_response::schema =
    message<create_topics_response>("CreateTopicsResponse",
                                    {.key = static_cast<std::int16_t>(api_key::create_topics),
                                     .role = message_role::response,
                                     .versions = between(0, 7),
                                     .flexible_since = 5},
                                    create_topics_response_fields);

}  // namespace verdikt::kafka::messages
