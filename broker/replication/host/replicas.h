/// The partitions of one node: makes them as metadata says, finds them, takes them away.
///
///     replicas here(world, settings, {.directories = ..., .links = ..., ...});
///     here.start();
///     here.registered(epoch);             // lifecycle has its broker epoch (and at every new one)
///     here.load(image);                   // once, when the metadata log has been caught up with
///     here.apply(image, changes);         // from then on, whole batches of the metadata log
///     ... here.find(...)->append(...)
///     co_await here.stop();
///
/// A partition that metadata places here is found as soon as its log is open; until then, and while
/// it is not led from here, it answers NOT_LEADER_OR_FOLLOWER. One that metadata takes away, by
/// deleting its topic or moving its replica, is deleted. A log in the directories that metadata did
/// not place here when it was loaded is set aside, never deleted: should the metadata be the wrong
/// ones, it may be all that is left.
///
/// A directory that fails: its partitions give up their roles and answer KAFKA_STORAGE_ERROR, and
/// `directory_failed` is called once with its id, for the heartbeat to tell the controller
/// (`OfflineLogDirs`, KIP-858), which elects others. That it knows whom that concerns, it is told
/// beforehand where each replica lies (AssignReplicasToDirs). While a disk hangs (`disk_stalled`)
/// no partition here serves: the broker asks to be fenced, and may not hear who leads instead.
///
/// Owns the fetchers (one a leader node), the sender of AlterPartition, the clock tick, the reports
/// of directories and the checkpoints of high watermarks. Lives on one executor; `stop` must have
/// returned before it is destroyed, and before the log directories stop.
#pragma once

#include "broker/link/node_links.h"
#include "broker/metadata/image.h"
#include "broker/replication/host/directory_reports.h"
#include "broker/replication/host/hosted_partition.h"
#include "broker/storage/log_directory.h"
#include "kafka/messages/alter_partition.h"
#include "kafka/messages/assign_replicas_to_dirs.h"
#include "runtime/environment.h"
#include "runtime/notification.h"
#include "runtime/scope.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace verdikt::broker::replication::host {

class leader_fetcher;
class alter_partition_sender;

struct fetcher_settings {
    std::chrono::milliseconds max_wait{500};           ///< replica.fetch.wait.max.ms
    std::int32_t min_bytes = 1;                        ///< replica.fetch.min.bytes
    std::int32_t bytes_max = 10 << 20;                 ///< replica.fetch.response.max.bytes
    std::int32_t partition_bytes_max = 1 << 20;        ///< replica.fetch.max.bytes
    std::chrono::milliseconds request_timeout{3'000};  ///< Beyond the wait itself.
    /// How long a next request waits for partitions that still write what the last one brought, so
    /// that they are in it.
    std::chrono::milliseconds gather_max{10};
};

struct replicas_settings {
    kafka::node_id self;
    fetcher_settings fetcher;
    std::chrono::milliseconds tick_interval{100};
    /// replica.high.watermark.checkpoint.interval.ms
    std::chrono::milliseconds checkpoint_interval{5'000};
};

/// What the wiring gives. All references outlive the replicas; functions are never called from
/// within a call into them, but `settings_of` and `leadership_changed`, which must not call back.
struct replicas_surroundings {
    std::vector<storage::log_directory*> directories;
    link::node_links& links;
    /// Carries an AlterPartition to the active controller, wherever that is. Nothing where no
    /// answer came: it may have been applied.
    std::function<runtime::awaitable<std::optional<kafka::messages::alter_partition_response>>(
        kafka::messages::alter_partition_request)>
        alter_partition;
    /// What the topic's configuration comes to, by the image and the node's own.
    std::function<partition_settings(const metadata::image&, const std::string& topic)> settings_of;
    /// Whether the cluster has such a partition at all. What this node has no replica of is
    /// NOT_LEADER_OR_FOLLOWER if so, and else unknown.
    std::function<bool(const kafka::topic_partition&)> exists;
    std::function<bool(const metadata::topic_partition_id&)> exists_by_id;
    /// This node began to lead and serve the partition in that epoch, or (nothing) ceased to. For
    /// coordinators.
    std::function<void(const hosted_partition&, std::optional<kafka::leader_epoch>)>
        leadership_changed = {};
    std::function<void(const kafka::uuid& directory)> directory_failed = {};
    /// Carries an AssignReplicasToDirs to the active controller; nothing where no answer came.
    /// Where there is no such function, nobody is told.
    std::function<
        runtime::awaitable<std::optional<kafka::messages::assign_replicas_to_dirs_response>>(
            kafka::messages::assign_replicas_to_dirs_request)>
        assign_directories = {};
    /// A directory that the configuration names could not be opened: it may hold what is not found.
    bool misses_a_directory = false;
};

class replicas final : private partition_host {
  public:
    replicas(runtime::environment& world, replicas_settings settings, replicas_surroundings around);
    ~replicas() override;

    void start();
    /// No Fetch waits from now on: the node is about to stop.
    void stop_waiting();
    [[nodiscard]] bool lets_wait() const { return !waiting_is_over_; }
    [[nodiscard]] runtime::awaitable<void> stop();

    // ---- Metadata.

