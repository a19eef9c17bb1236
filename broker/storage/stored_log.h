/// The implementation of `partition_log`: segments, flushing, cutting.
///
/// Order of things. An append takes its turn, is admitted and staged (offset, position, indexes,
/// producers, epoch: all in memory, without a wait in between), hands its bytes to the file, and
/// leaves its turn to the next; so many writes are in flight, in order. `staged_end_` runs ahead
/// of `written_end_` by what is in flight. One flusher syncs all that is written behind one sync
/// and moves `durable_end_`; only then does it write the indexes and snapshots of sealed segments
/// and move the recovery point.
///
/// A write that fails leaves everything staged behind it void: whoever is next in turn cuts the log
/// back to `written_end_` first (`repair`). Cutting takes the turn and the flusher's turn, waits
/// for writes in flight, and is durable before anything is appended.
///
/// Invariants: log_start <= high_watermark <= written_end <= staged_end; durable_end <=
/// written_end; the last segment ends at staged_end, but while the log is cut; recovery_point <=
/// durable_end.
#pragma once

#include "broker/storage/leader_epoch_cache.h"
#include "broker/storage/log_host.h"
#include "broker/storage/log_recovery.h"
#include "broker/storage/partition_log.h"
#include "broker/storage/producer_table.h"
#include "broker/storage/segment_files.h"
#include "broker/storage/turnstile.h"
#include "kafka/records/control.h"
#include "runtime/scope.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::broker::storage {

class stored_log final : public partition_log {
  public:
    struct identity {
        kafka::topic_partition partition;
        kafka::uuid topic_id;
        std::filesystem::path directory;
    };

    /// The high watermark starts at the log end of the hint or what is there, whichever is less.
    stored_log(log_host& host,
               identity who,
               log_config config,
               recovered_log found,
               kafka::offset high_watermark);
    ~stored_log() override;

    /// Starts the flusher.
    void start();
    /// Refuses further calls, waits for writes in flight and the flusher. With `flush_first`, makes
    /// everything durable and writes indexes and a snapshot, so that the next start need not look.
    /// True if that succeeded.
    [[nodiscard]] runtime::awaitable<bool> stop(bool flush_first);
    /// Wakes everybody who waits, after the directory went offline.
    void wake_all();

    // ---- For the directory's background work.

    [[nodiscard]] kafka::offset recovery_point() const { return recovery_point_; }
    [[nodiscard]] runtime::awaitable<void> apply_retention();
    void expire_producers(kafka::timestamp deadline);
    [[nodiscard]] const std::filesystem::path& directory() const { return who_.directory; }

    // ---- For compaction (see compactor.h).

    /// Puts a cleaned segment, synced under its `.cleaned` name, in the place of consecutive sealed
    /// ones. False if the log changed meanwhile, and nothing was replaced.
    [[nodiscard]] file_result<bool> replace_segments(std::vector<segment_ptr> old_ones,
                                                     segment_ptr compacted);

    // ---- For tests, which compare them with what the log itself says.

    [[nodiscard]] const leader_epoch_cache& epochs() const { return epochs_; }
    [[nodiscard]] const std::vector<segment_ptr>& segments() const { return segments_; }
    void check_invariants() const;

    // ---- partition_log

    [[nodiscard]] const kafka::topic_partition& partition() const override;
    [[nodiscard]] kafka::uuid topic_id() const override { return who_.topic_id; }
    [[nodiscard]] const log_config& config() const override { return config_; }
    void configure(const log_config& config) override;
    [[nodiscard]] kafka::offset log_start() const override { return log_start_; }
    [[nodiscard]] kafka::offset durable_log_start() const override {
        return std::min(saved_log_start_, log_start_);
    }
    [[nodiscard]] kafka::offset log_end() const override { return written_end_; }
    [[nodiscard]] kafka::offset durable_end() const override { return durable_end_; }
    [[nodiscard]] kafka::offset high_watermark() const override { return high_watermark_; }
    [[nodiscard]] kafka::offset last_stable_offset() const override;
    void advance_high_watermark(kafka::offset offset) override;
    void set_sole_replica(bool sole) override;
    void set_watcher(log_watcher* watcher) override { watcher_ = watcher; }
    [[nodiscard]] std::uint64_t size() const override;
    [[nodiscard]] std::size_t segment_count() const override { return segments_.size(); }
    [[nodiscard]] std::optional<errc> failure() const override;
    [[nodiscard]] runtime::notification& changed() override { return changed_; }

