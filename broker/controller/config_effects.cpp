#include "broker/controller/config_effects.h"

#include "broker/controller/partition_change.h"

namespace verdikt::broker::controller {

namespace {

void rework(draft& into, const metadata::topic& topic) {
    for (std::size_t index = 0; index < topic.partitions.size(); ++index) {
        const metadata::partition& present = topic.partitions[index];
        if (present.leader != kafka::no_node && present.eligible.empty()) continue;
        append_change(into,
                      {topic.id, kafka::partition_index(static_cast<std::int32_t>(index))},
                      change_of(into, topic, present));
    }
}

}  // namespace

void follow_config_change(draft& into, const metadata::config_resource& of) {
    const bool of_all_brokers = of.type == metadata::resource_type::broker && of.name.empty();
    if (of_all_brokers) {
        for (const auto& [id, topic] : into.image().topics()) rework(into, topic);
    } else if (of.type == metadata::resource_type::topic) {
        const metadata::topic* topic = into.image().find_topic(of.name);
        if (topic != nullptr) rework(into, *topic);
    }
}

}  // namespace verdikt::broker::controller
