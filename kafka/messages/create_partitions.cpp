#include "kafka/messages/create_partitions.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using create_partitions_assignment = create_partitions_request::create_partitions_assignment;
using create_partitions_topic = create_partitions_request::create_partitions_topic;
using create_partitions_topic_result = create_partitions_response::create_partitions_topic_result;

constexpr std::array create_partitions_assignment_fields{
    field<&create_partitions_assignment::broker_ids>("broker_ids", since(0)),
};

constexpr std::array create_partitions_topic_fields{
    field<&create_partitions_topic::name>("name", since(0)),
    field<&create_partitions_topic::count>("count", since(0)),
    field<&create_partitions_topic::assignments>("assignments", since(0)).nullable(since(0)),
};

constexpr std::array create_partitions_request_fields{
    field<&create_partitions_request::topics>("topics", since(0)),
    field<&create_partitions_request::timeout_ms>("timeout_ms", since(0)),
    field<&create_partitions_request::validate_only>("validate_only", since(0)),
};

constexpr std::array create_partitions_topic_result_fields{
    field<&create_partitions_topic_result::name>("name", since(0)),
    field<&create_partitions_topic_result::error_code>("error_code", since(0)),
    field<&create_partitions_topic_result::error_message>("error_message", since(0))
        .nullable(since(0)),
};

constexpr std::array create_partitions_response_fields{
    field<&create_partitions_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&create_partitions_response::results>("results", since(0)),
};

}  // namespace

constinit const struct_schema create_partitions_request::create_partitions_assignment::schema =
    structure<create_partitions_assignment>("CreatePartitionsAssignment",
                                            create_partitions_assignment_fields);
constinit const struct_schema create_partitions_request::create_partitions_topic::schema =
    structure<create_partitions_topic>("CreatePartitionsTopic", create_partitions_topic_fields);

constinit const message_schema create_partitions_request::schema =
    message<create_partitions_request>(
        "CreatePartitionsRequest",
        {.key = static_cast<std::int16_t>(api_key::create_partitions),
         .role = message_role::request,
         .versions = between(0, 3),
         .flexible_since = 2},
        create_partitions_request_fields);

constinit const struct_schema create_partitions_response::create_partitions_topic_result::schema =
    structure<create_partitions_topic_result>("CreatePartitionsTopicResult",
                                              create_partitions_topic_result_fields);

constinit const message_schema create_partitions_response::schema =
    message<create_partitions_response>(
        "CreatePartitionsResponse",
        {.key = static_cast<std::int16_t>(api_key::create_partitions),
         .role = message_role::response,
         .versions = between(0, 3),
         .flexible_since = 2},
        create_partitions_response_fields);

}  // namespace verdikt::kafka::messages
