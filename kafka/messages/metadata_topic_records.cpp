#include "kafka/messages/metadata_topic_records.h"

#include "kafka/messages/field.h"

namespace verdikt::kafka::messages {
namespace {

constexpr std::array topic_record_fields{
    field<&topic_record::name>("name", since(0)),
    field<&topic_record::topic_id>("topic_id", since(0)),
};

constexpr std::array remove_topic_record_fields{
    field<&remove_topic_record::topic_id>("topic_id", since(0)),
};

constexpr std::array partition_record_fields{
    field<&partition_record::partition_id>("partition_id", since(0)),
    field<&partition_record::topic_id>("topic_id", since(0)),
    field<&partition_record::replicas>("replicas", since(0)),
    field<&partition_record::isr>("isr", since(0)),
    field<&partition_record::removing_replicas>("removing_replicas", since(0)),
    field<&partition_record::adding_replicas>("adding_replicas", since(0)),
    field<&partition_record::leader>("leader", since(0)),
    field<&partition_record::leader_epoch>("leader_epoch", since(0)),
    field<&partition_record::partition_epoch>("partition_epoch", since(0)),
    field<&partition_record::directories>("directories", since(1)),
    field<&partition_record::leader_recovery_state>("leader_recovery_state", since(0))
        .tagged(0, since(0)),
    field<&partition_record::eligible_leader_replicas>("eligible_leader_replicas", since(2))
        .nullable(since(2))
        .tagged(1, since(2)),
    field<&partition_record::last_known_elr>("last_known_elr", since(2))
        .nullable(since(2))
        .tagged(2, since(2)),
};

constexpr std::array partition_change_record_fields{
    field<&partition_change_record::partition_id>("partition_id", since(0)),
    field<&partition_change_record::topic_id>("topic_id", since(0)),
    field<&partition_change_record::isr>("isr", since(0)).nullable(since(0)).tagged(0, since(0)),
    field<&partition_change_record::leader>("leader", since(0)).tagged(1, since(0)),
    field<&partition_change_record::replicas>("replicas", since(0))
        .nullable(since(0))
        .tagged(2, since(0)),
    field<&partition_change_record::removing_replicas>("removing_replicas", since(0))
        .nullable(since(0))
        .tagged(3, since(0)),
    field<&partition_change_record::adding_replicas>("adding_replicas", since(0))
        .nullable(since(0))
        .tagged(4, since(0)),
    field<&partition_change_record::leader_recovery_state>("leader_recovery_state", since(0))
        .tagged(5, since(0)),
    field<&partition_change_record::eligible_leader_replicas>("eligible_leader_replicas", since(2))
        .nullable(since(2))
        .tagged(6, since(2)),
    field<&partition_change_record::last_known_elr>("last_known_elr", since(2))
        .nullable(since(2))
        .tagged(7, since(2)),
    field<&partition_change_record::directories>("directories", since(1))
        .nullable(since(1))
        .tagged(8, since(1)),
};

}  // namespace

constinit const message_schema topic_record::schema = message<topic_record>(
    "TopicRecord",
    {.key = 2, .role = message_role::metadata, .versions = only(0), .flexible_since = 0},
    topic_record_fields);

constinit const message_schema remove_topic_record::schema = message<remove_topic_record>(
    "RemoveTopicRecord",
    {.key = 9, .role = message_role::metadata, .versions = only(0), .flexible_since = 0},
    remove_topic_record_fields);

constinit const message_schema partition_record::schema = message<partition_record>(
    "PartitionRecord",
    {.key = 3, .role = message_role::metadata, .versions = between(0, 2), .flexible_since = 0},
    partition_record_fields);

constinit const message_schema partition_change_record::schema = message<partition_change_record>(
    "PartitionChangeRecord",
    {.key = 5, .role = message_role::metadata, .versions = between(0, 2), .flexible_since = 0},
    partition_change_record_fields);

}  // namespace verdikt::kafka::messages
