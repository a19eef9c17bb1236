#include "kafka/messages/offset_delete.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using offset_delete_request_partition = offset_delete_request::offset_delete_request_partition;
using offset_delete_request_topic = offset_delete_request::offset_delete_request_topic;
using offset_delete_response_partition = offset_delete_response::offset_delete_response_partition;
using offset_delete_response_topic = offset_delete_response::offset_delete_response_topic;

constexpr std::array offset_delete_request_partition_fields{
    field<&offset_delete_request_partition::partition_index>("partition_index", since(0)),
};

constexpr std::array offset_delete_request_topic_fields{
    field<&offset_delete_request_topic::name>("name", since(0)),
    field<&offset_delete_request_topic::partitions>("partitions", since(0)),
};

constexpr std::array offset_delete_request_fields{
    field<&offset_delete_request::group_id>("group_id", since(0)),
    field<&offset_delete_request::topics>("topics", since(0)),
};

constexpr std::array offset_delete_response_partition_fields{
    field<&offset_delete_response_partition::partition_index>("partition_index", since(0)),
    field<&offset_delete_response_partition::error_code>("error_code", since(0)),
};

constexpr std::array offset_delete_response_topic_fields{
    field<&offset_delete_response_topic::name>("name", since(0)),
    field<&offset_delete_response_topic::partitions>("partitions", since(0)),
};

constexpr std::array offset_delete_response_fields{
    field<&offset_delete_response::error_code>("error_code", since(0)),
    field<&offset_delete_response::throttle_time_ms>("throttle_time_ms", since(0)).ignorable(),
    field<&offset_delete_response::topics>("topics", since(0)),
};

}  // namespace

constinit const struct_schema offset_delete_request::offset_delete_request_partition::schema =
    structure<offset_delete_request_partition>("OffsetDeleteRequestPartition",
                                               offset_delete_request_partition_fields);
constinit const struct_schema offset_delete_request::offset_delete_request_topic::schema =
    structure<offset_delete_request_topic>("OffsetDeleteRequestTopic",
                                           offset_delete_request_topic_fields);

constinit const message_schema offset_delete_request::schema =
    message<offset_delete_request>("OffsetDeleteRequest",
                                   {.key = static_cast<std::int16_t>(api_key::offset_delete),
                                    .role = message_role::request,
                                    .versions = only(0)},
                                   offset_delete_request_fields);

constinit const struct_schema offset_delete_response::offset_delete_response_partition::schema =
    structure<offset_delete_response_partition>("OffsetDeleteResponsePartition",
                                                offset_delete_response_partition_fields);
constinit const struct_schema offset_delete_response::offset_delete_response_topic::schema =
    structure<offset_delete_response_topic>("OffsetDeleteResponseTopic",
                                            offset_delete_response_topic_fields);

constinit const message_schema offset_delete_response::schema =
    message<offset_delete_response>("OffsetDeleteResponse",
                                    {.key = static_cast<std::int16_t>(api_key::offset_delete),
                                     .role = message_role::response,
                                     .versions = only(0)},
                                    offset_delete_response_fields);

}  // namespace verdikt::kafka::messages
