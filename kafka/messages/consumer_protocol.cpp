#include "kafka/messages/consumer_protocol.h"

#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

using subscription_topic_partition = consumer_protocol_subscription::topic_partition;
using assignment_topic_partition = consumer_protocol_assignment::topic_partition;

constexpr std::array subscription_topic_partition_fields{
    field<&subscription_topic_partition::topic>("topic", since(1)),
    field<&subscription_topic_partition::partitions>("partitions", since(1)),
};

constexpr std::array consumer_protocol_subscription_fields{
    field<&consumer_protocol_subscription::topics>("topics", since(0)),
    field<&consumer_protocol_subscription::user_data>("user_data", since(0)).nullable(since(0)),
    field<&consumer_protocol_subscription::owned_partitions>("owned_partitions", since(1))
        .ignorable(),
    field<&consumer_protocol_subscription::generation_id>("generation_id", since(2)).ignorable(),
    field<&consumer_protocol_subscription::rack_id>("rack_id", since(3))
        .nullable(since(3))
        .ignorable(),
};

constexpr std::array assignment_topic_partition_fields{
    field<&assignment_topic_partition::topic>("topic", since(0)),
    field<&assignment_topic_partition::partitions>("partitions", since(0)),
};

constexpr std::array consumer_protocol_assignment_fields{
    field<&consumer_protocol_assignment::assigned_partitions>("assigned_partitions", since(0)),
    field<&consumer_protocol_assignment::user_data>("user_data", since(0)).nullable(since(0)),
};

}  // namespace

constinit const struct_schema consumer_protocol_subscription::topic_partition::schema =
    structure<subscription_topic_partition>("TopicPartition", subscription_topic_partition_fields);

constinit const message_schema consumer_protocol_subscription::schema =
    message<consumer_protocol_subscription>("ConsumerProtocolSubscription",
                                            {.role = message_role::data, .versions = between(0, 3)},
                                            consumer_protocol_subscription_fields);

constinit const struct_schema consumer_protocol_assignment::topic_partition::schema =
    structure<assignment_topic_partition>("TopicPartition", assignment_topic_partition_fields);

constinit const message_schema consumer_protocol_assignment::schema =
    message<consumer_protocol_assignment>("ConsumerProtocolAssignment",
                                          {.role = message_role::data, .versions = between(0, 3)},
                                          consumer_protocol_assignment_fields);

}  // namespace verdikt::kafka::messages
