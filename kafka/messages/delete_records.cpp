#include "kafka/messages/delete_records.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using delete_records_partition = delete_records_request::delete_records_partition;
using delete_records_topic = delete_records_request::delete_records_topic;
using delete_records_partition_result = delete_records_response::delete_records_partition_result;
using delete_records_topic_result = delete_records_response::delete_records_topic_result;

constexpr std::array delete_records_partition_fields{
    field<&delete_records_partition::partition_index>("partition_index", since(0)),
    field<&delete_records_partition::offset>("offset", since(0)),
};

constexpr std::array delete_records_topic_fields{
    field<&delete_records_topic::name>("name", since(0)),
    field<&delete_records_topic::partitions>("partitions", since(0)),
};

constexpr std::array delete_records_request_fields{
    field<&delete_records_request::topics>("topics", since(0)),
    field<&delete_records_request::timeout_ms>("timeout_ms", since(0)),
};

constexpr std::array delete_records_partition_result_fields{
    field<&delete_records_partition_result::partition_index>("partition_index", since(0)),
    field<&delete_records_partition_result::low_watermark>("low_watermark", since(0)),
    field<&delete_records_partition_result::error_code>("error_code", since(0)),
};

constexpr std::array delete_records_topic_result_fields{
    field<&delete_records_topic_result::name>("name", since(0)),
    field<&delete_records_topic_result::partitions>("partitions", since(0)),
};

constexpr std::array delete_records_response_fields{
    field<&delete_records_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&delete_records_response::topics>("topics", since(0)),
};

}  // namespace

constinit const struct_schema delete_records_request::delete_records_partition::schema =
    structure<delete_records_partition>("DeleteRecordsPartition", delete_records_partition_fields);
constinit const struct_schema delete_records_request::delete_records_topic::schema =
    structure<delete_records_topic>("DeleteRecordsTopic", delete_records_topic_fields);

constinit const message_schema delete_records_request::schema =
    message<delete_records_request>("DeleteRecordsRequest",
                                    {.key = static_cast<std::int16_t>(api_key::delete_records),
                                     .role = message_role::request,
                                     .versions = between(0, 2),
                                     .flexible_since = 2},
                                    delete_records_request_fields);

constinit const struct_schema delete_records_response::delete_records_partition_result::schema =
    structure<delete_records_partition_result>("DeleteRecordsPartitionResult",
                                               delete_records_partition_result_fields);
constinit const struct_schema delete_records_response::delete_records_topic_result::schema =
    structure<delete_records_topic_result>("DeleteRecordsTopicResult",
                                           delete_records_topic_result_fields);

constinit const message_schema delete_records_response::schema =
    message<delete_records_response>("DeleteRecordsResponse",
                                     {.key = static_cast<std::int16_t>(api_key::delete_records),
                                      .role = message_role::response,
                                      .versions = between(0, 2),
                                      .flexible_since = 2},
                                     delete_records_response_fields);

}  // namespace verdikt::kafka::messages
