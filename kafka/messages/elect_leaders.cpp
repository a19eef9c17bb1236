#include "kafka/messages/elect_leaders.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using election_topic = elect_leaders_request::election_topic;
using election_result = elect_leaders_response::election_result;
using replica_election_result = elect_leaders_response::replica_election_result;

constexpr std::array election_topic_fields{
    field<&election_topic::topic>("topic", since(0)),
    field<&election_topic::partitions>("partitions", since(0)),
};

constexpr std::array elect_leaders_request_fields{
    field<&elect_leaders_request::election_type>("election_type", since(1)),
    field<&elect_leaders_request::topic_partitions>("topic_partitions", since(0))
        .nullable(since(0)),
    field<&elect_leaders_request::timeout_ms>("timeout_ms", since(0)),
};

constexpr std::array election_result_fields{
    field<&election_result::partition_id>("partition_id", since(0)),
    field<&election_result::error_code>("error_code", since(0)),
    field<&election_result::error_message>("error_message", since(0)).nullable(since(0)),
};

constexpr std::array replica_election_result_fields{
    field<&replica_election_result::topic>("topic", since(0)),
    field<&replica_election_result::partition_result>("partition_result", since(0)),
};

constexpr std::array elect_leaders_response_fields{
    field<&elect_leaders_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&elect_leaders_response::error_code>("error_code", since(1)),
    field<&elect_leaders_response::replica_election_results>("replica_election_results", since(0)),
};

}  // namespace

constinit const struct_schema elect_leaders_request::election_topic::schema =
    structure<election_topic>("TopicPartitions", election_topic_fields);

constinit const message_schema elect_leaders_request::schema =
    message<elect_leaders_request>("ElectLeadersRequest",
                                   {.key = static_cast<std::int16_t>(api_key::elect_leaders),
                                    .role = message_role::request,
                                    .versions = between(0, 2),
                                    .flexible_since = 2},
                                   elect_leaders_request_fields);

constinit const struct_schema elect_leaders_response::election_result::schema =
    structure<election_result>("PartitionResult", election_result_fields);

constinit const struct_schema elect_leaders_response::replica_election_result::schema =
    structure<replica_election_result>("ReplicaElectionResult", replica_election_result_fields);

constinit const message_schema elect_leaders_response::schema =
    message<elect_leaders_response>("ElectLeadersResponse",
                                    {.key = static_cast<std::int16_t>(api_key::elect_leaders),
                                     .role = message_role::response,
                                     .versions = between(0, 2),
                                     .flexible_since = 2},
                                    elect_leaders_response_fields);

}  // namespace verdikt::kafka::messages
