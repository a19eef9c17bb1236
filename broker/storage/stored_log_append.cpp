#include "broker/storage/log_replay.h"
#include "broker/storage/stored_log.h"
#include "kafka/records/batch.h"
#include "runtime/check.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace verdikt::broker::storage {

/// Stands for a write from its staging to its end. If the coroutine dies in between (its node was
/// killed), the write counts as failed, so that nobody waits for it for ever.
class stored_log::write_in_flight {
  public:
    write_in_flight(stored_log& log, std::uint64_t ticket) : log_(log), ticket_(ticket) {}
    write_in_flight(const write_in_flight&) = delete;
    write_in_flight& operator=(const write_in_flight&) = delete;
    ~write_in_flight() {
        if (!succeeded_) log_.repair_needed_ = true;
        log_.written(ticket_);
    }
    void succeeded() { succeeded_ = true; }

  private:
    stored_log& log_;
    std::uint64_t ticket_;
    bool succeeded_ = false;
};

runtime::awaitable<std::expected<append_result, errc>> stored_log::append(
    runtime::mutable_bytes batches,
    append_origin origin,
    kafka::leader_epoch epoch,
    append_condition* condition) {
    for (;;) {
        turnstile::turn turn = turn_.try_enter();
        if (!turn.held()) turn = co_await turn_.enter();
        if (const auto ready = co_await enter_for_writing(turn); !ready) {
            co_return std::unexpected(ready.error());
        }
        auto admitted = admit(batches, origin);
        if (admitted && !admitted->duplicate_of && needs_roll(batches, origin)) {
            const std::uint64_t repairs_before = repairs_;
            if (const auto rolled = co_await roll_in_turn(); !rolled) {
                co_return std::unexpected(rolled.error());
            }
            // A write that failed meanwhile took batches along which this one was to follow.
            if (repairs_ != repairs_before) admitted = admit(batches, origin);
        }
        if (!admitted) co_return std::unexpected(admitted.error());
        if (const auto& twin = admitted->duplicate_of) {
            turn.leave();
            if (!co_await settled(twin->last_offset)) continue;
            co_return append_result{.base_offset = twin->base_offset,
                                    .last_offset = twin->last_offset,
                                    .duplicate = true};
        }
        if (!host_.take_space(batches.size(), origin)) co_return std::unexpected(errc::no_space);
        if (condition != nullptr && !condition->allows(producers_, batches)) {
            co_return std::unexpected(errc::refused);
        }
        // From here to the write nothing waits, so that writes reach the file in the order of
        // their offsets.
        const std::uint64_t position = active().size;
        const append_result staged = stage(batches, origin, epoch);
        const std::uint64_t ticket = first_ticket_ + in_flight_.size() - 1;
        turn.leave();
        const auto done = co_await write_staged(batches, position, ticket);
        if (!done) co_return std::unexpected(done.error());
        co_return staged;
    }
}

// With the turn: refuses after a failure, and first repairs what a failed write left. A cut whose
// caller was cancelled half way is finished.
runtime::awaitable<std::expected<void, errc>> stored_log::enter_for_writing(turnstile::turn& turn) {
    CHECK(turn.held());
    if (const auto failure_now = failure()) co_return std::unexpected(*failure_now);
    if (repair_needed_) co_return co_await repair();
    if (!unfinished_cut_ && !unfinished_restart_) co_return std::expected<void, errc>();
    const turnstile::turn flush_turn = co_await flush_turn_.enter();
    if (unfinished_restart_) co_return co_await finish_restart();
    co_return co_await cut_to(*unfinished_cut_);
}

std::expected<admission, errc> stored_log::admit(runtime::const_bytes batches,
                                                 append_origin origin) const {
    kafka::offset next = staged_end_;
    kafka::records::batch_reader reader(batches);
    while (!reader.done()) {
        const auto batch = reader.next();
        if (!batch) return std::unexpected(errc::corrupt);
        const kafka::records::batch_header header = batch->header();
        const bool sound = header.last_offset_delta >= 0 && header.record_count >= 0 &&
                           header.last_offset() >= header.base_offset;
        if (!sound) return std::unexpected(errc::corrupt);
        if (origin == append_origin::follower) {
            if (header.base_offset < next) return std::unexpected(errc::offset_out_of_range);
            next = header.next_offset();
            continue;
        }
        if (const auto marker = marker_in(header, batch->bytes())) {
            if (const auto allowed = producers_.admit(*marker); !allowed) {
                return std::unexpected(allowed.error());
            }
            continue;
        }
        if (header.attributes.is_control()) continue;
        if (origin == append_origin::internal) {
            if (const auto allowed = producers_.admit_unnumbered(header); !allowed) {
                return std::unexpected(allowed.error());
            }
            continue;
        }
        const auto admitted = producers_.admit(header);
        if (!admitted || admitted->duplicate_of) return admitted;
    }
    const bool whole = !batches.empty() && reader.rest().empty();
    if (!whole) return std::unexpected(errc::corrupt);
    return admission{};
}

