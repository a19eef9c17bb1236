// In which directory a partition lies, who is told, and what becomes of directories that fail.
#include "broker/replication/host/directory_reports.h"
#include "broker/replication/host/replicas.h"
#include "runtime/deadline.h"

#include <algorithm>
#include <utility>

namespace verdikt::broker::replication::host {

namespace {

// So that what is created together is told together, and a controller that is away is not besieged.
constexpr runtime::duration report_interval = std::chrono::milliseconds(200);
constexpr runtime::duration repeat_interval = std::chrono::seconds(2);

}  // namespace

storage::log_directory* replicas::directory_with(const kafka::topic_partition& name) const {
    const auto found = std::ranges::find_if(around_.directories, [&](const auto* directory) {
        return directory->partition(name) != nullptr;
    });
    return found == around_.directories.end() ? nullptr : *found;
}

bool replicas::misses_a_directory() const {
    return around_.misses_a_directory ||
           std::ranges::any_of(around_.directories,
                               [](const auto* directory) { return !directory->online(); });
}

/// The one that metadata names, or the one with the fewest partitions. None where the log may lie
/// in a directory that is missing: to start over elsewhere would pass an empty log for the one that
/// is lost. Once every directory is there, one that metadata names and that is not among them was
/// replaced, and its partitions start over; the controller has dropped them from all in-sync sets
/// when this process registered without it (KIP-858).
storage::log_directory* replicas::directory_for_new(const place& which) const {
    const kafka::uuid& assigned = which.wanted->directory;
    const auto named = std::ranges::find_if(around_.directories, [&](const auto* directory) {
        return directory->directory_id() == assigned;
    });
    if (named != around_.directories.end()) return (*named)->online() ? *named : nullptr;
    const bool may_lie_elsewhere = which.is_of_a_former_life || !assigned.is_zero();
    if (may_lie_elsewhere && misses_a_directory()) return nullptr;
    storage::log_directory* best = nullptr;
    std::size_t fewest = 0;
    for (storage::log_directory* directory : around_.directories) {
        if (!directory->online()) continue;
        const auto coming = being_made_.find(directory);
        const std::size_t count =
            directory->partitions().size() + (coming == being_made_.end() ? 0 : coming->second);
        if (best != nullptr && count >= fewest) continue;
        best = directory;
        fewest = count;
    }
    return best;
}

std::optional<kafka::uuid> replicas::directory_of(const metadata::topic_partition_id& which) const {
    const partition_ptr found = find(which);
    if (!found) return std::nullopt;
    const storage::log_directory* directory = directory_with(found->name());
    if (directory == nullptr) return std::nullopt;
    return directory->directory_id();
}

// ---- Reports.

std::vector<replica_location> replicas::untold_locations() const {
    std::vector<replica_location> untold;
    for (const auto& [name, each] : places_) {
        if (!each.open || !each.wanted || each.open->topic_id() != each.wanted->topic_id) continue;
        const storage::log_directory* directory = directory_with(name);
        if (directory == nullptr || directory->directory_id() == each.wanted->directory) continue;
        untold.push_back({.which = {.topic = each.wanted->topic_id, .partition = name.partition},
                          .directory = directory->directory_id()});
        if (untold.size() == locations_per_request_max) break;
    }
    return untold;
}

/// Tells until metadata says the same: what is answered, whom it reaches and what is lost on the
/// way comes to that. A replica in a directory that has failed by now is told all the same: only
/// then does the controller know that it is lost.
runtime::awaitable<void> replicas::run_reports() {
    for (;;) {
        co_await world_.sleep_for(report_interval);
        std::vector<replica_location> untold = untold_locations();
        if (untold.empty()) {
            co_await location_changed_.wait();
        } else {
            (void)co_await around_.assign_directories(
                report_of(settings_.self, epoch_, std::move(untold)));
            // Metadata that says so may be long in coming, where a disk hangs.
            (void)co_await runtime::with_deadline(
                world_, world_.now() + repeat_interval, location_changed_.wait());
        }
    }
}

// ---- Health.

runtime::awaitable<void> replicas::watch(storage::log_directory& directory) {
    while (directory.online()) co_await directory.health_changed().wait();
    if (around_.directory_failed) around_.directory_failed(directory.directory_id());
}

void replicas::disk_stalled(bool stalled) {
    stalled_ = stalled;
    for (const auto& [name, each] : places_) {
        if (each.open) each.open->disk_stalled(stalled);
    }
}

}  // namespace verdikt::broker::replication::host
