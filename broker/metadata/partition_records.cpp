#include "broker/metadata/partition_records.h"

#include <utility>

namespace verdikt::broker::metadata {

namespace messages = kafka::messages;

namespace {

void replace(nodes& present, const std::optional<std::vector<std::int32_t>>& by) {
    if (by) present = from_wire(*by);
}

recovery_state to_recovery_state(std::int8_t wire) {
    return wire == static_cast<std::int8_t>(recovery_state::recovering) ? recovery_state::recovering
                                                                        : recovery_state::recovered;
}

}  // namespace

partition to_partition(const messages::partition_record& from) {
    partition result{
        .replicas = from_wire(from.replicas),
        .directories = from.directories,
        .isr = from_wire(from.isr),
        .adding = from_wire(from.adding_replicas),
        .removing = from_wire(from.removing_replicas),
        .eligible = from_wire(from.eligible_leader_replicas.value_or(std::vector<std::int32_t>{})),
        .last_known_eligible = from_wire(from.last_known_elr.value_or(std::vector<std::int32_t>{})),
        .leader = kafka::node_id(from.leader),
        .leader_epoch = kafka::leader_epoch(from.leader_epoch),
        .epoch = kafka::partition_epoch(from.partition_epoch),
        .recovery = to_recovery_state(from.leader_recovery_state)};
    return result;
}

messages::partition_record to_record(const topic_partition_id& which, const partition& from) {
    messages::partition_record result{
        .partition_id = which.partition.value(),
        .topic_id = which.topic,
        .replicas = to_wire(from.replicas),
        .isr = to_wire(from.isr),
        .removing_replicas = to_wire(from.removing),
        .adding_replicas = to_wire(from.adding),
        .leader = from.leader.value(),
        .leader_epoch = from.leader_epoch.value(),
        .partition_epoch = from.epoch.value(),
        .directories = from.directories,
        .leader_recovery_state = static_cast<std::int8_t>(from.recovery)};
    if (!from.eligible.empty()) result.eligible_leader_replicas = to_wire(from.eligible);
    if (!from.last_known_eligible.empty())
        result.last_known_elr = to_wire(from.last_known_eligible);
    return result;
}

partition changed_by(const messages::partition_change_record& change, partition before) {
    replace(before.replicas, change.replicas);
    replace(before.isr, change.isr);
    replace(before.adding, change.adding_replicas);
    replace(before.removing, change.removing_replicas);
    replace(before.eligible, change.eligible_leader_replicas);
    replace(before.last_known_eligible, change.last_known_elr);
    if (change.directories) before.directories = *change.directories;
    if (change.leader_recovery_state >= 0)
        before.recovery = to_recovery_state(change.leader_recovery_state);
    if (kafka::node_id(change.leader) != leader_unchanged) {
        before.leader = kafka::node_id(change.leader);
        before.leader_epoch = before.leader_epoch.next();
    }
    before.epoch = before.epoch.next();
    return before;
}

}  // namespace verdikt::broker::metadata
