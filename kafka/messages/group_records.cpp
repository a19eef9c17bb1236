#include "kafka/messages/group_records.h"

#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using member_metadata = group_metadata_value::member_metadata;

constexpr std::array group_metadata_key_fields{
    field<&group_metadata_key::group>("group", only(2)),
};

constexpr std::array member_metadata_fields{
    field<&member_metadata::member_id>("member_id", since(0)),
    field<&member_metadata::group_instance_id>("group_instance_id", since(3))
        .nullable(since(3))
        .ignorable(),
    field<&member_metadata::client_id>("client_id", since(0)),
    field<&member_metadata::client_host>("client_host", since(0)),
    field<&member_metadata::rebalance_timeout>("rebalance_timeout", since(1)).ignorable(),
    field<&member_metadata::session_timeout>("session_timeout", since(0)),
    field<&member_metadata::subscription>("subscription", since(0)),
    field<&member_metadata::assignment>("assignment", since(0)),
};

constexpr std::array group_metadata_value_fields{
    field<&group_metadata_value::protocol_type>("protocol_type", since(0)),
    field<&group_metadata_value::generation>("generation", since(0)),
    field<&group_metadata_value::protocol>("protocol", since(0)).nullable(since(0)),
    field<&group_metadata_value::leader>("leader", since(0)).nullable(since(0)),
    field<&group_metadata_value::current_state_timestamp>("current_state_timestamp", since(2))
        .ignorable(),
    field<&group_metadata_value::members>("members", since(0)),
};

}  // namespace

constinit const message_schema group_metadata_key::schema =
    message<group_metadata_key>("GroupMetadataKey",
                                {.role = message_role::data, .versions = only(2)},
                                group_metadata_key_fields);

constinit const struct_schema group_metadata_value::member_metadata::schema =
    structure<member_metadata>("MemberMetadata", member_metadata_fields);

constinit const message_schema group_metadata_value::schema = message<group_metadata_value>(
    "GroupMetadataValue",
    {.role = message_role::data, .versions = between(0, 4), .flexible_since = 4},
    group_metadata_value_fields);

}  // namespace verdikt::kafka::messages
