#include "kafka/messages/list_offsets.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using list_offsets_partition = list_offsets_request::list_offsets_partition;
using list_offsets_topic = list_offsets_request::list_offsets_topic;
using list_offsets_partition_response = list_offsets_response::list_offsets_partition_response;
using list_offsets_topic_response = list_offsets_response::list_offsets_topic_response;

constexpr std::array list_offsets_partition_fields{
    field<&list_offsets_partition::partition_index>("partition_index", since(0)),
    field<&list_offsets_partition::current_leader_epoch>("current_leader_epoch", since(4))
        .ignorable(),
    field<&list_offsets_partition::timestamp>("timestamp", since(0)),
    field<&list_offsets_partition::max_num_offsets>("max_num_offsets", only(0)),
};

constexpr std::array list_offsets_topic_fields{
    field<&list_offsets_topic::name>("name", since(0)),
    field<&list_offsets_topic::partitions>("partitions", since(0)),
};

constexpr std::array list_offsets_request_fields{
    field<&list_offsets_request::replica_id>("replica_id", since(0)),
    field<&list_offsets_request::isolation_level>("isolation_level", since(2)),
    field<&list_offsets_request::topics>("topics", since(0)),
    field<&list_offsets_request::timeout_ms>("timeout_ms", since(10)).ignorable(),
};

constexpr std::array list_offsets_partition_response_fields{
    field<&list_offsets_partition_response::partition_index>("partition_index", since(0)),
    field<&list_offsets_partition_response::error_code>("error_code", since(0)),
    field<&list_offsets_partition_response::old_style_offsets>("old_style_offsets", only(0)),
    field<&list_offsets_partition_response::timestamp>("timestamp", since(1)),
    field<&list_offsets_partition_response::offset>("offset", since(1)),
    field<&list_offsets_partition_response::leader_epoch>("leader_epoch", since(4)),
};

constexpr std::array list_offsets_topic_response_fields{
    field<&list_offsets_topic_response::name>("name", since(0)),
    field<&list_offsets_topic_response::partitions>("partitions", since(0)),
};

constexpr std::array list_offsets_response_fields{
    field<&list_offsets_response::throttle_time_ms>("throttle_time_ms", since(2)).ignorable(),
    field<&list_offsets_response::topics>("topics", since(0)),
};

}  // namespace

constinit const struct_schema list_offsets_request::list_offsets_partition::schema =
    structure<list_offsets_partition>("ListOffsetsPartition", list_offsets_partition_fields);
constinit const struct_schema list_offsets_request::list_offsets_topic::schema =
    structure<list_offsets_topic>("ListOffsetsTopic", list_offsets_topic_fields);

constinit const message_schema list_offsets_request::schema =
    message<list_offsets_request>("ListOffsetsRequest",
                                  {.key = static_cast<std::int16_t>(api_key::list_offsets),
                                   .role = message_role::request,
                                   .versions = between(0, 10),
                                   .flexible_since = 6},
                                  list_offsets_request_fields);

constinit const struct_schema list_offsets_response::list_offsets_partition_response::schema =
    structure<list_offsets_partition_response>("ListOffsetsPartitionResponse",
                                               list_offsets_partition_response_fields);
constinit const struct_schema list_offsets_response::list_offsets_topic_response::schema =
    structure<list_offsets_topic_response>("ListOffsetsTopicResponse",
                                           list_offsets_topic_response_fields);

constinit const message_schema list_offsets_response::schema =
    message<list_offsets_response>("ListOffsetsResponse",
                                   {.key = static_cast<std::int16_t>(api_key::list_offsets),
                                    .role = message_role::response,
                                    .versions = between(0, 10),
                                    .flexible_since = 6},
                                   list_offsets_response_fields);

}  // namespace verdikt::kafka::messages
