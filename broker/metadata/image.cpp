#include "broker/metadata/image.h"

#include "broker/metadata/broker_records.h"
#include "broker/metadata/partition_records.h"
#include "runtime/check.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::metadata {

namespace messages = kafka::messages;

namespace {

std::optional<resource_type> to_resource_type(std::int8_t wire) {
    switch (static_cast<resource_type>(wire)) {
        case resource_type::topic:
        case resource_type::broker:
        case resource_type::group:
            return static_cast<resource_type>(wire);
    }
    return std::nullopt;
}

template <typename Map, typename Key>
auto* find_value(Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

}  // namespace

std::string_view describe(apply_errc what) {
    switch (what) {
        case apply_errc::already_applied:
            return "applied already";
        case apply_errc::unknown_broker:
            return "there is no such broker, or the record is of an earlier process of it";
        case apply_errc::unknown_topic:
            return "there is no such topic";
        case apply_errc::unknown_partition:
            return "there is no such partition";
        case apply_errc::topic_exists:
            return "there is such a topic already";
        case apply_errc::bad_partition:
            return "it makes a partition that cannot be";
        case apply_errc::partition_gap:
            return "it is not the topic's next partition";
        case apply_errc::unknown_resource:
            return "it sets something of an unknown kind";
        case apply_errc::ids_went_back:
            return "it would give out producer ids again";
    }
    return "unknown";
}

std::expected<void, apply_errc> image::apply(const record& which,
                                             log_position where,
                                             changes& changed) {
    if (where.offset <= position_.offset) return std::unexpected(apply_errc::already_applied);
    const result done = change(which, changed);
    if (done) position_ = where;
    return done;
}

void image::skip_to(log_position where) {
    if (where.offset > position_.offset) position_ = where;
}

image::result image::change(const record& which, changes& changed) {
    return std::visit([&](const auto& with) { return change(with, changed); }, which);
}

image::result image::change(const messages::register_broker_record& with, changes& changed) {
    const kafka::node_id which(with.broker_id);
    brokers_.insert_or_assign(which, to_registration(with));
    changed.brokers.insert(which);
    return {};
}

image::result image::change(const messages::unregister_broker_record& with, changes& changed) {
    const kafka::node_id which(with.broker_id);
    const broker_registration* present = find_broker(which);
    if (present == nullptr || present->epoch.value() != with.broker_epoch)
        return std::unexpected(apply_errc::unknown_broker);
    brokers_.erase(which);
    changed.brokers.insert(which);
    return {};
}

image::result image::change(const messages::broker_registration_change_record& with,
                            changes& changed) {
    const kafka::node_id which(with.broker_id);
    broker_registration* present = find_value(brokers_, which);
    if (present == nullptr || present->epoch.value() != with.broker_epoch)
        return std::unexpected(apply_errc::unknown_broker);
    *present = changed_by(with, std::move(*present));
    changed.brokers.insert(which);
    return {};
}

image::result image::change(const messages::topic_record& with, changes& changed) {
    if (topics_.contains(with.topic_id) || topic_ids_.contains(with.name))
        return std::unexpected(apply_errc::topic_exists);
    topics_.emplace(with.topic_id, topic{.name = with.name, .id = with.topic_id, .partitions = {}});
    topic_ids_.emplace(with.name, with.topic_id);
    changed.topics_created.insert(with.topic_id);
    return {};
}

image::result image::change(const messages::remove_topic_record& with, changes& changed) {
    const auto found = topics_.find(with.topic_id);
    if (found == topics_.end()) return std::unexpected(apply_errc::unknown_topic);
    topic& going = found->second;
    // Settings go with their topic, or a later topic of that name would inherit them.
    const config_resource settings{.type = resource_type::topic, .name = going.name};
    if (configs_.erase(settings) > 0) changed.configs.insert(settings);
    std::erase_if(changed.partitions,
                  [&](const topic_partition_id& which) { return which.topic == with.topic_id; });
    topic_ids_.erase(going.name);
    if (changed.topics_created.erase(with.topic_id) == 0)
        changed.topics_removed.emplace(with.topic_id, std::move(going.name));
    topics_.erase(found);
    return {};
}

image::result image::change(const messages::partition_record& with, changes& changed) {
    topic* of = find_value(topics_, with.topic_id);
    if (of == nullptr) return std::unexpected(apply_errc::unknown_topic);
    if (with.partition_id < 0 ||
        static_cast<std::size_t>(with.partition_id) != of->partitions.size())
        return std::unexpected(apply_errc::partition_gap);
    partition made = to_partition(with);
    if (made.fault()) return std::unexpected(apply_errc::bad_partition);
    of->partitions.push_back(std::move(made));
    changed.partitions.insert({with.topic_id, kafka::partition_index(with.partition_id)});
    return {};
}

image::result image::change(const messages::partition_change_record& with, changes& changed) {
    topic* of = find_value(topics_, with.topic_id);
    if (of == nullptr) return std::unexpected(apply_errc::unknown_topic);
    if (with.partition_id < 0 ||
        static_cast<std::size_t>(with.partition_id) >= of->partitions.size())
        return std::unexpected(apply_errc::unknown_partition);
    partition& present = of->partitions[static_cast<std::size_t>(with.partition_id)];
    partition made = changed_by(with, present);
    if (made.fault()) return std::unexpected(apply_errc::bad_partition);
    present = std::move(made);
    changed.partitions.insert({with.topic_id, kafka::partition_index(with.partition_id)});
    return {};
}

image::result image::change(const messages::config_record& with, changes& changed) {
    const auto type = to_resource_type(with.resource_type);
    if (!type) return std::unexpected(apply_errc::unknown_resource);
    const config_resource of{.type = *type, .name = with.resource_name};
    config_values& values = configs_[of];
    if (with.value) {
        values.insert_or_assign(with.name, *with.value);
    } else {
        values.erase(with.name);
    }
    if (values.empty()) configs_.erase(of);
    changed.configs.insert(of);
    return {};
}

image::result image::change(const messages::feature_level_record& with, changes& changed) {
    if (with.feature_level == 0) {
        features_.erase(with.name);
    } else {
        features_.insert_or_assign(with.name, with.feature_level);
    }
    changed.features.insert(with.name);
    return {};
}

image::result image::change(const messages::producer_ids_record& with, changes& changed) {
    const kafka::producer_id next(with.next_producer_id);
    if (next < next_producer_id_) return std::unexpected(apply_errc::ids_went_back);
    next_producer_id_ = next;
    changed.producer_ids = true;
    return {};
}

image::result image::change(const messages::no_op_record& /*with*/, changes& /*changed*/) {
    return {};
}

const broker_registration* image::find_broker(kafka::node_id which) const {
    return find_value(brokers_, which);
}

const topic* image::find_topic(const kafka::uuid& id) const {
    return find_value(topics_, id);
}

const topic* image::find_topic(std::string_view name) const {
    const auto* id = find_value(topic_ids_, name);
    return id == nullptr ? nullptr : find_topic(*id);
}

const partition* image::find_partition(const topic_partition_id& which) const {
    const topic* of = find_topic(which.topic);
    if (of == nullptr || which.partition.value() < 0 ||
        static_cast<std::size_t>(which.partition.value()) >= of->partitions.size())
        return nullptr;
    return &of->partitions[static_cast<std::size_t>(which.partition.value())];
}

const std::string* image::find_config(const config_resource& of, std::string_view key) const {
    const config_values* values = find_value(configs_, of);
    return values == nullptr ? nullptr : find_value(*values, key);
}

const std::string* image::find_topic_config(std::string_view topic, std::string_view key) const {
    const std::string* own = find_config({resource_type::topic, std::string(topic)}, key);
    return own != nullptr ? own : find_config({resource_type::broker, ""}, key);
}

std::int16_t image::feature_level(std::string_view feature) const {
    const auto* level = find_value(features_, feature);
    return level == nullptr ? std::int16_t{0} : *level;
}

bool image::is_electable(const partition& of, kafka::node_id replica) const {
    const broker_registration* broker = find_broker(replica);
    return broker != nullptr && broker->is_active() && broker->has_online(of.directory_of(replica));
}

void image::check_invariants() const {
    CHECK(topics_.size() == topic_ids_.size());
    for (const auto& [id, which] : topics_) {
        const auto found = topic_ids_.find(which.name);
        CHECK(found != topic_ids_.end() && found->second == id, "topic {}", which.name);
        for (const partition& each : which.partitions) {
            const auto wrong = each.fault();
            CHECK(!wrong, "a partition of {}: {}", which.name, *wrong);
        }
    }
    for (const auto& [which, values] : configs_) CHECK(!values.empty(), "{}", which.name);
    for (const auto& [feature, level] : features_) CHECK(level != 0, "{}", feature);
}

}  // namespace verdikt::broker::metadata