    void registered(broker_epoch epoch);
    [[nodiscard]] broker_epoch epoch() const { return epoch_; }
    /// Requires: `registered` was called; the image is at least as new as that registration.
    void load(const metadata::image& image);
    /// Requires: after `load`; every change since is in one of the calls.
    void apply(const metadata::image& image, const metadata::changes& changed);
    /// The node's own configuration changed: all settings are asked for anew.
    void configure(const metadata::image& image);
    /// Whether the controller answers our heartbeats.
    void controller_reachable(bool reachable);
    /// Whether a disk of this node hangs.
    void disk_stalled(bool stalled);
    /// Returns once everything that metadata asked for is made, opened or deleted, and what this
    /// node leads is served.
    [[nodiscard]] runtime::awaitable<void> until_settled();

    // ---- Looking up. Null where this node has none (open).

    [[nodiscard]] partition_ptr find(const kafka::topic_partition& which) const;
    [[nodiscard]] partition_ptr find(const metadata::topic_partition_id& which) const;
    /// Why `find` has nothing: NOT_LEADER_OR_FOLLOWER, UNKNOWN_TOPIC_OR_PARTITION or
    /// UNKNOWN_TOPIC_ID.
    [[nodiscard]] kafka::error_code why_absent(const kafka::topic_partition& which) const;
    [[nodiscard]] kafka::error_code why_absent(const metadata::topic_partition_id& which) const;
    /// A Fetch waits in these until it is woken.
    void enlist(read_wait& wait) { waiting_reads_.push_back(&wait); }
    void forget(read_wait& wait) { std::erase(waiting_reads_, &wait); }
    /// By name, sorted.
    [[nodiscard]] std::vector<partition_ptr> each() const;
    /// Where the replica lies; nothing if it is not here.
    [[nodiscard]] std::optional<kafka::uuid> directory_of(
        const metadata::topic_partition_id& which) const;

    [[nodiscard]] const replicas_settings& settings() const { return settings_; }
    [[nodiscard]] runtime::environment& world() { return world_; }
    void check_invariants() const;

  private:
    /// What metadata says of one partition of this node.
    struct placement {
        kafka::uuid topic_id;
        kafka::uuid directory;  ///< Where it lies; zero if the controller does not know yet.
        partition_state state;
        partition_settings settings;
        /// Replicas in directories that their brokers have lost: nobody waits for them to catch up.
        std::vector<kafka::node_id> lost = {};
    };
    /// One name: whatever is wanted of it now, and whatever is there.
    struct place {
        std::optional<placement> wanted;
        partition_ptr open;
        bool under_way = false;            ///< A coroutine makes what is there into what is wanted.
        bool set_aside = false;            ///< What is there was never placed here.
        bool is_of_a_former_life = false;  ///< Metadata had placed it here when this process began.
    };

    // partition_host
    void fetch_wanted(partition_ptr by, const send_fetch& what) override;
    void leader_bounds_wanted(partition_ptr by, const ask_leader_bounds& what) override;
    void alter_partition_wanted(partition_ptr by, send_alter_partition what) override;
    void role_changed(const hosted_partition& which) override;

    void learn_brokers(const metadata::image& image);
    [[nodiscard]] std::vector<kafka::topic_partition> find_strays(
        const metadata::image& image) const;
    void tell_missing() const;
    void place_partition(const metadata::image& image, const metadata::topic_partition_id& which);
    void withdraw_topic(const kafka::uuid& id, const std::string& name);
    void configure_topic(const metadata::image& image, const std::string& name);
    void want(const kafka::topic_partition& name, std::optional<placement> wanted);
    void tell_open(const place& which);
    void learn_lost(const metadata::image& image);

    // replicas_places.cpp
    enum class work { none, take_away, open };
    using step_outcome = std::expected<void, storage::errc>;
    [[nodiscard]] work work_left(const kafka::topic_partition& name) const;
    [[nodiscard]] runtime::awaitable<void> reconcile(kafka::topic_partition name);
    [[nodiscard]] runtime::awaitable<step_outcome> take_away(kafka::topic_partition name);
    [[nodiscard]] runtime::awaitable<step_outcome> open(kafka::topic_partition name);

    // replicas_directories.cpp
    [[nodiscard]] storage::log_directory* directory_with(const kafka::topic_partition& name) const;
    [[nodiscard]] bool misses_a_directory() const;
    [[nodiscard]] storage::log_directory* directory_for_new(const place& which) const;
    [[nodiscard]] std::vector<replica_location> untold_locations() const;
    [[nodiscard]] runtime::awaitable<void> run_reports();
    [[nodiscard]] runtime::awaitable<void> watch(storage::log_directory& directory);

    // replicas_background.cpp
    [[nodiscard]] runtime::awaitable<void> run_ticks();
    [[nodiscard]] runtime::awaitable<void> run_checkpoints();
    [[nodiscard]] leader_fetcher& fetcher_of(kafka::node_id leader);

    runtime::environment& world_;
    replicas_settings settings_;
    replicas_surroundings around_;
    broker_epoch epoch_ = no_broker_epoch;
    broker_standings brokers_;
    bool controller_reachable_ = true;
    bool stalled_ = false;
    bool loaded_ = false;
    bool waiting_is_over_ = false;
    bool stopped_ = false;
    std::map<kafka::topic_partition, place> places_;
    /// Partitions on their way into a directory, which are not among its partitions yet.
    std::map<const storage::log_directory*, std::size_t> being_made_;
    std::map<metadata::topic_partition_id, partition_ptr> by_id_;
    std::map<kafka::node_id, std::unique_ptr<leader_fetcher>> fetchers_;
    std::unique_ptr<alter_partition_sender> sender_;
    runtime::notification settled_;
    runtime::notification location_changed_;  ///< Or what metadata says of it.
    std::vector<read_wait*> waiting_reads_;
    runtime::scope tasks_;
};

}  // namespace verdikt::broker::replication::host
