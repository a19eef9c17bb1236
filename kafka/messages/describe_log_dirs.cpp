#include "kafka/messages/describe_log_dirs.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using describable_log_dir_topic = describe_log_dirs_request::describable_log_dir_topic;
using describe_log_dirs_partition = describe_log_dirs_response::describe_log_dirs_partition;
using describe_log_dirs_topic = describe_log_dirs_response::describe_log_dirs_topic;
using describe_log_dirs_result = describe_log_dirs_response::describe_log_dirs_result;

constexpr std::array describable_log_dir_topic_fields{
    field<&describable_log_dir_topic::topic>("topic", since(0)),
    field<&describable_log_dir_topic::partitions>("partitions", since(0)),
};

constexpr std::array describe_log_dirs_request_fields{
    field<&describe_log_dirs_request::topics>("topics", since(0)).nullable(since(0)),
};

constexpr std::array describe_log_dirs_partition_fields{
    field<&describe_log_dirs_partition::partition_index>("partition_index", since(0)),
    field<&describe_log_dirs_partition::partition_size>("partition_size", since(0)),
    field<&describe_log_dirs_partition::offset_lag>("offset_lag", since(0)),
    field<&describe_log_dirs_partition::is_future_key>("is_future_key", since(0)),
};

constexpr std::array describe_log_dirs_topic_fields{
    field<&describe_log_dirs_topic::name>("name", since(0)),
    field<&describe_log_dirs_topic::partitions>("partitions", since(0)),
};

constexpr std::array describe_log_dirs_result_fields{
    field<&describe_log_dirs_result::error_code>("error_code", since(0)),
    field<&describe_log_dirs_result::log_dir>("log_dir", since(0)),
    field<&describe_log_dirs_result::topics>("topics", since(0)),
    field<&describe_log_dirs_result::total_bytes>("total_bytes", since(4)).ignorable(),
    field<&describe_log_dirs_result::usable_bytes>("usable_bytes", since(4)).ignorable(),
};

constexpr std::array describe_log_dirs_response_fields{
    field<&describe_log_dirs_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&describe_log_dirs_response::error_code>("error_code", since(3)).ignorable(),
    field<&describe_log_dirs_response::results>("results", since(0)),
};

}  // namespace

constinit const struct_schema describe_log_dirs_request::describable_log_dir_topic::schema =
    structure<describable_log_dir_topic>("DescribableLogDirTopic",
                                         describable_log_dir_topic_fields);

constinit const message_schema describe_log_dirs_request::schema =
    message<describe_log_dirs_request>(
        "DescribeLogDirsRequest",
        {.key = static_cast<std::int16_t>(api_key::describe_log_dirs),
         .role = message_role::request,
         .versions = between(0, 4),
         .flexible_since = 2},
        describe_log_dirs_request_fields);

constinit const struct_schema describe_log_dirs_response::describe_log_dirs_partition::schema =
    structure<describe_log_dirs_partition>("DescribeLogDirsPartition",
                                           describe_log_dirs_partition_fields);
constinit const struct_schema describe_log_dirs_response::describe_log_dirs_topic::schema =
    structure<describe_log_dirs_topic>("DescribeLogDirsTopic", describe_log_dirs_topic_fields);
constinit const struct_schema describe_log_dirs_response::describe_log_dirs_result::schema =
    structure<describe_log_dirs_result>("DescribeLogDirsResult", describe_log_dirs_result_fields);

constinit const message_schema describe_log_dirs_response::schema =
    message<describe_log_dirs_response>(
        "DescribeLogDirsResponse",
        {.key = static_cast<std::int16_t>(api_key::describe_log_dirs),
         .role = message_role::response,
         .versions = between(0, 4),
         .flexible_since = 2},
        describe_log_dirs_response_fields);

}  // namespace verdikt::kafka::messages