    [[nodiscard]] runtime::awaitable<std::expected<append_result, errc>> append(
        runtime::mutable_bytes batches,
        append_origin origin,
        kafka::leader_epoch epoch,
        append_condition* condition = nullptr) override;
    [[nodiscard]] runtime::awaitable<std::expected<void, errc>> wait_durable(
        kafka::offset end) override;
    [[nodiscard]] runtime::awaitable<std::expected<void, errc>> wait_committed(
        kafka::offset end) override;
    [[nodiscard]] runtime::awaitable<std::expected<void, errc>> flush() override;
    [[nodiscard]] runtime::awaitable<std::expected<void, errc>> assign_epoch(
        kafka::leader_epoch epoch) override;
    [[nodiscard]] runtime::awaitable<std::expected<void, errc>> roll() override;
    [[nodiscard]] runtime::awaitable<std::expected<void, errc>> truncate_to(
        kafka::offset offset) override;
    [[nodiscard]] runtime::awaitable<std::expected<void, errc>> restart_at(
        kafka::offset offset) override;
    [[nodiscard]] runtime::awaitable<std::expected<kafka::offset, errc>> delete_records(
        kafka::offset up_to) override;

    [[nodiscard]] runtime::awaitable<std::expected<read_result, errc>> read(
        read_request request) override;
    [[nodiscard]] runtime::awaitable<std::expected<std::vector<std::byte>, errc>> read_bytes(
        read_request request) override;
    [[nodiscard]] runtime::awaitable<std::expected<std::optional<timestamp_and_offset>, errc>>
    offset_for_time(kafka::timestamp time, kafka::offset bound) override;
    [[nodiscard]] runtime::awaitable<std::expected<std::optional<timestamp_and_offset>, errc>>
    offset_of_max_timestamp() override;
    [[nodiscard]] runtime::awaitable<std::expected<std::vector<aborted_transaction>, errc>>
    aborted_transactions(kafka::offset from, kafka::offset end) override;
    [[nodiscard]] const producer_table& producers() const override { return producers_; }
    [[nodiscard]] kafka::leader_epoch latest_epoch() const override { return epochs_.latest(); }
    [[nodiscard]] std::optional<epoch_end> end_offset_for(kafka::leader_epoch epoch) const override;
    [[nodiscard]] kafka::leader_epoch epoch_of(kafka::offset offset) const override;

  private:
    template <typename T = void>
    using result = runtime::awaitable<std::expected<T, errc>>;

    struct in_flight {
        segment_ptr segment;
        kafka::offset end_offset;
        std::uint64_t end_position = 0;
        bool done = false;
    };
    class write_in_flight;

    [[nodiscard]] segment& active() { return *segments_.back(); }
    [[nodiscard]] runtime::file_system& files() { return host_.world().files(); }
    [[nodiscard]] kafka::timestamp wall_time() const;
    /// Passes errors of the device on to the directory.
    [[nodiscard]] errc failed(std::string_view act, runtime::errc error);
    void tell_watcher() {
        if (watcher_ != nullptr) watcher_->log_moved();
    }

    // stored_log_append.cpp
    [[nodiscard]] std::expected<admission, errc> admit(runtime::const_bytes batches,
                                                       append_origin origin) const;
    [[nodiscard]] bool needs_roll(runtime::const_bytes batches, append_origin origin) const;
    [[nodiscard]] append_result stage(runtime::mutable_bytes batches,
                                      append_origin origin,
                                      kafka::leader_epoch epoch);
    void stage_one(runtime::mutable_bytes batch);
    [[nodiscard]] runtime::awaitable<std::expected<void, errc>> write_staged(
        runtime::mutable_bytes batches, std::uint64_t position, std::uint64_t ticket);
    void written(std::uint64_t ticket);
    [[nodiscard]] runtime::awaitable<bool> settled(kafka::offset last_offset);
    [[nodiscard]] result<> enter_for_writing(turnstile::turn& turn);

