#include "kafka/messages/metadata_broker_records.h"

#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using broker_endpoint = register_broker_record::broker_endpoint;
using broker_feature = register_broker_record::broker_feature;

constexpr std::array broker_endpoint_fields{
    field<&broker_endpoint::name>("name", since(0)),
    field<&broker_endpoint::host>("host", since(0)),
    field<&broker_endpoint::port>("port", since(0)),
    field<&broker_endpoint::security_protocol>("security_protocol", since(0)),
};

constexpr std::array broker_feature_fields{
    field<&broker_feature::name>("name", since(0)),
    field<&broker_feature::min_supported_version>("min_supported_version", since(0)),
    field<&broker_feature::max_supported_version>("max_supported_version", since(0)),
};

constexpr std::array register_broker_record_fields{
    field<&register_broker_record::broker_id>("broker_id", since(0)),
    field<&register_broker_record::is_migrating_zk_broker>("is_migrating_zk_broker", since(2)),
    field<&register_broker_record::incarnation_id>("incarnation_id", since(0)),
    field<&register_broker_record::broker_epoch>("broker_epoch", since(0)),
    field<&register_broker_record::end_points>("end_points", since(0)),
    field<&register_broker_record::features>("features", since(0)),
    field<&register_broker_record::rack>("rack", since(0)).nullable(since(0)),
    field<&register_broker_record::fenced>("fenced", since(0)),
    field<&register_broker_record::in_controlled_shutdown>("in_controlled_shutdown", since(1)),
    field<&register_broker_record::log_dirs>("log_dirs", since(3)).tagged(0, since(3)),
};

constexpr std::array unregister_broker_record_fields{
    field<&unregister_broker_record::broker_id>("broker_id", since(0)),
    field<&unregister_broker_record::broker_epoch>("broker_epoch", since(0)),
};

constexpr std::array broker_registration_change_record_fields{
    field<&broker_registration_change_record::broker_id>("broker_id", since(0)),
    field<&broker_registration_change_record::broker_epoch>("broker_epoch", since(0)),
    field<&broker_registration_change_record::fenced>("fenced", since(0)).tagged(0, since(0)),
    field<&broker_registration_change_record::in_controlled_shutdown>("in_controlled_shutdown",
                                                                      since(1))
        .tagged(1, since(1)),
    field<&broker_registration_change_record::log_dirs>("log_dirs", since(2)).tagged(2, since(2)),
};

}  // namespace

constinit const struct_schema register_broker_record::broker_endpoint::schema =
    structure<broker_endpoint>("BrokerEndpoint", broker_endpoint_fields);

constinit const struct_schema register_broker_record::broker_feature::schema =
    structure<broker_feature>("BrokerFeature", broker_feature_fields);

constinit const message_schema register_broker_record::schema = message<register_broker_record>(
    "RegisterBrokerRecord",
    {.key = 0, .role = message_role::metadata, .versions = between(0, 3), .flexible_since = 0},
    register_broker_record_fields);

constinit const message_schema unregister_broker_record::schema = message<unregister_broker_record>(
    "UnregisterBrokerRecord",
    {.key = 1, .role = message_role::metadata, .versions = only(0), .flexible_since = 0},
    unregister_broker_record_fields);

constinit const message_schema broker_registration_change_record::schema =
    message<broker_registration_change_record>(
        "BrokerRegistrationChangeRecord",
        {.key = 17, .role = message_role::metadata, .versions = between(0, 2), .flexible_since = 0},
        broker_registration_change_record_fields);

}  // namespace verdikt::kafka::messages
