#include "kafka/messages/snapshot_records.h"

#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

constexpr std::array snapshot_header_record_fields{
    field<&snapshot_header_record::version>("version", since(0)),
    field<&snapshot_header_record::last_contained_log_timestamp>("last_contained_log_timestamp",
                                                                 since(0)),
};

constexpr std::array snapshot_footer_record_fields{
    field<&snapshot_footer_record::version>("version", since(0)),
};

}  // namespace

constinit const message_schema snapshot_header_record::schema = message<snapshot_header_record>(
    "SnapshotHeaderRecord",
    {.role = message_role::data, .versions = only(0), .flexible_since = 0},
    snapshot_header_record_fields);

constinit const message_schema snapshot_footer_record::schema = message<snapshot_footer_record>(
    "SnapshotFooterRecord",
    {.role = message_role::data, .versions = only(0), .flexible_since = 0},
    snapshot_footer_record_fields);

}  // namespace verdikt::kafka::messages
