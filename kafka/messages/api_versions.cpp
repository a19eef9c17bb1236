#include "kafka/messages/api_versions.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using api_version = api_versions_response::api_version;
using supported_feature_key = api_versions_response::supported_feature_key;
using finalized_feature_key = api_versions_response::finalized_feature_key;

constexpr std::array api_versions_request_fields{
    field<&api_versions_request::client_software_name>("client_software_name", since(3))
        .ignorable(),
    field<&api_versions_request::client_software_version>("client_software_version", since(3))
        .ignorable(),
};

constexpr std::array api_version_fields{
    field<&api_version::api_key>("api_key", since(0)),
    field<&api_version::min_version>("min_version", since(0)),
    field<&api_version::max_version>("max_version", since(0)),
};

constexpr std::array supported_feature_key_fields{
    field<&supported_feature_key::name>("name", since(3)),
    field<&supported_feature_key::min_version>("min_version", since(3)),
    field<&supported_feature_key::max_version>("max_version", since(3)),
};

constexpr std::array finalized_feature_key_fields{
    field<&finalized_feature_key::name>("name", since(3)),
    field<&finalized_feature_key::max_version_level>("max_version_level", since(3)),
    field<&finalized_feature_key::min_version_level>("min_version_level", since(3)),
};

constexpr std::array api_versions_response_fields{
    field<&api_versions_response::error_code>("error_code", since(0)),
    field<&api_versions_response::api_keys>("api_keys", since(0)),
    field<&api_versions_response::throttle_time_ms>("throttle_time_ms", since(1)).ignorable(),
    field<&api_versions_response::supported_features>("supported_features", since(3))
        .tagged(0, since(3))
        .ignorable(),
    field<&api_versions_response::finalized_features_epoch>("finalized_features_epoch", since(3))
        .tagged(1, since(3))
        .ignorable(),
    field<&api_versions_response::finalized_features>("finalized_features", since(3))
        .tagged(2, since(3))
        .ignorable(),
    field<&api_versions_response::zk_migration_ready>("zk_migration_ready", since(3))
        .tagged(3, since(3))
        .ignorable(),
};

}  // namespace

constinit const message_schema api_versions_request::schema =
    message<api_versions_request>("ApiVersionsRequest",
                                  {.key = static_cast<std::int16_t>(api_key::api_versions),
                                   .role = message_role::request,
                                   .versions = between(0, 4),
                                   .flexible_since = 3},
                                  api_versions_request_fields);

constinit const struct_schema api_versions_response::api_version::schema =
    structure<api_version>("ApiVersion", api_version_fields);
constinit const struct_schema api_versions_response::supported_feature_key::schema =
    structure<supported_feature_key>("SupportedFeatureKey", supported_feature_key_fields);
constinit const struct_schema api_versions_response::finalized_feature_key::schema =
    structure<finalized_feature_key>("FinalizedFeatureKey", finalized_feature_key_fields);

constinit const message_schema api_versions_response::schema =
    message<api_versions_response>("ApiVersionsResponse",
                                   {.key = static_cast<std::int16_t>(api_key::api_versions),
                                    .role = message_role::response,
                                    .versions = between(0, 4),
                                    .flexible_since = 3},
                                   api_versions_response_fields);

}  // namespace verdikt::kafka::messages
