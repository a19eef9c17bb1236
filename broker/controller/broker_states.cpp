#include "broker/controller/broker_states.h"

#include "broker/controller/partition_change.h"
#include "runtime/check.h"

#include <algorithm>

namespace verdikt::broker::controller {

using kafka::node_id;
using metadata::contains;
using metadata::partition;
using metadata::without;

namespace {

/// Calls `visit(topic, index, partition)` for every partition. The draft may be appended to
/// meanwhile: changes of partitions move neither topics nor partitions.
template <typename Visit>
void for_each_partition(const draft& of, Visit visit) {
    for (const auto& [id, topic] : of.image().topics()) {
        for (std::size_t index = 0; index < topic.partitions.size(); ++index) {
            const metadata::topic_partition_id which{
                id, kafka::partition_index(static_cast<std::int32_t>(index))};
            visit(topic, which, topic.partitions[index]);
        }
    }
}

kafka::messages::broker_registration_change_record change_record(const draft& into, node_id which) {
    const metadata::broker_registration* broker = into.image().find_broker(which);
    CHECK(broker != nullptr, "broker {}", which);
    return {.broker_id = which.value(), .broker_epoch = broker->epoch.value()};
}

/// Out of sync, yet still eligible where that matters.
void leave_in_sync_sets(draft& into, node_id which) {
    for_each_partition(into, [&](const auto& topic, const auto& where, const partition& present) {
        if (!contains(present.isr, which)) return;
        partition_change change = change_of(into, topic, present);
        change.isr = without(present.isr, {which});
        append_change(into, where, change);
    });
}

template <typename IsLost>
void drop_where(draft& into, node_id which, IsLost is_lost) {
    for_each_partition(into, [&](const auto& topic, const auto& where, const partition& present) {
        if (!contains(present.isr, which) && !contains(present.eligible, which)) return;
        if (!is_lost(present.directory_of(which))) return;
        partition_change change = change_of(into, topic, present);
        change.lost = {which};
        append_change(into, where, change);
    });
}

}  // namespace

void fence_broker(draft& into, node_id which) {
    auto record = change_record(into, which);
    record.fenced = 1;
    into.append(record);
    leave_in_sync_sets(into, which);
}

void unfence_broker(draft& into, node_id which) {
    auto record = change_record(into, which);
    record.fenced = -1;
    into.append(record);
    for_each_partition(into, [&](const auto& topic, const auto& where, const partition& present) {
        if (present.leader != kafka::no_node || !contains(present.replicas, which)) return;
        append_change(into, where, change_of(into, topic, present));
    });
}

void begin_controlled_shutdown(draft& into, node_id which) {
    auto record = change_record(into, which);
    record.in_controlled_shutdown = 1;
    into.append(record);
    leave_in_sync_sets(into, which);
}

void drop_replicas(draft& into, node_id which) {
    drop_where(into, which, [](const kafka::uuid&) { return true; });
}

void retire_replicas(draft& into, node_id which) {
    const metadata::broker_registration* broker = into.image().find_broker(which);
    CHECK(broker != nullptr, "broker {}", which);
    drop_where(
        into, which, [&](const kafka::uuid& directory) { return !broker->has_online(directory); });
    leave_in_sync_sets(into, which);
}

void fail_directories(draft& into, node_id which, const std::vector<kafka::uuid>& directories) {
    const metadata::broker_registration* broker = into.image().find_broker(which);
    CHECK(broker != nullptr, "broker {}", which);
    auto record = change_record(into, which);
    std::ranges::copy_if(
        broker->log_dirs, std::back_inserter(record.log_dirs), [&](const kafka::uuid& directory) {
            return std::ranges::find(directories, directory) == directories.end();
        });
    if (record.log_dirs.size() == broker->log_dirs.size()) return;
    const bool none_left = record.log_dirs.empty();
    // An empty list in the record means "as before", so a broker without disks is fenced instead.
    if (none_left) record.fenced = 1;
    if (!none_left || !broker->fenced) into.append(record);
    drop_where(into, which, [&](const kafka::uuid& directory) {
        return none_left || std::ranges::find(directories, directory) != directories.end();
    });
}

}  // namespace verdikt::broker::controller
