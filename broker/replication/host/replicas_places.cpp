// Making what is on the disk into what metadata wants.
#include "broker/replication/host/replicas.h"
#include "runtime/check.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::replication::host {

namespace {

// What a disk refused once it may take later, or never.
constexpr runtime::duration place_retry_interval = std::chrono::seconds(1);

}  // namespace

replicas::work replicas::work_left(const kafka::topic_partition& name) const {
    const place& which = places_.at(name);
    const storage::log_directory* directory = directory_with(name);
    if (which.open) {
        const bool is_wanted = which.wanted && which.wanted->topic_id == which.open->topic_id();
        return is_wanted ? work::none : work::take_away;
    }
    if (directory == nullptr) {
        return which.wanted && directory_for_new(which) != nullptr ? work::open : work::none;
    }
    if (!which.wanted) return work::take_away;
    const kafka::uuid found = directory->partition(name)->topic_id();
    const bool is_same = found.is_zero() || found == which.wanted->topic_id;
    return is_same ? work::open : work::take_away;
}

runtime::awaitable<void> replicas::reconcile(kafka::topic_partition name) {
    for (work next = work_left(name); next != work::none; next = work_left(name)) {
        const step_outcome done =
            next == work::open ? co_await open(name) : co_await take_away(name);
        if (done) continue;
        world_.log().write(runtime::log_level::error,
                           next == work::open ? "partition_not_opened" : "partition_not_removed",
                           {{"partition", name}, {"reason", storage::describe(done.error())}});
        co_await world_.sleep_for(place_retry_interval);
    }
    places_.at(name).under_way = false;
    const place& which = places_.at(name);
    if (!which.wanted && !which.open) places_.erase(name);
    settled_.notify_all();
}

runtime::awaitable<replicas::step_outcome> replicas::take_away(kafka::topic_partition name) {
    if (const partition_ptr gone = std::exchange(places_.at(name).open, nullptr)) {
        by_id_.erase({.topic = gone->topic_id(), .partition = name.partition});
        co_await gone->stop();
    }
    storage::log_directory* directory = directory_with(name);
    if (directory == nullptr) co_return step_outcome();
    const bool set_aside = std::exchange(places_.at(name).set_aside, false);
    world_.log().write(set_aside ? runtime::log_level::warning : runtime::log_level::info,
                       set_aside ? "stray_partition_set_aside" : "partition_deleted",
                       {{"partition", name}});
    if (set_aside) co_return co_await directory->set_aside_partition(name);
    co_return co_await directory->delete_partition(name);
}

runtime::awaitable<replicas::step_outcome> replicas::open(kafka::topic_partition name) {
    const kafka::uuid topic_id = places_.at(name).wanted->topic_id;
    const storage::log_config config = places_.at(name).wanted->settings.log;
    std::shared_ptr<storage::partition_log> log;
    if (const storage::log_directory* directory = directory_with(name)) {
        log = directory->partition(name);
    } else {
        storage::log_directory* into = directory_for_new(places_.at(name));
        CHECK(into != nullptr, "{} has no place", name);
        ++being_made_[into];
        auto created = co_await into->create_partition(name, topic_id, config);
        --being_made_[into];
        if (!created) co_return std::unexpected(created.error());
        log = std::move(*created);
    }
    // Metadata may have moved on while the disk worked.
    place& which = places_.at(name);
    if (!which.wanted || which.wanted->topic_id != topic_id) co_return step_outcome();
    which.open = std::make_shared<hosted_partition>(world_,
                                                    static_cast<partition_host&>(*this),
                                                    settings_.self,
                                                    epoch_,
                                                    topic_id,
                                                    std::move(log),
                                                    which.wanted->settings);
    by_id_[{.topic = topic_id, .partition = name.partition}] = which.open;
    which.open->controller_reachable(controller_reachable_);
    which.open->disk_stalled(stalled_);
    tell_open(which);
    location_changed_.notify_all();
    co_return step_outcome();
}

runtime::awaitable<void> replicas::until_settled() {
    const auto is_under_way = [](const auto& entry) {
        const partition_ptr& open = entry.second.open;
        const bool begins_to_lead = open != nullptr && open->role() == replica_role::leader &&
                                    !open->is_stalled() && !open->serving_epoch();
        return entry.second.under_way || begins_to_lead;
    };
    while (std::ranges::any_of(places_, is_under_way)) co_await settled_.wait();
}

}  // namespace verdikt::broker::replication::host
