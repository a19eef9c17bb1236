#include "broker/replication/host/replicas.h"

#include "broker/replication/host/alter_partition_sender.h"
#include "broker/replication/host/leader_fetcher.h"
#include "runtime/check.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace verdikt::broker::replication::host {

namespace {

partition_state state_of(const metadata::partition& which) {
    return {.replicas = which.replicas,
            .isr = {which.isr.begin(), which.isr.end()},
            .leader = which.leader,
            .leader_epoch = which.leader_epoch,
            .epoch = which.epoch,
            .recovery = which.recovery == metadata::recovery_state::recovering
                            ? recovery_state::recovering
                            : recovery_state::recovered};
}

std::vector<kafka::node_id> lost_of(const metadata::image& image,
                                    const metadata::partition& which) {
    std::vector<kafka::node_id> lost;
    for (const kafka::node_id node : which.replicas) {
        const auto* broker = image.find_broker(node);
        if (broker != nullptr && !broker->has_online(which.directory_of(node)))
            lost.push_back(node);
    }
    return lost;
}

kafka::topic_partition first_of(const std::string& topic) {
    return {.topic = topic,
            .partition = kafka::partition_index(std::numeric_limits<std::int32_t>::min())};
}

}  // namespace

replicas::replicas(runtime::environment& world,
                   replicas_settings settings,
                   replicas_surroundings around)
    : world_(world),
      settings_(settings),
      around_(std::move(around)),
      sender_(std::make_unique<alter_partition_sender>(*this, around_)),
      tasks_(world.get_executor()) {}

replicas::~replicas() = default;

// ---- Metadata.

void replicas::registered(broker_epoch epoch) {
    epoch_ = epoch;
    for (const auto& [name, each] : places_) {
        if (each.open) each.open->registered(epoch);
    }
}

void replicas::learn_brokers(const metadata::image& image) {
    brokers_.clear();
    for (const auto& [node, known] : image.brokers()) {
        brokers_[node] = {.epoch = known.epoch,
                          .fenced = known.fenced,
                          .shutting_down = known.in_controlled_shutdown};
    }
}

void replicas::load(const metadata::image& image) {
    CHECK(!loaded_ && epoch_ != no_broker_epoch);
    learn_brokers(image);
    // Before anything is placed: what is in the way of a partition must not be deleted for it.
    const std::vector<kafka::topic_partition> strays = find_strays(image);
    for (const kafka::topic_partition& each : strays) places_[each].set_aside = true;
    for (const auto& [id, topic] : image.topics()) {
        for (std::size_t index = 0; index < topic.partitions.size(); ++index) {
            const auto which = kafka::partition_index(static_cast<std::int32_t>(index));
            place_partition(image, {.topic = id, .partition = which});
        }
    }
    for (const kafka::topic_partition& each : strays) {
        const auto found = places_.find(each);
        if (found != places_.end() && !found->second.wanted) want(each, std::nullopt);
    }
    loaded_ = true;
    tell_missing();
}

void replicas::tell_missing() const {
    const auto missing = std::ranges::count_if(places_, [](const auto& entry) {
        return entry.second.wanted && !entry.second.open && !entry.second.under_way;
    });
    if (missing == 0) return;
    world_.log().write(
        runtime::log_level::error, "partitions_in_missing_directories", {{"partitions", missing}});
}

std::vector<kafka::topic_partition> replicas::find_strays(const metadata::image& image) const {
    std::vector<kafka::topic_partition> strays;
    for (const storage::log_directory* directory : around_.directories) {
        for (const auto& log : directory->partitions()) {
            const kafka::topic_partition& name = log->partition();
            // That one is the quorum's.
            if (name.topic == kafka::metadata_log_topic) continue;
            const metadata::topic* topic = image.find_topic(name.topic);
            const bool is_same =
                topic != nullptr && (log->topic_id().is_zero() || log->topic_id() == topic->id);
            const metadata::partition* placed =
                is_same ? image.find_partition({.topic = topic->id, .partition = name.partition})
                        : nullptr;
            if (placed != nullptr && metadata::contains(placed->replicas, settings_.self)) continue;
            strays.push_back(name);
        }
    }
    return strays;
}

void replicas::apply(const metadata::image& image, const metadata::changes& changed) {
    CHECK(loaded_);
    if (!changed.brokers.empty()) learn_brokers(image);
    for (const auto& [id, name] : changed.topics_removed) withdraw_topic(id, name);
    for (const auto& which : changed.partitions) place_partition(image, which);
    for (const auto& resource : changed.configs) {
        if (resource.type == metadata::resource_type::topic) configure_topic(image, resource.name);
        if (resource.type == metadata::resource_type::broker) configure(image);
    }
    if (changed.brokers.empty()) return;
    learn_lost(image);
    for (const auto& [name, each] : places_) tell_open(each);
}

void replicas::learn_lost(const metadata::image& image) {
    for (auto& [name, each] : places_) {
        if (!each.wanted) continue;
        const metadata::partition* known =
            image.find_partition({.topic = each.wanted->topic_id, .partition = name.partition});
        if (known != nullptr) each.wanted->lost = lost_of(image, *known);
    }
}

