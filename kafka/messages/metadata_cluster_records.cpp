#include "kafka/messages/metadata_cluster_records.h"

#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

constexpr std::array config_record_fields{
    field<&config_record::resource_type>("resource_type", since(0)),
    field<&config_record::resource_name>("resource_name", since(0)),
    field<&config_record::name>("name", since(0)),
    field<&config_record::value>("value", since(0)).nullable(since(0)),
};

constexpr std::array feature_level_record_fields{
    field<&feature_level_record::name>("name", since(0)),
    field<&feature_level_record::feature_level>("feature_level", since(0)),
};

constexpr std::array producer_ids_record_fields{
    field<&producer_ids_record::broker_id>("broker_id", since(0)),
    field<&producer_ids_record::broker_epoch>("broker_epoch", since(0)),
    field<&producer_ids_record::next_producer_id>("next_producer_id", since(0)),
};

}  // namespace

constinit const message_schema config_record::schema = message<config_record>(
    "ConfigRecord",
    {.key = 4, .role = message_role::metadata, .versions = only(0), .flexible_since = 0},
    config_record_fields);

constinit const message_schema feature_level_record::schema = message<feature_level_record>(
    "FeatureLevelRecord",
    {.key = 12, .role = message_role::metadata, .versions = only(0), .flexible_since = 0},
    feature_level_record_fields);

constinit const message_schema producer_ids_record::schema = message<producer_ids_record>(
    "ProducerIdsRecord",
    {.key = 15, .role = message_role::metadata, .versions = only(0), .flexible_since = 0},
    producer_ids_record_fields);

constinit const message_schema no_op_record::schema = message<no_op_record>(
    "NoOpRecord",
    {.key = 20, .role = message_role::metadata, .versions = only(0), .flexible_since = 0},
    {});

}  // namespace verdikt::kafka::messages