    // stored_log_flush.cpp
    [[nodiscard]] runtime::awaitable<void> run_flusher();
    [[nodiscard]] bool flush_due() const;
    /// Whoever cut the log was cancelled: the files are neither what they were nor what they will
    /// be, until the next to write has finished it.
    [[nodiscard]] bool half_cut() const { return unfinished_cut_ || unfinished_restart_; }
    [[nodiscard]] runtime::awaitable<void> wait_for_flush_work();
    [[nodiscard]] result<> flush_once();
    [[nodiscard]] file_result<> sync_written();
    [[nodiscard]] file_result<> persist_sealed();
    [[nodiscard]] file_result<> save_epochs();
    [[nodiscard]] file_result<> save(const leader_epoch_cache& epochs);
    [[nodiscard]] file_result<> save_snapshot(segment_ptr of);
    [[nodiscard]] runtime::awaitable<bool> close(bool flush_first);
    [[nodiscard]] file_result<> persist_active();
    [[nodiscard]] segment_ptr first_unpersisted() const;
    [[nodiscard]] bool may_persist() const;
    /// While the recovery point is the log's end, recovery needs no epochs but those saved before:
    /// it forgets one without records.
    [[nodiscard]] bool must_save_epochs() const {
        return epochs_dirty_ && recovery_point_ < staged_end_;
    }
    [[nodiscard]] file_result<> make_name_durable();
    void raise_durable_end(kafka::offset end);
    void raise_recovery_point();
    void follow_high_watermark();

    // stored_log_segments.cpp
    [[nodiscard]] runtime::awaitable<void> drain();
    [[nodiscard]] result<> roll_in_turn();
    [[nodiscard]] result<> repair();
    [[nodiscard]] result<> cut_to(kafka::offset offset);
    [[nodiscard]] file_result<> cut_files(kafka::offset offset);
    [[nodiscard]] file_result<> cut_active(kafka::offset offset);
    [[nodiscard]] file_result<> replace_all_segments(kafka::offset base);
    [[nodiscard]] result<> finish_restart();
    [[nodiscard]] file_result<> empty_at(kafka::offset offset);
    [[nodiscard]] result<> raise_log_start(kafka::offset offset);
    [[nodiscard]] result<> delete_segments_below_start();
    [[nodiscard]] runtime::awaitable<void> remove_later(kafka::offset base);
    [[nodiscard]] std::size_t expired_segments() const;

    // stored_log_compaction.cpp
    [[nodiscard]] std::filesystem::path swap_path(const segment& of, file_state state) const;
    [[nodiscard]] file_result<> swap_files(const std::vector<segment_ptr>& old_ones,
                                           segment_ptr compacted);

    // stored_log_read.cpp
    [[nodiscard]] segment_ptr segment_holding(kafka::offset offset) const;
    [[nodiscard]] segment_ptr segment_after(kafka::offset base) const;
    [[nodiscard]] file_result<std::optional<batch_place>> locate(segment_ptr in,
                                                                 kafka::offset offset);
    [[nodiscard]] file_result<std::optional<timestamp_and_offset>> search_segment(
        segment_ptr in, kafka::timestamp time, kafka::offset bound);
    void touch_indexes(const segment_ptr& used);

    log_host& host_;
    identity who_;
    log_config config_;
    std::vector<segment_ptr> segments_;
    leader_epoch_cache epochs_;
    producer_table producers_;

    kafka::offset log_start_;
    kafka::offset saved_log_start_;
    kafka::offset staged_end_;
    kafka::offset written_end_;
    kafka::offset durable_end_;
    kafka::offset high_watermark_;
    kafka::offset recovery_point_;
    bool sole_replica_ = false;
    log_watcher* watcher_ = nullptr;

    turnstile turn_;        ///< Appends, rolls, cuts, deletions.
    turnstile flush_turn_;  ///< Whoever syncs or cuts. Taken after `turn_` by those who take both.
    std::vector<in_flight> in_flight_;  ///< Few: what one client or a handful have under way.
    std::uint64_t first_ticket_ = 0;    ///< Of the front of `in_flight_`.
    bool repair_needed_ = false;
    std::uint64_t repairs_ = 0;
    std::optional<kafka::offset> unfinished_cut_;
    std::optional<kafka::offset> unfinished_restart_;
    runtime::notification write_settled_;

    kafka::offset flush_target_;  ///< What the last sync was to cover.
    std::optional<runtime::instant> unflushed_since_;
    std::optional<runtime::instant> persist_not_before_;  ///< After a full disk.
    bool directory_dirty_ = false;
    bool named_;  ///< Its directory is on stable storage, and says of which topic it is.
    bool epochs_dirty_ = false;
    /// Whether a sealed segment may lack its index files: appends ask, and must not search for one.
    bool persist_needed_ = true;
    runtime::notification flush_work_;

    runtime::notification changed_;
    runtime::notification durable_moved_;
    runtime::notification committed_moved_;
    std::vector<segment_ptr> indexes_in_memory_;  ///< Of sealed segments, oldest use first.

    bool stopping_ = false;
    runtime::scope background_;
};

}  // namespace verdikt::broker::storage
