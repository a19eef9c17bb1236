#include "broker/storage/stored_log.h"

#include "runtime/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace verdikt::broker::storage {

stored_log::stored_log(log_host& host,
                       identity who,
                       log_config config,
                       recovered_log found,
                       kafka::offset high_watermark)
    : host_(host),
      who_(std::move(who)),
      config_(config),
      segments_(std::move(found.segments)),
      epochs_(std::move(found.epochs)),
      producers_(std::move(found.producers)),
      log_start_(found.log_start),
      saved_log_start_(found.log_start),
      staged_end_(segments_.back()->next_offset),
      written_end_(staged_end_),
      durable_end_(staged_end_),
      high_watermark_(std::clamp(high_watermark, log_start_, written_end_)),
      recovery_point_(found.recovery_point),
      flush_target_(staged_end_),
      named_(size() > 0),
      epochs_dirty_(!found.epochs_saved),
      background_(host.world().get_executor()) {
    producers_.advance_high_watermark(high_watermark_);
    raise_recovery_point();
}

stored_log::~stored_log() = default;

void stored_log::start() {
    background_.spawn(run_flusher());
}

const kafka::topic_partition& stored_log::partition() const {
    return who_.partition;
}

void stored_log::configure(const log_config& config) {
    config_ = config;
    follow_high_watermark();
    flush_work_.notify_all();
}

kafka::offset stored_log::last_stable_offset() const {
    const auto undecided = producers_.first_undecided_offset();
    const kafka::offset stable =
        undecided ? std::min(*undecided, high_watermark_) : high_watermark_;
    // The oldest open transaction may have begun in what was deleted since.
    return std::max(stable, log_start_);
}

void stored_log::advance_high_watermark(kafka::offset offset) {
    CHECK(offset <= written_end_, "high watermark {} above log end {}", offset, written_end_);
    if (offset <= high_watermark_) return;
    high_watermark_ = offset;
    producers_.advance_high_watermark(offset);
    committed_moved_.notify_all();
    changed_.notify_all();
}

void stored_log::set_sole_replica(bool sole) {
    sole_replica_ = sole;
    follow_high_watermark();
}

void stored_log::follow_high_watermark() {
    if (sole_replica_) advance_high_watermark(config_.durable() ? durable_end_ : written_end_);
}

std::uint64_t stored_log::size() const {
    std::uint64_t bytes = 0;
    for (const segment_ptr& each : segments_) bytes += each->written;
    return bytes;
}

std::optional<errc> stored_log::failure() const {
    if (stopping_) return errc::stopped;
    if (host_.offline()) return errc::offline;
    return std::nullopt;
}

void stored_log::wake_all() {
    flush_work_.notify_all();
    write_settled_.notify_all();
    durable_moved_.notify_all();
    committed_moved_.notify_all();
    changed_.notify_all();
    tell_watcher();
}

std::optional<epoch_end> stored_log::end_offset_for(kafka::leader_epoch epoch) const {
    return epochs_.end_offset_for(epoch, written_end_);
}

kafka::leader_epoch stored_log::epoch_of(kafka::offset offset) const {
    return epochs_.epoch_of(offset);
}

void stored_log::expire_producers(kafka::timestamp deadline) {
    producers_.expire(deadline);
}

kafka::timestamp stored_log::wall_time() const {
    return kafka::timestamp(host_.world().wall_time().time_since_epoch().count());
}

errc stored_log::failed(std::string_view act, runtime::errc error) {
    if (error == runtime::errc::no_space) {
        host_.ran_out_of_space();
        return errc::no_space;
    }
    host_.go_offline(fmt::format("{} {}", act, who_.directory.string()), error);
    return errc::offline;
}

void stored_log::check_invariants() const {
    CHECK(!segments_.empty());
    CHECK(log_start_ <= high_watermark_);
    CHECK(last_stable_offset() <= high_watermark_);
    CHECK(high_watermark_ <= written_end_);
    CHECK(durable_end_ <= written_end_);
    CHECK(written_end_ <= staged_end_);
    CHECK(recovery_point() <= durable_end_);
    CHECK(unfinished_cut_ || unfinished_restart_ || segments_.back()->next_offset == staged_end_);
    for (std::size_t at = 1; at < segments_.size(); ++at) {
        CHECK(segments_[at - 1]->next_offset <= segments_[at]->base);
    }
    epochs_.check_invariants();
    producers_.check_invariants();
}

}  // namespace verdikt::broker::storage
