#include "kafka/messages/offset_for_leader_epoch.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using offset_for_leader_partition = offset_for_leader_epoch_request::offset_for_leader_partition;
using offset_for_leader_topic = offset_for_leader_epoch_request::offset_for_leader_topic;
using offset_for_leader_epoch_epoch_end_offset = offset_for_leader_epoch_response::epoch_end_offset;
using offset_for_leader_topic_result =
    offset_for_leader_epoch_response::offset_for_leader_topic_result;

constexpr std::array offset_for_leader_partition_fields{
    field<&offset_for_leader_partition::partition>("partition", since(0)),
    field<&offset_for_leader_partition::current_leader_epoch>("current_leader_epoch", since(2))
        .ignorable(),
    field<&offset_for_leader_partition::leader_epoch>("leader_epoch", since(0)),
};

constexpr std::array offset_for_leader_topic_fields{
    field<&offset_for_leader_topic::topic>("topic", since(0)),
    field<&offset_for_leader_topic::partitions>("partitions", since(0)),
};

constexpr std::array offset_for_leader_epoch_request_fields{
    field<&offset_for_leader_epoch_request::replica_id>("replica_id", since(3)).ignorable(),
    field<&offset_for_leader_epoch_request::topics>("topics", since(0)),
};

constexpr std::array offset_for_leader_epoch_epoch_end_offset_fields{
    field<&offset_for_leader_epoch_epoch_end_offset::error_code>("error_code", since(0)),
    field<&offset_for_leader_epoch_epoch_end_offset::partition>("partition", since(0)),
    field<&offset_for_leader_epoch_epoch_end_offset::leader_epoch>("leader_epoch", since(1))
        .ignorable(),
    field<&offset_for_leader_epoch_epoch_end_offset::end_offset>("end_offset", since(0)),
};

constexpr std::array offset_for_leader_topic_result_fields{
    field<&offset_for_leader_topic_result::topic>("topic", since(0)),
    field<&offset_for_leader_topic_result::partitions>("partitions", since(0)),
};

constexpr std::array offset_for_leader_epoch_response_fields{
    field<&offset_for_leader_epoch_response::throttle_time_ms>("throttle_time_ms", since(2))
        .ignorable(),
    field<&offset_for_leader_epoch_response::topics>("topics", since(0)),
};

}  // namespace

constinit const struct_schema offset_for_leader_epoch_request::offset_for_leader_partition::schema =
    structure<offset_for_leader_partition>("OffsetForLeaderPartition",
                                           offset_for_leader_partition_fields);
constinit const struct_schema offset_for_leader_epoch_request::offset_for_leader_topic::schema =
    structure<offset_for_leader_topic>("OffsetForLeaderTopic", offset_for_leader_topic_fields);

constinit const message_schema offset_for_leader_epoch_request::schema =
    message<offset_for_leader_epoch_request>(
        "OffsetForLeaderEpochRequest",
        {.key = static_cast<std::int16_t>(api_key::offset_for_leader_epoch),
         .role = message_role::request,
         .versions = between(0, 4),
         .flexible_since = 4},
        offset_for_leader_epoch_request_fields);

constinit const struct_schema offset_for_leader_epoch_response::epoch_end_offset::schema =
    structure<offset_for_leader_epoch_epoch_end_offset>(
        "EpochEndOffset", offset_for_leader_epoch_epoch_end_offset_fields);
constinit const struct_schema
    offset_for_leader_epoch_response::offset_for_leader_topic_result::schema =
        structure<offset_for_leader_topic_result>("OffsetForLeaderTopicResult",
                                                  offset_for_leader_topic_result_fields);

constinit const message_schema offset_for_leader_epoch_response::schema =
    message<offset_for_leader_epoch_response>(
        "OffsetForLeaderEpochResponse",
        {.key = static_cast<std::int16_t>(api_key::offset_for_leader_epoch),
         .role = message_role::response,
         .versions = between(0, 4),
         .flexible_since = 4},
        offset_for_leader_epoch_response_fields);

}  // namespace verdikt::kafka::messages
