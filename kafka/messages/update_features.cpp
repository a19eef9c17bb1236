#include "kafka/messages/update_features.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using feature_update_key = update_features_request::feature_update_key;
using updatable_feature_result = update_features_response::updatable_feature_result;

constexpr std::array feature_update_key_fields{
    field<&feature_update_key::feature>("feature", since(0)),
    field<&feature_update_key::max_version_level>("max_version_level", since(0)),
    field<&feature_update_key::allow_downgrade>("allow_downgrade", only(0)),
    field<&feature_update_key::upgrade_type>("upgrade_type", since(1)),
};

constexpr std::array update_features_request_fields{
    field<&update_features_request::timeout_ms>("timeout_ms", since(0)),
    field<&update_features_request::feature_updates>("feature_updates", since(0)),
    field<&update_features_request::validate_only>("validate_only", since(1)),
};

constexpr std::array updatable_feature_result_fields{
    field<&updatable_feature_result::feature>("feature", since(0)),
    field<&updatable_feature_result::error_code>("error_code", since(0)),
    field<&updatable_feature_result::error_message>("error_message", since(0)).nullable(since(0)),
};

constexpr std::array update_features_response_fields{
    field<&update_features_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&update_features_response::error_code>("error_code", since(0)),
    field<&update_features_response::error_message>("error_message", since(0)).nullable(since(0)),
    field<&update_features_response::results>("results", between(0, 1)).ignorable(),
};

}  // namespace

constinit const struct_schema update_features_request::feature_update_key::schema =
    structure<feature_update_key>("FeatureUpdateKey", feature_update_key_fields);

constinit const message_schema update_features_request::schema =
    message<update_features_request>("UpdateFeaturesRequest",
                                     {.key = static_cast<std::int16_t>(api_key::update_features),
                                      .role = message_role::request,
                                      .versions = between(0, 2),
                                      .flexible_since = 0},
                                     update_features_request_fields);

constinit const struct_schema update_features_response::updatable_feature_result::schema =
    structure<updatable_feature_result>("UpdatableFeatureResult", updatable_feature_result_fields);

constinit const message_schema update_features_response::schema =
    message<update_features_response>("UpdateFeaturesResponse",
                                      {.key = static_cast<std::int16_t>(api_key::update_features),
                                       .role = message_role::response,
                                       .versions = between(0, 2),
                                       .flexible_since = 0},
                                      update_features_response_fields);

}  // namespace verdikt::kafka::messages
