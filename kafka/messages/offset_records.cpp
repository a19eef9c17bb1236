#include "kafka/messages/offset_records.h"

#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

constexpr std::array offset_commit_key_fields{
    field<&offset_commit_key::group>("group", between(0, 1)),
    field<&offset_commit_key::topic>("topic", between(0, 1)),
    field<&offset_commit_key::partition>("partition", between(0, 1)),
};

constexpr std::array offset_commit_value_fields{
    field<&offset_commit_value::offset>("offset", since(0)),
    field<&offset_commit_value::leader_epoch>("leader_epoch", since(3)).ignorable(),
    field<&offset_commit_value::metadata>("metadata", since(0)),
    field<&offset_commit_value::commit_timestamp>("commit_timestamp", since(0)),
    field<&offset_commit_value::expire_timestamp>("expire_timestamp", only(1)).ignorable(),
};

}  // namespace

constinit const message_schema offset_commit_key::schema =
    message<offset_commit_key>("OffsetCommitKey",
                               {.role = message_role::data, .versions = between(0, 1)},
                               offset_commit_key_fields);

constinit const message_schema offset_commit_value::schema = message<offset_commit_value>(
    "OffsetCommitValue",
    {.role = message_role::data, .versions = between(0, 4), .flexible_since = 4},
    offset_commit_value_fields);

}  // namespace verdikt::kafka::messages
