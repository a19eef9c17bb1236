#include "kafka/messages/describe_groups.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using described_group_member = describe_groups_response::described_group_member;
using described_group = describe_groups_response::described_group;

constexpr std::array describe_groups_request_fields{
    field<&describe_groups_request::groups>("groups", since(0)),
    field<&describe_groups_request::include_authorized_operations>("include_authorized_operations",
                                                                   since(3)),
};

constexpr std::array described_group_member_fields{
    field<&described_group_member::member_id>("member_id", since(0)),
    field<&described_group_member::group_instance_id>("group_instance_id", since(4))
        .nullable(since(4))
        .ignorable(),
    field<&described_group_member::client_id>("client_id", since(0)),
    field<&described_group_member::client_host>("client_host", since(0)),
    field<&described_group_member::member_metadata>("member_metadata", since(0)),
    field<&described_group_member::member_assignment>("member_assignment", since(0)),
};

constexpr std::array described_group_fields{
    field<&described_group::error_code>("error_code", since(0)),
    field<&described_group::group_id>("group_id", since(0)),
    field<&described_group::group_state>("group_state", since(0)),
    field<&described_group::protocol_type>("protocol_type", since(0)),
    field<&described_group::protocol_data>("protocol_data", since(0)),
    field<&described_group::members>("members", since(0)),
    field<&described_group::authorized_operations>("authorized_operations", since(3)),
};

constexpr std::array describe_groups_response_fields{
    field<&describe_groups_response::throttle_time_ms>("throttle_time_ms", since(1)).ignorable(),
    field<&describe_groups_response::groups>("groups", since(0)),
};

}  // namespace

constinit const message_schema describe_groups_request::schema =
    message<describe_groups_request>("DescribeGroupsRequest",
                                     {.key = static_cast<std::int16_t>(api_key::describe_groups),
                                      .role = message_role::request,
                                      .versions = between(0, 5),
                                      .flexible_since = 5},
                                     describe_groups_request_fields);

constinit const struct_schema describe_groups_response::described_group_member::schema =
    structure<described_group_member>("DescribedGroupMember", described_group_member_fields);
constinit const struct_schema describe_groups_response::described_group::schema =
    structure<described_group>("DescribedGroup", described_group_fields);

constinit const message_schema describe_groups_response::schema =
    message<describe_groups_response>("DescribeGroupsResponse",
                                      {.key = static_cast<std::int16_t>(api_key::describe_groups),
                                       .role = message_role::response,
                                       .versions = between(0, 5),
                                       .flexible_since = 5},
                                      describe_groups_response_fields);

}  // namespace verdikt::kafka::messages
