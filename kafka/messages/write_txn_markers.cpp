#include "kafka/messages/write_txn_markers.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using writable_txn_marker_topic = write_txn_markers_request::writable_txn_marker_topic;
using writable_txn_marker = write_txn_markers_request::writable_txn_marker;
using writable_txn_marker_partition_result =
    write_txn_markers_response::writable_txn_marker_partition_result;
using writable_txn_marker_topic_result =
    write_txn_markers_response::writable_txn_marker_topic_result;
using writable_txn_marker_result = write_txn_markers_response::writable_txn_marker_result;

constexpr std::array writable_txn_marker_topic_fields{
    field<&writable_txn_marker_topic::name>("name", since(0)),
    field<&writable_txn_marker_topic::partition_indexes>("partition_indexes", since(0)),
};

constexpr std::array writable_txn_marker_fields{
    field<&writable_txn_marker::producer_id>("producer_id", since(0)),
    field<&writable_txn_marker::producer_epoch>("producer_epoch", since(0)),
    field<&writable_txn_marker::transaction_result>("transaction_result", since(0)),
    field<&writable_txn_marker::topics>("topics", since(0)),
    field<&writable_txn_marker::coordinator_epoch>("coordinator_epoch", since(0)),
    field<&writable_txn_marker::transaction_version>("transaction_version", since(2)).ignorable(),
};

constexpr std::array write_txn_markers_request_fields{
    field<&write_txn_markers_request::markers>("markers", since(0)),
};

constexpr std::array writable_txn_marker_partition_result_fields{
    field<&writable_txn_marker_partition_result::partition_index>("partition_index", since(0)),
    field<&writable_txn_marker_partition_result::error_code>("error_code", since(0)),
};

constexpr std::array writable_txn_marker_topic_result_fields{
    field<&writable_txn_marker_topic_result::name>("name", since(0)),
    field<&writable_txn_marker_topic_result::partitions>("partitions", since(0)),
};

constexpr std::array writable_txn_marker_result_fields{
    field<&writable_txn_marker_result::producer_id>("producer_id", since(0)),
    field<&writable_txn_marker_result::topics>("topics", since(0)),
};

constexpr std::array write_txn_markers_response_fields{
    field<&write_txn_markers_response::markers>("markers", since(0)),
};

}  // namespace

constinit const struct_schema write_txn_markers_request::writable_txn_marker_topic::schema =
    structure<writable_txn_marker_topic>("WritableTxnMarkerTopic",
                                         writable_txn_marker_topic_fields);
constinit const struct_schema write_txn_markers_request::writable_txn_marker::schema =
    structure<writable_txn_marker>("WritableTxnMarker", writable_txn_marker_fields);

constinit const message_schema write_txn_markers_request::schema =
    message<write_txn_markers_request>(
        "WriteTxnMarkersRequest",
        {.key = static_cast<std::int16_t>(api_key::write_txn_markers),
         .role = message_role::request,
         .versions = between(0, 2),
         .flexible_since = 1},
        write_txn_markers_request_fields);

constinit const struct_schema
    write_txn_markers_response::writable_txn_marker_partition_result::schema =
        structure<writable_txn_marker_partition_result>(
            "WritableTxnMarkerPartitionResult", writable_txn_marker_partition_result_fields);
constinit const struct_schema write_txn_markers_response::writable_txn_marker_topic_result::schema =
    structure<writable_txn_marker_topic_result>("WritableTxnMarkerTopicResult",
                                                writable_txn_marker_topic_result_fields);
constinit const struct_schema write_txn_markers_response::writable_txn_marker_result::schema =
    structure<writable_txn_marker_result>("WritableTxnMarkerResult",
                                          writable_txn_marker_result_fields);

constinit const message_schema write_txn_markers_response::schema =
    message<write_txn_markers_response>(
        "WriteTxnMarkersResponse",
        {.key = static_cast<std::int16_t>(api_key::write_txn_markers),
         .role = message_role::response,
         .versions = between(0, 2),
         .flexible_since = 1},
        write_txn_markers_response_fields);

}  // namespace verdikt::kafka::messages
