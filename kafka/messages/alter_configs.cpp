#include "kafka/messages/alter_configs.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using alter_configs_alterable_config = alter_configs_request::alterable_config;
using alter_configs_alter_configs_resource = alter_configs_request::alter_configs_resource;
using alter_configs_alter_configs_resource_response =
    alter_configs_response::alter_configs_resource_response;

constexpr std::array alter_configs_alterable_config_fields{
    field<&alter_configs_alterable_config::name>("name", since(0)),
    field<&alter_configs_alterable_config::value>("value", since(0)).nullable(since(0)),
};

constexpr std::array alter_configs_alter_configs_resource_fields{
    field<&alter_configs_alter_configs_resource::resource_type>("resource_type", since(0)),
    field<&alter_configs_alter_configs_resource::resource_name>("resource_name", since(0)),
    field<&alter_configs_alter_configs_resource::configs>("configs", since(0)),
};

constexpr std::array alter_configs_request_fields{
    field<&alter_configs_request::resources>("resources", since(0)),
    field<&alter_configs_request::validate_only>("validate_only", since(0)),
};

constexpr std::array alter_configs_alter_configs_resource_response_fields{
    field<&alter_configs_alter_configs_resource_response::error_code>("error_code", since(0)),
    field<&alter_configs_alter_configs_resource_response::error_message>("error_message", since(0))
        .nullable(since(0)),
    field<&alter_configs_alter_configs_resource_response::resource_type>("resource_type", since(0)),
    field<&alter_configs_alter_configs_resource_response::resource_name>("resource_name", since(0)),
};

constexpr std::array alter_configs_response_fields{
    field<&alter_configs_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&alter_configs_response::responses>("responses", since(0)),
};

}  // namespace

constinit const struct_schema alter_configs_request::alterable_config::schema =
    structure<alter_configs_alterable_config>("AlterableConfig",
                                              alter_configs_alterable_config_fields);
constinit const struct_schema alter_configs_request::alter_configs_resource::schema =
    structure<alter_configs_alter_configs_resource>("AlterConfigsResource",
                                                    alter_configs_alter_configs_resource_fields);

constinit const message_schema alter_configs_request::schema =
    message<alter_configs_request>("AlterConfigsRequest",
                                   {.key = static_cast<std::int16_t>(api_key::alter_configs),
                                    .role = message_role::request,
                                    .versions = between(0, 2),
                                    .flexible_since = 2},
                                   alter_configs_request_fields);

constinit const struct_schema alter_configs_response::alter_configs_resource_response::schema =
    structure<alter_configs_alter_configs_resource_response>(
        "AlterConfigsResourceResponse", alter_configs_alter_configs_resource_response_fields);

constinit const message_schema alter_configs_response::schema =
    message<alter_configs_response>("AlterConfigsResponse",
                                    {.key = static_cast<std::int16_t>(api_key::alter_configs),
                                     .role = message_role::response,
                                     .versions = between(0, 2),
                                     .flexible_since = 2},
                                    alter_configs_response_fields);

}  // namespace verdikt::kafka::messages
