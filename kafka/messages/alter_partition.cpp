#include "kafka/messages/alter_partition.h"

#include "kafka/api_keys.h"
#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using broker_state = alter_partition_request::broker_state;
using alter_partition_requested_partition_data = alter_partition_request::partition_data;
using alter_partition_requested_topic_data = alter_partition_request::topic_data;
using alter_partition_answered_partition_data = alter_partition_response::partition_data;
using alter_partition_answered_topic_data = alter_partition_response::topic_data;

constexpr std::array broker_state_fields{
    field<&broker_state::broker_id>("broker_id", since(3)),
    field<&broker_state::broker_epoch>("broker_epoch", since(3)),
};

constexpr std::array alter_partition_requested_partition_data_fields{
    field<&alter_partition_requested_partition_data::partition_index>("partition_index", since(0)),
    field<&alter_partition_requested_partition_data::leader_epoch>("leader_epoch", since(0)),
    field<&alter_partition_requested_partition_data::new_isr>("new_isr", between(0, 2)),
    field<&alter_partition_requested_partition_data::new_isr_with_epochs>("new_isr_with_epochs",
                                                                          since(3)),
    field<&alter_partition_requested_partition_data::leader_recovery_state>("leader_recovery_state",
                                                                            since(1)),
    field<&alter_partition_requested_partition_data::partition_epoch>("partition_epoch", since(0)),
};

constexpr std::array alter_partition_requested_topic_data_fields{
    field<&alter_partition_requested_topic_data::topic_name>("topic_name", between(0, 1))
        .ignorable(),
    field<&alter_partition_requested_topic_data::topic_id>("topic_id", since(2)).ignorable(),
    field<&alter_partition_requested_topic_data::partitions>("partitions", since(0)),
};

constexpr std::array alter_partition_request_fields{
    field<&alter_partition_request::broker_id>("broker_id", since(0)),
    field<&alter_partition_request::broker_epoch>("broker_epoch", since(0)),
    field<&alter_partition_request::topics>("topics", since(0)),
};

constexpr std::array alter_partition_answered_partition_data_fields{
    field<&alter_partition_answered_partition_data::partition_index>("partition_index", since(0)),
    field<&alter_partition_answered_partition_data::error_code>("error_code", since(0)),
    field<&alter_partition_answered_partition_data::leader_id>("leader_id", since(0)),
    field<&alter_partition_answered_partition_data::leader_epoch>("leader_epoch", since(0)),
    field<&alter_partition_answered_partition_data::isr>("isr", since(0)),
    field<&alter_partition_answered_partition_data::leader_recovery_state>("leader_recovery_state",
                                                                           since(1))
        .ignorable(),
    field<&alter_partition_answered_partition_data::partition_epoch>("partition_epoch", since(0)),
};

constexpr std::array alter_partition_answered_topic_data_fields{
    field<&alter_partition_answered_topic_data::topic_name>("topic_name", between(0, 1))
        .ignorable(),
    field<&alter_partition_answered_topic_data::topic_id>("topic_id", since(2)).ignorable(),
    field<&alter_partition_answered_topic_data::partitions>("partitions", since(0)),
};

constexpr std::array alter_partition_response_fields{
    field<&alter_partition_response::throttle_time_ms>("throttle_time_ms", since(0)),
    field<&alter_partition_response::error_code>("error_code", since(0)),
    field<&alter_partition_response::topics>("topics", since(0)),
};

}  // namespace

constinit const struct_schema alter_partition_request::broker_state::schema =
    structure<broker_state>("BrokerState", broker_state_fields);

constinit const struct_schema alter_partition_request::partition_data::schema =
    structure<alter_partition_requested_partition_data>(
        "PartitionData", alter_partition_requested_partition_data_fields);

constinit const struct_schema alter_partition_request::topic_data::schema =
    structure<alter_partition_requested_topic_data>("TopicData",
                                                    alter_partition_requested_topic_data_fields);

constinit const message_schema alter_partition_request::schema =
    message<alter_partition_request>("AlterPartitionRequest",
                                     {.key = static_cast<std::int16_t>(api_key::alter_partition),
                                      .role = message_role::request,
                                      .versions = between(0, 3),
                                      .flexible_since = 0},
                                     alter_partition_request_fields);

constinit const struct_schema alter_partition_response::partition_data::schema =
    structure<alter_partition_answered_partition_data>(
        "PartitionData", alter_partition_answered_partition_data_fields);

constinit const struct_schema alter_partition_response::topic_data::schema =
    structure<alter_partition_answered_topic_data>("TopicData",
                                                   alter_partition_answered_topic_data_fields);

constinit const message_schema alter_partition_response::schema =
    message<alter_partition_response>("AlterPartitionResponse",
                                      {.key = static_cast<std::int16_t>(api_key::alter_partition),
                                       .role = message_role::response,
                                       .versions = between(0, 3),
                                       .flexible_since = 0},
                                      alter_partition_response_fields);

}  // namespace verdikt::kafka::messages
