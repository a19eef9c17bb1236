#include "kafka/messages/offset_commit.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using offset_commit_request_partition = offset_commit_request::offset_commit_request_partition;
using offset_commit_request_topic = offset_commit_request::offset_commit_request_topic;
using offset_commit_response_partition = offset_commit_response::offset_commit_response_partition;
using offset_commit_response_topic = offset_commit_response::offset_commit_response_topic;

constexpr std::array offset_commit_request_partition_fields{
    field<&offset_commit_request_partition::partition_index>("partition_index", since(0)),
    field<&offset_commit_request_partition::committed_offset>("committed_offset", since(0)),
    field<&offset_commit_request_partition::committed_leader_epoch>("committed_leader_epoch",
                                                                    since(6))
        .ignorable(),
    field<&offset_commit_request_partition::commit_timestamp>("commit_timestamp", only(1)),
    field<&offset_commit_request_partition::committed_metadata>("committed_metadata", since(0))
        .nullable(since(0)),
};

constexpr std::array offset_commit_request_topic_fields{
    field<&offset_commit_request_topic::name>("name", since(0)),
    field<&offset_commit_request_topic::partitions>("partitions", since(0)),
};

constexpr std::array offset_commit_request_fields{
    field<&offset_commit_request::group_id>("group_id", since(0)),
    field<&offset_commit_request::generation_id_or_member_epoch>("generation_id_or_member_epoch",
                                                                 since(1))
        .ignorable(),
    field<&offset_commit_request::member_id>("member_id", since(1)).ignorable(),
    field<&offset_commit_request::group_instance_id>("group_instance_id", since(7))
        .nullable(since(7)),
    field<&offset_commit_request::retention_time_ms>("retention_time_ms", between(2, 4))
        .ignorable(),
    field<&offset_commit_request::topics>("topics", since(0)),
};

constexpr std::array offset_commit_response_partition_fields{
    field<&offset_commit_response_partition::partition_index>("partition_index", since(0)),
    field<&offset_commit_response_partition::error_code>("error_code", since(0)),
};

constexpr std::array offset_commit_response_topic_fields{
    field<&offset_commit_response_topic::name>("name", since(0)),
    field<&offset_commit_response_topic::partitions>("partitions", since(0)),
};

constexpr std::array offset_commit_response_fields{
    field<&offset_commit_response::throttle_time_ms>("throttle_time_ms", since(3)).ignorable(),
    field<&offset_commit_response::topics>("topics", since(0)),
};

}  // namespace

constinit const struct_schema offset_commit_request::offset_commit_request_partition::schema =
    structure<offset_commit_request_partition>("OffsetCommitRequestPartition",
                                               offset_commit_request_partition_fields);
constinit const struct_schema offset_commit_request::offset_commit_request_topic::schema =
    structure<offset_commit_request_topic>("OffsetCommitRequestTopic",
                                           offset_commit_request_topic_fields);

constinit const message_schema offset_commit_request::schema =
    message<offset_commit_request>("OffsetCommitRequest",
                                   {.key = static_cast<std::int16_t>(api_key::offset_commit),
                                    .role = message_role::request,
                                    .versions = between(0, 9),
                                    .flexible_since = 8},
                                   offset_commit_request_fields);

constinit const struct_schema offset_commit_response::offset_commit_response_partition::schema =
    structure<offset_commit_response_partition>("OffsetCommitResponsePartition",
                                                offset_commit_response_partition_fields);
constinit const struct_schema offset_commit_response::offset_commit_response_topic::schema =
    structure<offset_commit_response_topic>("OffsetCommitResponseTopic",
                                            offset_commit_response_topic_fields);

constinit const message_schema offset_commit_response::schema =
    message<offset_commit_response>("OffsetCommitResponse",
                                    {.key = static_cast<std::int16_t>(api_key::offset_commit),
                                     .role = message_role::response,
                                     .versions = between(0, 9),
                                     .flexible_since = 8},
                                    offset_commit_response_fields);

}  // namespace verdikt::kafka::messages
