#include "kafka/messages/describe_configs.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using describe_configs_resource = describe_configs_request::describe_configs_resource;
using describe_configs_synonym = describe_configs_response::describe_configs_synonym;
using describe_configs_resource_result =
    describe_configs_response::describe_configs_resource_result;
using describe_configs_result = describe_configs_response::describe_configs_result;

constexpr std::array describe_configs_resource_fields{
    field<&describe_configs_resource::resource_type>("resource_type", since(0)),
    field<&describe_configs_resource::resource_name>("resource_name", since(0)),
    field<&describe_configs_resource::configuration_keys>("configuration_keys", since(0))
        .nullable(since(0)),
};

constexpr std::array describe_configs_request_fields{
    field<&describe_configs_request::resources>("resources", since(0)),
    field<&describe_configs_request::include_synonyms>("include_synonyms", since(1)),
    field<&describe_configs_request::include_documentation>("include_documentation", since(3)),
};

constexpr std::array describe_configs_synonym_fields{
    field<&describe_configs_synonym::name>("name", since(1)),
    field<&describe_configs_synonym::value>("value", since(1)).nullable(since(0)),
    field<&describe_configs_synonym::source>("source", since(1)),
};

constexpr std::array describe_configs_resource_result_fields{
    field<&describe_configs_resource_result::name>("name", since(0)),
    field<&describe_configs_resource_result::value>("value", since(0)).nullable(since(0)),
    field<&describe_configs_resource_result::read_only>("read_only", since(0)),
    field<&describe_configs_resource_result::is_default>("is_default", only(0)),
    field<&describe_configs_resource_result::config_source>("config_source", since(1)).ignorable(),
    field<&describe_configs_resource_result::is_sensitive>("is_sensitive", since(0)),
    field<&describe_configs_resource_result::synonyms>("synonyms", since(1)).ignorable(),
    field<&describe_configs_resource_result::config_type>("config_type", since(3)).ignorable(),
    field<&describe_configs_resource_result::documentation>("documentation", since(3))
        .nullable(since(0))
        .ignorable(),
};

constexpr std::array describe_configs_result_fields{
    field<&describe_configs_result::error_code>("error_code", since(0)),
    field<&describe_configs_result::error_message>("error_message", since(0)).nullable(since(0)),
    field<&describe_configs_result::resource_type>("resource_type", since(0)),
    field<&describe_configs_result::resource_name>("resource_name", since(0)),
    field<&describe_configs_result::configs>("configs", since(0)),
};

constexpr std::array describe_configs_response_fields{
    field<&describe_configs_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&describe_configs_response::results>("results", since(0)),
};

}  // namespace

constinit const struct_schema describe_configs_request::describe_configs_resource::schema =
    structure<describe_configs_resource>("DescribeConfigsResource",
                                         describe_configs_resource_fields);

constinit const message_schema describe_configs_request::schema =
    message<describe_configs_request>("DescribeConfigsRequest",
                                      {.key = static_cast<std::int16_t>(api_key::describe_configs),
                                       .role = message_role::request,
                                       .versions = between(0, 4),
                                       .flexible_since = 4},
                                      describe_configs_request_fields);

constinit const struct_schema describe_configs_response::describe_configs_synonym::schema =
    structure<describe_configs_synonym>("DescribeConfigsSynonym", describe_configs_synonym_fields);
constinit const struct_schema describe_configs_response::describe_configs_resource_result::schema =
    structure<describe_configs_resource_result>("DescribeConfigsResourceResult",
                                                describe_configs_resource_result_fields);
constinit const struct_schema describe_configs_response::describe_configs_result::schema =
    structure<describe_configs_result>("DescribeConfigsResult", describe_configs_result_fields);

constinit const message_schema describe_configs_response::schema =
    message<describe_configs_response>("DescribeConfigsResponse",
                                       {.key = static_cast<std::int16_t>(api_key::describe_configs),
                                        .role = message_role::response,
                                        .versions = between(0, 4),
                                        .flexible_since = 4},
                                       describe_configs_response_fields);

}  // namespace verdikt::kafka::messages
