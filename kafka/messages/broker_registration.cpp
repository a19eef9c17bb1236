#include "kafka/messages/broker_registration.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using broker_registration_listener = broker_registration_request::listener;
using feature = broker_registration_request::feature;

constexpr std::array broker_registration_listener_fields{
    field<&broker_registration_listener::name>("name", since(0)),
    field<&broker_registration_listener::host>("host", since(0)),
    field<&broker_registration_listener::port>("port", since(0)),
    field<&broker_registration_listener::security_protocol>("security_protocol", since(0)),
};

constexpr std::array feature_fields{
    field<&feature::name>("name", since(0)),
    field<&feature::min_supported_version>("min_supported_version", since(0)),
    field<&feature::max_supported_version>("max_supported_version", since(0)),
};

constexpr std::array broker_registration_request_fields{
    field<&broker_registration_request::broker_id>("broker_id", since(0)),
    field<&broker_registration_request::cluster_id>("cluster_id", since(0)),
    field<&broker_registration_request::incarnation_id>("incarnation_id", since(0)),
    field<&broker_registration_request::listeners>("listeners", since(0)),
    field<&broker_registration_request::features>("features", since(0)),
    field<&broker_registration_request::rack>("rack", since(0)).nullable(since(0)),
    field<&broker_registration_request::is_migrating_zk_broker>("is_migrating_zk_broker", since(1)),
    field<&broker_registration_request::log_dirs>("log_dirs", since(2)).ignorable(),
    field<&broker_registration_request::previous_broker_epoch>("previous_broker_epoch", since(3))
        .ignorable(),
};

constexpr std::array broker_registration_response_fields{
    field<&broker_registration_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&broker_registration_response::error_code>("error_code", since(0)),
    field<&broker_registration_response::broker_epoch>("broker_epoch", since(0)),
};

}  // namespace

constinit const struct_schema broker_registration_request::listener::schema =
    structure<broker_registration_listener>("Listener", broker_registration_listener_fields);

constinit const struct_schema broker_registration_request::feature::schema =
    structure<feature>("Feature", feature_fields);

constinit const message_schema broker_registration_request::schema =
    message<broker_registration_request>(
        "BrokerRegistrationRequest",
        {.key = static_cast<std::int16_t>(api_key::broker_registration),
         .role = message_role::request,
         .versions = between(0, 4),
         .flexible_since = 0},
        broker_registration_request_fields);

constinit const message_schema broker_registration_response::schema =
    message<broker_registration_response>(
        "BrokerRegistrationResponse",
        {.key = static_cast<std::int16_t>(api_key::broker_registration),
         .role = message_role::response,
         .versions = between(0, 4),
         .flexible_since = 0},
        broker_registration_response_fields);

}  // namespace verdikt::kafka::messages
