#include "kafka/messages/incremental_alter_configs.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using incremental_alter_configs_alterable_config =
    incremental_alter_configs_request::alterable_config;
using incremental_alter_configs_alter_configs_resource =
    incremental_alter_configs_request::alter_configs_resource;
using incremental_alter_configs_alter_configs_resource_response =
    incremental_alter_configs_response::alter_configs_resource_response;

constexpr std::array incremental_alter_configs_alterable_config_fields{
    field<&incremental_alter_configs_alterable_config::name>("name", since(0)),
    field<&incremental_alter_configs_alterable_config::config_operation>("config_operation",
                                                                         since(0)),
    field<&incremental_alter_configs_alterable_config::value>("value", since(0)).nullable(since(0)),
};

constexpr std::array incremental_alter_configs_alter_configs_resource_fields{
    field<&incremental_alter_configs_alter_configs_resource::resource_type>("resource_type",
                                                                            since(0)),
    field<&incremental_alter_configs_alter_configs_resource::resource_name>("resource_name",
                                                                            since(0)),
    field<&incremental_alter_configs_alter_configs_resource::configs>("configs", since(0)),
};

constexpr std::array incremental_alter_configs_request_fields{
    field<&incremental_alter_configs_request::resources>("resources", since(0)),
    field<&incremental_alter_configs_request::validate_only>("validate_only", since(0)),
};

constexpr std::array incremental_alter_configs_alter_configs_resource_response_fields{
    field<&incremental_alter_configs_alter_configs_resource_response::error_code>("error_code",
                                                                                  since(0)),
    field<&incremental_alter_configs_alter_configs_resource_response::error_message>(
        "error_message", since(0))
        .nullable(since(0)),
    field<&incremental_alter_configs_alter_configs_resource_response::resource_type>(
        "resource_type", since(0)),
    field<&incremental_alter_configs_alter_configs_resource_response::resource_name>(
        "resource_name", since(0)),
};

constexpr std::array incremental_alter_configs_response_fields{
    field<&incremental_alter_configs_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&incremental_alter_configs_response::responses>("responses", since(0)),
};

}  // namespace

constinit const struct_schema incremental_alter_configs_request::alterable_config::schema =
    structure<incremental_alter_configs_alterable_config>(
        "AlterableConfig", incremental_alter_configs_alterable_config_fields);
constinit const struct_schema incremental_alter_configs_request::alter_configs_resource::schema =
    structure<incremental_alter_configs_alter_configs_resource>(
        "AlterConfigsResource", incremental_alter_configs_alter_configs_resource_fields);

constinit const message_schema incremental_alter_configs_request::schema =
    message<incremental_alter_configs_request>(
        "IncrementalAlterConfigsRequest",
        {.key = static_cast<std::int16_t>(api_key::incremental_alter_configs),
         .role = message_role::request,
         .versions = between(0, 1),
         .flexible_since = 1},
        incremental_alter_configs_request_fields);

constinit const struct_schema
    incremental_alter_configs_response::alter_configs_resource_response::schema =
        structure<incremental_alter_configs_alter_configs_resource_response>(
            "AlterConfigsResourceResponse",
            incremental_alter_configs_alter_configs_resource_response_fields);

constinit const message_schema incremental_alter_configs_response::schema =
    message<incremental_alter_configs_response>(
        "IncrementalAlterConfigsResponse",
        {.key = static_cast<std::int16_t>(api_key::incremental_alter_configs),
         .role = message_role::response,
         .versions = between(0, 1),
         .flexible_since = 1},
        incremental_alter_configs_response_fields);

}  // namespace verdikt::kafka::messages
