#include "kafka/messages/offset_fetch.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using offset_fetch_request_topic = offset_fetch_request::offset_fetch_request_topic;
using offset_fetch_request_topics = offset_fetch_request::offset_fetch_request_topics;
using offset_fetch_request_group = offset_fetch_request::offset_fetch_request_group;
using offset_fetch_response_partition = offset_fetch_response::offset_fetch_response_partition;
using offset_fetch_response_topic = offset_fetch_response::offset_fetch_response_topic;
using offset_fetch_response_partitions = offset_fetch_response::offset_fetch_response_partitions;
using offset_fetch_response_topics = offset_fetch_response::offset_fetch_response_topics;
using offset_fetch_response_group = offset_fetch_response::offset_fetch_response_group;

constexpr std::array offset_fetch_request_topic_fields{
    field<&offset_fetch_request_topic::name>("name", between(0, 7)),
    field<&offset_fetch_request_topic::partition_indexes>("partition_indexes", between(0, 7)),
};

constexpr std::array offset_fetch_request_topics_fields{
    field<&offset_fetch_request_topics::name>("name", since(8)),
    field<&offset_fetch_request_topics::partition_indexes>("partition_indexes", since(8)),
};

constexpr std::array offset_fetch_request_group_fields{
    field<&offset_fetch_request_group::group_id>("group_id", since(8)),
    field<&offset_fetch_request_group::member_id>("member_id", since(9))
        .nullable(since(9))
        .ignorable(),
    field<&offset_fetch_request_group::member_epoch>("member_epoch", since(9)).ignorable(),
    field<&offset_fetch_request_group::topics>("topics", since(8)).nullable(since(8)),
};

constexpr std::array offset_fetch_request_fields{
    field<&offset_fetch_request::group_id>("group_id", between(0, 7)),
    field<&offset_fetch_request::topics>("topics", between(0, 7)).nullable(between(2, 7)),
    field<&offset_fetch_request::groups>("groups", since(8)),
    field<&offset_fetch_request::require_stable>("require_stable", since(7)),
};

constexpr std::array offset_fetch_response_partition_fields{
    field<&offset_fetch_response_partition::partition_index>("partition_index", between(0, 7)),
    field<&offset_fetch_response_partition::committed_offset>("committed_offset", between(0, 7)),
    field<&offset_fetch_response_partition::committed_leader_epoch>("committed_leader_epoch",
                                                                    between(5, 7))
        .ignorable(),
    field<&offset_fetch_response_partition::metadata>("metadata", between(0, 7))
        .nullable(between(0, 7)),
    field<&offset_fetch_response_partition::error_code>("error_code", between(0, 7)),
};

constexpr std::array offset_fetch_response_topic_fields{
    field<&offset_fetch_response_topic::name>("name", between(0, 7)),
    field<&offset_fetch_response_topic::partitions>("partitions", between(0, 7)),
};

constexpr std::array offset_fetch_response_partitions_fields{
    field<&offset_fetch_response_partitions::partition_index>("partition_index", since(8)),
    field<&offset_fetch_response_partitions::committed_offset>("committed_offset", since(8)),
    field<&offset_fetch_response_partitions::committed_leader_epoch>("committed_leader_epoch",
                                                                     since(8))
        .ignorable(),
    field<&offset_fetch_response_partitions::metadata>("metadata", since(8)).nullable(since(8)),
    field<&offset_fetch_response_partitions::error_code>("error_code", since(8)),
};

constexpr std::array offset_fetch_response_topics_fields{
    field<&offset_fetch_response_topics::name>("name", since(8)),
    field<&offset_fetch_response_topics::partitions>("partitions", since(8)),
};

constexpr std::array offset_fetch_response_group_fields{
    field<&offset_fetch_response_group::group_id>("group_id", since(8)),
    field<&offset_fetch_response_group::topics>("topics", since(8)),
    field<&offset_fetch_response_group::error_code>("error_code", since(8)),
};

constexpr std::array offset_fetch_response_fields{
    field<&offset_fetch_response::throttle_time_ms>("throttle_time_ms", since(3)).ignorable(),
    field<&offset_fetch_response::topics>("topics", between(0, 7)),
    field<&offset_fetch_response::error_code>("error_code", between(2, 7)).ignorable(),
    field<&offset_fetch_response::groups>("groups", since(8)),
};

}  // namespace

constinit const struct_schema offset_fetch_request::offset_fetch_request_topic::schema =
    structure<offset_fetch_request_topic>("OffsetFetchRequestTopic",
                                          offset_fetch_request_topic_fields);
constinit const struct_schema offset_fetch_request::offset_fetch_request_topics::schema =
    structure<offset_fetch_request_topics>("OffsetFetchRequestTopics",
                                           offset_fetch_request_topics_fields);
constinit const struct_schema offset_fetch_request::offset_fetch_request_group::schema =
    structure<offset_fetch_request_group>("OffsetFetchRequestGroup",
                                          offset_fetch_request_group_fields);

constinit const message_schema offset_fetch_request::schema =
    message<offset_fetch_request>("OffsetFetchRequest",
                                  {.key = static_cast<std::int16_t>(api_key::offset_fetch),
                                   .role = message_role::request,
                                   .versions = between(0, 9),
                                   .flexible_since = 6},
                                  offset_fetch_request_fields);

constinit const struct_schema offset_fetch_response::offset_fetch_response_partition::schema =
    structure<offset_fetch_response_partition>("OffsetFetchResponsePartition",
                                               offset_fetch_response_partition_fields);
constinit const struct_schema offset_fetch_response::offset_fetch_response_topic::schema =
    structure<offset_fetch_response_topic>("OffsetFetchResponseTopic",
                                           offset_fetch_response_topic_fields);
constinit const struct_schema offset_fetch_response::offset_fetch_response_partitions::schema =
    structure<offset_fetch_response_partitions>("OffsetFetchResponsePartitions",
                                                offset_fetch_response_partitions_fields);
constinit const struct_schema offset_fetch_response::offset_fetch_response_topics::schema =
    structure<offset_fetch_response_topics>("OffsetFetchResponseTopics",
                                            offset_fetch_response_topics_fields);
constinit const struct_schema offset_fetch_response::offset_fetch_response_group::schema =
    structure<offset_fetch_response_group>("OffsetFetchResponseGroup",
                                           offset_fetch_response_group_fields);

constinit const message_schema offset_fetch_response::schema =
    message<offset_fetch_response>("OffsetFetchResponse",
                                   {.key = static_cast<std::int16_t>(api_key::offset_fetch),
                                    .role = message_role::response,
                                    .versions = between(0, 9),
                                    .flexible_since = 6},
                                   offset_fetch_response_fields);

}  // namespace verdikt::kafka::messages
