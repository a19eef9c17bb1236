/// The implementation of `log_directory`.
///
/// Owns its logs and the coroutines that look after them. Checkpoint files are written by whoever
/// needs them on disk, one at a time; who comes while a write is under way shares the next one. So
/// it is with syncs of the directory itself.
///
/// A new partition is not synced, since a thousand of them would take a minute: it holds nothing
/// that could be lost. Its log makes its name durable before any of its records. Whatever a start
/// finds without a readable partition.metadata therefore never had a durable record.
#pragma once

#include "broker/storage/checkpoint_file.h"
#include "broker/storage/disk_health.h"
#include "broker/storage/log_directory.h"
#include "broker/storage/log_host.h"
#include "broker/storage/stall_watch.h"
#include "broker/storage/stored_log.h"
#include "broker/storage/turnstile.h"
#include "broker/storage/watched_files.h"
#include "runtime/scope.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::broker::storage {

class stored_directory final : public log_directory, private log_host {
  public:
    stored_directory(runtime::environment& world,
                     std::filesystem::path path,
                     directory_settings settings);
    ~stored_directory() override;

    /// Lock, identity, recovery of all partitions, checkpoints; then starts the background work.
    [[nodiscard]] runtime::awaitable<std::expected<void, errc>> start();

    [[nodiscard]] const std::filesystem::path& path() const override { return path_; }
    [[nodiscard]] kafka::uuid directory_id() const override { return directory_id_; }
    [[nodiscard]] bool was_clean() const override { return was_clean_; }
    [[nodiscard]] kafka::broker_epoch former_broker_epoch() const override {
        return former_broker_epoch_;
    }
    void set_broker_epoch(kafka::broker_epoch epoch) override { broker_epoch_ = epoch; }
    [[nodiscard]] std::shared_ptr<partition_log> partition(
        const kafka::topic_partition& which) const override;
    [[nodiscard]] std::vector<std::shared_ptr<partition_log>> partitions() const override;
    [[nodiscard]] runtime::awaitable<std::expected<std::shared_ptr<partition_log>, errc>>
    create_partition(kafka::topic_partition which,
                     kafka::uuid topic_id,
                     log_config config) override;
    [[nodiscard]] runtime::awaitable<std::expected<void, errc>> delete_partition(
        kafka::topic_partition which) override;
    [[nodiscard]] runtime::awaitable<std::expected<void, errc>> set_aside_partition(
        kafka::topic_partition which) override;
    [[nodiscard]] std::optional<std::string> offline_reason() const override;
    [[nodiscard]] runtime::notification& health_changed() override { return health_changed_; }
    [[nodiscard]] bool below_reserve() const override { return health_.below_reserve(); }
    [[nodiscard]] runtime::disk_space space() const override { return health_.space(); }
    [[nodiscard]] bool stalled() const override { return stalls_.stalled(); }
    [[nodiscard]] runtime::file_system& files() override { return files_; }
    [[nodiscard]] runtime::awaitable<std::expected<void, errc>> checkpoint() override;
    [[nodiscard]] runtime::awaitable<void> apply_retention() override;
    [[nodiscard]] runtime::awaitable<void> compact() override;
    [[nodiscard]] runtime::awaitable<void> stop() override;

  private:
    template <typename T = void>
    using result = runtime::awaitable<std::expected<T, errc>>;
    using log_ptr = std::shared_ptr<stored_log>;

    // log_host
    [[nodiscard]] runtime::environment& world() override { return world_; }
    [[nodiscard]] bool offline() const override { return health_.offline_reason().has_value(); }
    void go_offline(std::string_view what, runtime::errc error) override;
    [[nodiscard]] bool take_space(std::uint64_t bytes, append_origin origin) override;
    void ran_out_of_space() override;
    [[nodiscard]] file_result<> make_name_durable(std::filesystem::path log_directory) override;
    [[nodiscard]] runtime::awaitable<std::expected<void, errc>> save_checkpoints() override;

    // stored_directory_start.cpp
    [[nodiscard]] result<> prepare();
    [[nodiscard]] result<> check_identity();
    [[nodiscard]] result<> take_clean_marker();
    [[nodiscard]] result<> load_checkpoints();
    [[nodiscard]] result<> recover_all();
    [[nodiscard]] result<> recover_one(kafka::topic_partition which);
    [[nodiscard]] result<> make_names_durable();
    [[nodiscard]] file_result<std::optional<kafka::uuid>> read_topic_id(
        std::filesystem::path directory);
    [[nodiscard]] result<> clear_nameless(kafka::topic_partition which);

    // stored_directory.cpp
    [[nodiscard]] result<> take_away(log_ptr log, std::filesystem::path to, bool flush_first);
    [[nodiscard]] std::string draw_unique_name();
    [[nodiscard]] file_result<recovered_log> make_partition(std::filesystem::path directory,
                                                            kafka::uuid topic_id,
                                                            log_config config);
    [[nodiscard]] file_result<segment_ptr> make_partition_files(std::filesystem::path directory,
                                                                kafka::uuid topic_id,
                                                                log_config config);
    [[nodiscard]] file_result<> sync_entries();
    [[nodiscard]] file_result<> write_checkpoint_files();
    [[nodiscard]] runtime::awaitable<void> remove_directory_later(std::filesystem::path directory,
                                                                  runtime::duration delay);
    [[nodiscard]] errc failed(std::string_view act, runtime::errc error);
    [[nodiscard]] kafka::timestamp wall_time() const;

    // stored_directory_background.cpp
    void start_background();
    [[nodiscard]] runtime::awaitable<void> watch_space();
    [[nodiscard]] runtime::awaitable<void> measure_space();
    [[nodiscard]] runtime::awaitable<void> watch_stalls();
    [[nodiscard]] runtime::awaitable<void> run_checkpoints();
    [[nodiscard]] runtime::awaitable<void> run_retention();
    [[nodiscard]] runtime::awaitable<void> run_cleaner();
    [[nodiscard]] runtime::awaitable<void> compact_one(log_ptr log);
    [[nodiscard]] result<> close_logs();

    std::filesystem::path path_;
    directory_settings settings_;
    stall_watch stalls_;
    watched_files files_;
    watched_world world_;
    std::unique_ptr<runtime::directory_lock> lock_;
    kafka::uuid directory_id_;
    bool was_clean_ = false;
    kafka::broker_epoch former_broker_epoch_ = kafka::no_broker_epoch;
    kafka::broker_epoch broker_epoch_ = kafka::no_broker_epoch;
    disk_health health_;
    runtime::notification health_changed_;
    runtime::notification space_wanted_;

    /// What the files said at start.
    offset_checkpoint recovery_points_;
    offset_checkpoint high_watermarks_;
    offset_checkpoint log_starts_;

    /// Up to where each log has been compacted.
    offset_checkpoint cleaned_;
    turnstile cleaner_turn_;

    std::map<kafka::topic_partition, log_ptr> logs_;
    std::set<kafka::topic_partition> under_construction_;
    turnstile entries_turn_;  ///< Whoever syncs the directory itself.
    std::uint64_t entries_syncs_begun_ = 0;
    bool last_entries_sync_good_ = false;
    turnstile checkpoint_turn_;
    std::uint64_t checkpoints_begun_ = 0;
    bool last_checkpoint_good_ = false;
    bool started_ = false;
    bool stopped_ = false;
    runtime::scope background_;
};

}  // namespace verdikt::broker::storage