bool stored_log::needs_roll(runtime::const_bytes batches, append_origin origin) const {
    const segment& last = *segments_.back();
    if (last.empty()) return false;
    kafka::offset end = staged_end_;
    kafka::timestamp newest = kafka::no_timestamp;
    for (kafka::records::batch_reader reader(batches); !reader.done();) {
        const auto batch = reader.next();
        CHECK(batch.has_value());
        end = origin == append_origin::follower
                  ? batch->next_offset()
                  : end + (std::int64_t{batch->last_offset_delta()} + 1);
        newest = std::max(newest, batch->max_timestamp());
    }
    const auto size_after = static_cast<std::int64_t>(last.size + batches.size());
    const auto index_size_max = static_cast<std::size_t>(config_.segment_index_bytes);
    const bool too_old = last.first_timestamp > kafka::no_timestamp &&
                         newest > kafka::no_timestamp &&
                         newest - last.first_timestamp >= config_.segment_ms.count();
    // Index entries hold offsets relative to the base in 31 bits.
    const bool too_wide = end - last.base > std::numeric_limits<std::int32_t>::max();
    return size_after > config_.segment_bytes || too_old || too_wide ||
           last.offsets->size_bytes() + offset_index::entry_size > index_size_max ||
           last.times->size_bytes() + time_index::entry_size > index_size_max;
}

append_result stored_log::stage(runtime::mutable_bytes batches,
                                append_origin origin,
                                kafka::leader_epoch epoch) {
    append_result staged{.base_offset = staged_end_, .last_offset = staged_end_};
    for (std::size_t at = 0; at < batches.size();) {
        const auto parsed = kafka::records::parse_batch_header(batches.subspan(at));
        CHECK(parsed.has_value());
        const runtime::mutable_bytes batch = batches.subspan(at, parsed->size());
        if (origin != append_origin::follower) {
            kafka::records::set_base_offset(batch, staged_end_);
            kafka::records::set_leader_epoch(batch, epoch);
        } else if (at == 0) {
            staged.base_offset = parsed->base_offset;
        }
        stage_one(batch);
        at += batch.size();
    }
    staged.last_offset = staged_end_.previous();
    in_flight_.push_back(
        {.segment = segments_.back(), .end_offset = staged_end_, .end_position = active().size});
    if (!unflushed_since_) unflushed_since_ = host_.world().now();
    return staged;
}

void stored_log::stage_one(runtime::mutable_bytes batch) {
    const auto header = kafka::records::parse_batch_header(batch);
    CHECK(header && header->base_offset >= staged_end_);
    // Where a leadership here wrote nothing, the epoch that we began is none of this log's. To keep
    // it would date what its successor had from before wrongly, or, where that is compacted away,
    // the end of the epoch before.
    if (header->epoch != epochs_.latest() && epochs_.truncate_from_end(staged_end_)) {
        epochs_dirty_ = true;
    }
    if (epochs_.assign(header->epoch, header->base_offset)) epochs_dirty_ = true;
    const auto aborted = apply(*header, marker_in(*header, batch), wall_time(), producers_);
    if (aborted) active().aborted.append(*aborted);
    active().note(*header, config_.index_interval_bytes);
    staged_end_ = active().next_offset;
}

runtime::awaitable<std::expected<void, errc>> stored_log::write_staged(
    runtime::mutable_bytes batches, std::uint64_t position, std::uint64_t ticket) {
    const runtime::const_bytes piece = batches;
    std::expected<void, runtime::errc> done;
    bool void_before = false;
    {
        write_in_flight flight(*this, ticket);
        auto writing = active().log->write_at(position, {&piece, 1});
        if (flush_due()) flush_work_.notify_all();
        done = co_await std::move(writing);
        void_before = repair_needed_;
        if (done) flight.succeeded();
    }
    if (done && !void_before) co_return std::expected<void, errc>();
    const errc error = done                                      ? errc::write_failed
                       : done.error() == runtime::errc::no_space ? failed("write", done.error())
                                                                 : errc::write_failed;
    if (!done) {
        host_.world().log().write(runtime::log_level::error,
                                  "append_failed",
                                  {{"partition", who_.partition},
                                   {"position", position},
                                   {"error", runtime::describe(done.error())}});
    }
    const turnstile::turn turn = co_await turn_.enter();
    if (repair_needed_) {
        // Not undone: some of it may be found by the next start.
        if (const auto failure_now = failure()) co_return std::unexpected(*failure_now);
        if (const auto repaired = co_await repair(); !repaired) {
            co_return std::unexpected(repaired.error());
        }
    }
    co_return std::unexpected(error);
}

// Writes complete in order, but whoever waits for them may resume in another.
void stored_log::written(std::uint64_t ticket) {
    in_flight_[ticket - first_ticket_].done = true;
    bool moved = false;
    std::size_t settled_count = 0;
    for (; settled_count < in_flight_.size() && in_flight_[settled_count].done; ++settled_count) {
        if (repair_needed_) continue;
        const in_flight& oldest = in_flight_[settled_count];
        oldest.segment->written = oldest.end_position;
        written_end_ = oldest.end_offset;
        moved = true;
    }
    in_flight_.erase(in_flight_.begin(),
                     in_flight_.begin() + static_cast<std::ptrdiff_t>(settled_count));
    first_ticket_ += settled_count;
    write_settled_.notify_all();
    if (!moved) return;
    if (!config_.durable()) follow_high_watermark();
    tell_watcher();
    changed_.notify_all();
}

// True once the batch is written; false if it was cut off again, and the caller must ask anew.
runtime::awaitable<bool> stored_log::settled(kafka::offset last_offset) {
    const std::uint64_t repairs_before = repairs_;
    while (written_end_ <= last_offset) {
        if (repairs_ != repairs_before || repair_needed_ || failure()) co_return false;
        co_await write_settled_.wait();
    }
    co_return true;
}

}  // namespace verdikt::broker::storage