void replicas::place_partition(const metadata::image& image,
                               const metadata::topic_partition_id& which) {
    const metadata::partition* partition = image.find_partition(which);
    CHECK(partition != nullptr);
    const std::string& topic = image.find_topic(which.topic)->name;
    const kafka::topic_partition name{.topic = topic, .partition = which.partition};
    if (metadata::contains(partition->replicas, settings_.self)) {
        want(name,
             placement{.topic_id = which.topic,
                       .directory = partition->directory_of(settings_.self),
                       .state = state_of(*partition),
                       .settings = around_.settings_of(image, topic),
                       .lost = lost_of(image, *partition)});
        return;
    }
    const auto found = places_.find(name);
    if (found == places_.end() || !found->second.wanted) return;
    if (found->second.wanted->topic_id == which.topic) want(name, std::nullopt);
}

void replicas::withdraw_topic(const kafka::uuid& id, const std::string& name) {
    std::vector<kafka::topic_partition> gone;
    for (auto at = places_.lower_bound(first_of(name));
         at != places_.end() && at->first.topic == name;
         ++at) {
        if (at->second.wanted && at->second.wanted->topic_id == id) gone.push_back(at->first);
    }
    for (const kafka::topic_partition& each : gone) want(each, std::nullopt);
}

void replicas::configure_topic(const metadata::image& image, const std::string& name) {
    if (image.find_topic(name) == nullptr) return;
    const partition_settings settings = around_.settings_of(image, name);
    for (auto at = places_.lower_bound(first_of(name));
         at != places_.end() && at->first.topic == name;
         ++at) {
        if (at->second.wanted) at->second.wanted->settings = settings;
        if (at->second.open) at->second.open->configure(settings);
    }
}

void replicas::configure(const metadata::image& image) {
    for (const auto& [id, topic] : image.topics()) configure_topic(image, topic.name);
}

void replicas::want(const kafka::topic_partition& name, std::optional<placement> wanted) {
    place& which = places_[name];
    which.is_of_a_former_life = wanted && (which.is_of_a_former_life || !loaded_);
    which.wanted = std::move(wanted);
    tell_open(which);
    location_changed_.notify_all();
    if (which.under_way || work_left(name) == work::none) return;
    which.under_way = true;
    tasks_.spawn(reconcile(name));
}

void replicas::tell_open(const place& which) {
    if (!which.open || !which.wanted) return;
    if (which.open->topic_id() != which.wanted->topic_id) return;
    if (which.wanted->lost.empty()) {
        which.open->apply(which.wanted->state, brokers_);
        return;
    }
    broker_standings known = brokers_;
    for (const kafka::node_id node : which.wanted->lost) known[node].fenced = true;
    which.open->apply(which.wanted->state, known);
}

void replicas::controller_reachable(bool reachable) {
    controller_reachable_ = reachable;
    for (const auto& [name, each] : places_) {
        if (each.open) each.open->controller_reachable(reachable);
    }
}

// ---- Looking up.

partition_ptr replicas::find(const kafka::topic_partition& which) const {
    const auto found = places_.find(which);
    return found == places_.end() ? nullptr : found->second.open;
}

partition_ptr replicas::find(const metadata::topic_partition_id& which) const {
    const auto found = by_id_.find(which);
    return found == by_id_.end() ? nullptr : found->second;
}

kafka::error_code replicas::why_absent(const kafka::topic_partition& which) const {
    return around_.exists(which) ? kafka::error_code::not_leader_or_follower
                                 : kafka::error_code::unknown_topic_or_partition;
}

kafka::error_code replicas::why_absent(const metadata::topic_partition_id& which) const {
    return around_.exists_by_id(which) ? kafka::error_code::not_leader_or_follower
                                       : kafka::error_code::unknown_topic_id;
}

std::vector<partition_ptr> replicas::each() const {
    std::vector<partition_ptr> all;
    for (const auto& [name, which] : places_) {
        if (which.open) all.push_back(which.open);
    }
    return all;
}

// ---- What partitions ask for.

leader_fetcher& replicas::fetcher_of(kafka::node_id leader) {
    auto& found = fetchers_[leader];
    if (!found) {
        found = std::make_unique<leader_fetcher>(*this, around_.links, leader);
        tasks_.spawn(found->run());
    }
    return *found;
}

void replicas::fetch_wanted(partition_ptr by, const send_fetch& what) {
    if (!stopped_) fetcher_of(what.leader).want(std::move(by), what);
}

void replicas::leader_bounds_wanted(partition_ptr by, const ask_leader_bounds& what) {
    if (!stopped_) tasks_.spawn(fetcher_of(what.leader).ask_bounds(std::move(by), what));
}

void replicas::alter_partition_wanted(partition_ptr by, send_alter_partition what) {
    if (!stopped_) sender_->want(std::move(by), std::move(what));
}

void replicas::role_changed(const hosted_partition& which) {
    if (around_.leadership_changed) around_.leadership_changed(which, which.serving_epoch());
    settled_.notify_all();
}

void replicas::check_invariants() const {
    for (const auto& [name, which] : places_) {
        if (!which.open) continue;
        which.open->check_invariants();
        CHECK(which.open->name() == name);
        CHECK(!which.open->is_stopped());
        const auto found = by_id_.find(
            {.topic = which.open->topic_id(), .partition = which.open->name().partition});
        CHECK(found != by_id_.end() && found->second == which.open, "{} is not found", name);
    }
}

}  // namespace verdikt::broker::replication::host
