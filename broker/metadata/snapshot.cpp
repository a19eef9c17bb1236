/// An image as records and back, and what lies between two images.
#include "broker/metadata/broker_records.h"
#include "broker/metadata/image.h"
#include "broker/metadata/partition_records.h"

#include <utility>

namespace verdikt::broker::metadata {

namespace messages = kafka::messages;

namespace {

void add_topic(std::vector<record>& records, const topic& which) {
    records.push_back(messages::topic_record{.name = which.name, .topic_id = which.id});
    kafka::partition_index index{0};
    for (const partition& each : which.partitions) {
        records.push_back(to_record({which.id, index}, each));
        index = index.next();
    }
}

void add_configs(std::vector<record>& records,
                 const config_resource& of,
                 const config_values& values) {
    for (const auto& [key, value] : values) {
        records.push_back(
            messages::config_record{.resource_type = static_cast<std::int8_t>(of.type),
                                    .resource_name = of.name,
                                    .name = key,
                                    .value = value});
    }
}

/// Calls `changed` with each key that only one of the maps has, or that has different values.
template <typename Map, typename Changed>
void for_each_difference(const Map& before, const Map& after, Changed changed) {
    for (const auto& [key, value] : before) {
        const auto found = after.find(key);
        if (found == after.end() || found->second != value) changed(key);
    }
    for (const auto& [key, value] : after) {
        if (!before.contains(key)) changed(key);
    }
}

void compare_partitions(const topic& before, const topic& after, changes& into) {
    for (std::size_t index = 0; index < after.partitions.size(); ++index) {
        if (index < before.partitions.size() && before.partitions[index] == after.partitions[index])
            continue;
        into.partitions.insert(
            {after.id, kafka::partition_index(static_cast<std::int32_t>(index))});
    }
}

void compare_topics(const image& before, const image& after, changes& into) {
    for (const auto& [id, which] : before.topics()) {
        if (after.find_topic(id) == nullptr) into.topics_removed.emplace(id, which.name);
    }
    for (const auto& [id, which] : after.topics()) {
        const topic* old = before.find_topic(id);
        if (old == nullptr) into.topics_created.insert(id);
        compare_partitions(old == nullptr ? topic{} : *old, which, into);
    }
}

}  // namespace

std::vector<record> image::snapshot() const {
    std::vector<record> records;
    // Levels first: they say how to read the rest.
    for (const auto& [feature, level] : features_)
        records.push_back(messages::feature_level_record{.name = feature, .feature_level = level});
    for (const auto& [id, which] : brokers_) records.push_back(to_record(id, which));
    for (const auto& [id, which] : topics_) add_topic(records, which);
    for (const auto& [of, values] : configs_) add_configs(records, of, values);
    if (next_producer_id_ != kafka::producer_id(0)) {
        records.push_back(
            messages::producer_ids_record{.broker_id = kafka::no_node.value(),
                                          .broker_epoch = kafka::no_broker_epoch.value(),
                                          .next_producer_id = next_producer_id_.value()});
    }
    return records;
}

std::expected<image, apply_errc> image::restored(std::span<const record> records,
                                                 log_position where) {
    image result;
    changes ignored;
    for (const record& each : records) {
        if (const auto done = result.change(each, ignored); !done)
            return std::unexpected(done.error());
    }
    result.position_ = where;
    return result;
}

changes difference(const image& before, const image& after) {
    changes result;
    for_each_difference(before.brokers(), after.brokers(), [&](kafka::node_id which) {
        result.brokers.insert(which);
    });
    compare_topics(before, after, result);
    for_each_difference(before.configs(), after.configs(), [&](const config_resource& which) {
        result.configs.insert(which);
    });
    for_each_difference(before.features(), after.features(), [&](const std::string& which) {
        result.features.insert(which);
    });
    result.producer_ids = before.next_producer_id() != after.next_producer_id();
    return result;
}

}  // namespace verdikt::broker::metadata
