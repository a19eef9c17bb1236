#include "broker/server/topic_catalog.h"

#include "runtime/check.h"

#include <fmt/format.h>

#include <set>

namespace verdikt::broker::server {

using metadata::config_resource;

namespace {

void take_over(config_map& into, const metadata::image& from, const config_resource& of) {
    const auto set = from.configs().find(of);
    if (set == from.configs().end()) return;
    for (const auto& [key, value] : set->second) into.insert_or_assign(key, value);
}

}  // namespace

void topic_catalog::follow(const metadata::image& now, const metadata::changes& changed) {
    for (const auto& [id, name] : changed.topics_removed) {
        by_id_.erase(id);
        const auto known = topics_.find(name);
        // Another of that name may have come in the same step.
        if (known != topics_.end() && known->second->id == id) topics_.erase(known);
    }
    if (follow_broker_configs(now, changed)) {
        for (const auto& [id, which] : now.topics()) take_up(now, which);
        return;
    }
    std::set<kafka::uuid> affected = changed.topics_created;
    for (const auto& which : changed.partitions) affected.insert(which.topic);
    for (const config_resource& of : changed.configs) {
        if (of.type != metadata::resource_type::topic) continue;
        if (const metadata::topic* which = now.find_topic(of.name)) affected.insert(which->id);
    }
    for (const kafka::uuid& id : affected) {
        if (const metadata::topic* which = now.find_topic(id)) take_up(now, *which);
    }
}

bool topic_catalog::follow_broker_configs(const metadata::image& now,
                                          const metadata::changes& changed) {
    const config_resource everybody{metadata::resource_type::broker, ""};
    const config_resource own{metadata::resource_type::broker, fmt::to_string(self_.value())};
    if (!changed.configs.contains(everybody) && !changed.configs.contains(own)) return false;
    config_map values;
    take_over(values, now, everybody);
    take_over(values, now, own);
    config_.set_dynamic(std::move(values));
    return true;
}

void topic_catalog::take_up(const metadata::image& now, const metadata::topic& which) {
    config_map configs;
    take_over(configs, now, {metadata::resource_type::topic, which.name});
    topic_settings settings = settings_of(configs, config_);
    auto taken = std::make_shared<const topic>(topic{.name = which.name,
                                                     .id = which.id,
                                                     .configs = std::move(configs),
                                                     .settings = std::move(settings),
                                                     .partitions = which.partitions.size()});
    by_id_.insert_or_assign(which.id, taken);
    topics_.insert_or_assign(which.name, std::move(taken));
}

std::shared_ptr<const topic> topic_catalog::find(std::string_view name) const {
    const auto found = topics_.find(name);
    return found == topics_.end() ? nullptr : found->second;
}

std::shared_ptr<const topic> topic_catalog::find(const kafka::uuid& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
}

void topic_catalog::check_invariants() const {
    CHECK(topics_.size() == by_id_.size());
    for (const auto& [name, which] : topics_) {
        CHECK(which->name == name);
        CHECK(by_id_.contains(which->id), "{} is not found by its id", name);
    }
}

}  // namespace verdikt::broker::server
