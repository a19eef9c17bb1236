#include "broker/storage/log_recovery.h"

#include "broker/storage/batch_scanner.h"
#include "broker/storage/checkpoint_file.h"
#include "broker/storage/leftovers.h"
#include "broker/storage/log_replay.h"
#include "broker/storage/small_file.h"
#include "runtime/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <utility>

namespace verdikt::broker::storage {

namespace {

using status = std::expected<void, runtime::errc>;

constexpr std::uint64_t rewrite_bytes = std::uint64_t{1} << 20;

/// One run of recovery over one partition.
class recovery {
  public:
    recovery(runtime::environment& world,
             std::filesystem::path directory,
             recovery_hints hints,
             log_config config)
        : world_(world), directory_(std::move(directory)), hints_(hints), config_(config) {}

    file_result<recovered_log> run() {
        auto bases = co_await clear_leftovers(world_.files(), directory_);
        if (!bases) co_return std::unexpected(bases.error());
        const auto kept = co_await drop_below_log_start(*bases);
        if (!kept) co_return std::unexpected(kept.error());
        const auto opened = co_await open_all(*bases);
        if (!opened) co_return std::unexpected(opened.error());
        const auto settled = co_await settle();
        if (!settled) co_return std::unexpected(settled.error());
        co_return std::move(log_);
    }

  private:
    // The log start was durable before anything below it was deleted, so files that came back with
    // a directory change that was lost go again, and none is missing between those that stay.
    file_result<> drop_below_log_start(std::vector<kafka::offset>& bases) {
        while (bases.size() > 1 && bases[1] <= hints_.log_start) {
            const auto removed = co_await remove_segment(world_.files(), directory_, bases.front());
            if (!removed) co_return removed;
            bases.erase(bases.begin());
        }
        co_return status();
    }

    file_result<> open_all(std::vector<kafka::offset> bases) {
        if (bases.empty()) co_return co_await start_empty(hints_.log_start);
        log_.log_start = std::max(hints_.log_start, bases.front());
        if (hints_.clean) {
            const auto trusted = co_await open_clean(bases);
            if (!trusted) co_return std::unexpected(trusted.error());
            if (*trusted) {
                is_as_left_ = true;
                co_return status();
            }
            // The shutdown was less clean than it claimed, so the last segment may not be all that
            // is wrong.
            log_.segments.clear();
        }
        const std::size_t first = first_to_read(bases);
        const auto sealed = co_await open_below(bases, first);
        if (!sealed) co_return sealed;
        co_return co_await verify_from(bases, first);
    }

    file_result<> open_below(std::vector<kafka::offset> bases, std::size_t first) {
        for (std::size_t at = 0; at < first; ++at) {
            const auto segment = co_await open_one(bases[at]);
            if (!segment) co_return std::unexpected(segment.error());
            const auto done =
                co_await open_sealed(world_.files(), *segment, bases[at + 1], config_);
            if (!done) co_return done;
        }
        co_return status();
    }

    // The first segment that does not end below the recovery point.
    [[nodiscard]] std::size_t first_to_read(const std::vector<kafka::offset>& bases) const {
        const auto above = std::ranges::lower_bound(bases, hints_.recovery_point);
        return above == bases.begin() ? 0 : static_cast<std::size_t>(above - bases.begin()) - 1;
    }

    file_result<segment_ptr> open_one(kafka::offset base) {
        auto segment = co_await open_segment(world_.files(), directory_, base);
        if (segment) log_.segments.push_back(*segment);
        co_return segment;
    }

    // False if the last segment's indexes do not fit it.
    file_result<bool> open_clean(std::vector<kafka::offset> bases) {
        const auto sealed = co_await open_below(bases, bases.size() - 1);
        if (!sealed) co_return std::unexpected(sealed.error());
        const auto segment = co_await open_one(bases.back());
        if (!segment) co_return std::unexpected(segment.error());
        const auto opened = co_await open_active(world_.files(), *segment, config_);
        if (!opened || !*opened) co_return opened;
        const kafka::offset end = (*segment)->next_offset;
        auto state = co_await load_newest_snapshot(world_.files(), directory_, end, log_.log_start);
        if (!state) co_return std::unexpected(state.error());
        const auto replayed = co_await replay_until(log_.segments, end, now(), *state);
        if (!replayed) co_return std::unexpected(replayed.error());
        log_.producers = std::move(state->producers);
        co_return true;
    }

    file_result<> verify_from(std::vector<kafka::offset> bases, std::size_t first) {
        // Snapshots from there on may speak of a log that is lost.
        const auto stale =
            co_await remove_snapshots_above(world_.files(), directory_, bases[first]);
        if (!stale) co_return stale;
        auto state =
            co_await load_newest_snapshot(world_.files(), directory_, bases[first], log_.log_start);
        if (!state) co_return std::unexpected(state.error());
        const auto replayed = co_await replay_until(log_.segments, bases[first], now(), *state);
        if (!replayed) co_return replayed;
        log_.producers = std::move(state->producers);
        for (std::size_t at = first; at < bases.size(); ++at) {
            const auto sound = co_await verify_next(bases[at]);
            if (!sound) co_return std::unexpected(sound.error());
            if (*sound) continue;
            co_return co_await drop(
                {bases.begin() + static_cast<std::ptrdiff_t>(at) + 1, bases.end()});
        }
        co_return status();
    }

    // True if the segment is whole and the next one may follow it.
    file_result<bool> verify_next(kafka::offset base) {
        if (!log_.segments.empty() && !log_.segments.back()->synced) {
            const segment_ptr before = log_.segments.back();
            if (base != before->next_offset) {
                log_.damage = fmt::format("a gap before offset {}", base);
                const auto dropped = co_await drop({base});
                if (!dropped) co_return std::unexpected(dropped.error());
                co_return false;
            }
            before->seal();
        }
        const auto opened = co_await open_one(base);
        if (!opened) co_return std::unexpected(opened.error());
        const segment_ptr segment = *opened;
        const std::uint64_t file_size = segment->size;
        segment->reset();
        // Before the first record there is nothing to say.
        const bool says_nothing = log_.segments.size() == 1 && log_.producers.producers().empty();
        if (!says_nothing) segment->snapshot = encode_snapshot(log_.producers);
        const auto damage = co_await read_all(segment, file_size);
        if (!damage) co_return std::unexpected(damage.error());
        log_.damage = *damage;
        if (segment->size < file_size) {
            log_.bytes_cut += file_size - segment->size;
            const auto cut = co_await segment->log->truncate(segment->size);
            if (!cut) co_return std::unexpected(cut.error());
        }
        if (file_size == 0) co_return true;
        const auto kept = co_await make_durable(segment);
        if (!kept) co_return std::unexpected(kept.error());
        co_return damage->empty();
    }

    // What was read may be in the page cache only, and a sync that failed before a restart has left
    // it there as clean: no later sync would write it. So it is written again first.
    file_result<> make_durable(segment_ptr segment) {
        std::uint64_t at = std::min(in_doubt_from_, segment->size);
        std::vector<std::byte> chunk(std::min<std::uint64_t>(segment->size - at, rewrite_bytes));
        while (at < segment->size) {
            const std::uint64_t size = std::min<std::uint64_t>(segment->size - at, chunk.size());
            const auto got = co_await segment->log->read_at(at, std::span(chunk).first(size));
            if (!got) co_return std::unexpected(got.error());
            CHECK(*got == size, "a file shrank while it was recovered");
            const runtime::const_bytes piece = std::span(chunk).first(size);
            const auto written = co_await segment->log->write_at(at, {&piece, 1});
            if (!written) co_return written;
            at += size;
        }
        co_return co_await segment->log->sync();
    }

    file_result<std::string> read_all(segment_ptr segment, std::uint64_t file_size) {
        batch_scanner scanner(segment->log,
                              {.begin = 0, .end = file_size, .base = segment->base},
                              batch_scanner::depth::whole_batches);
        in_doubt_from_ = 0;
        if (!read_from_) read_from_ = segment->base;
        for (;;) {
            const auto found = co_await scanner.next();
            if (!found) co_return std::unexpected(found.error());
            if (!*found) break;
            const auto& header = (*found)->header;
            if (header.last_offset() < hints_.recovery_point) in_doubt_from_ = (*found)->end();
            segment->note(header, config_.index_interval_bytes);
            const auto marker = marker_in(header, (*found)->bytes);
            const auto aborted = apply(header, marker, now(), log_.producers);
            if (aborted) segment->aborted.append(*aborted);
            note_epoch(header);
        }
        segment->written = segment->size;
        log_.bytes_verified += segment->size;
        co_return std::string(scanner.damage());
    }

    void note_epoch(const kafka::records::batch_header& header) {
        if (!read_epochs_.empty() && read_epochs_.back().epoch >= header.epoch) return;
        read_epochs_.push_back({.epoch = header.epoch, .start = header.base_offset});
    }

    // Segments behind the damage; from the end, so that a crash meanwhile leaves no gap.
    file_result<> drop(std::vector<kafka::offset> bases) {
        for (const kafka::offset base : std::views::reverse(bases)) {
            const auto removed = co_await remove_segment(world_.files(), directory_, base);
            if (!removed) co_return removed;
        }
        co_return co_await world_.files().sync_directory(directory_);
    }

    // Epochs, and the odd case of a log that ends below its start.
    file_result<> settle() {
        const kafka::offset end = log_.segments.back()->next_offset;
        if (end < log_.log_start) {
            const auto restarted = co_await restart_at(log_.log_start);
            if (!restarted) co_return restarted;
        }
        const auto epochs = co_await settle_epochs();
        if (!epochs) co_return epochs;
        for (const segment_ptr& each : log_.segments) {
            each->synced = each != log_.segments.back();
        }
        log_.recovery_point = std::clamp(
            hints_.recovery_point, log_.segments.front()->base, log_.segments.back()->next_offset);
        const bool is_empty = log_.segments.size() == 1 && log_.segments.front()->empty();
        if (is_as_left_ || is_empty) co_return status();
        co_return co_await world_.files().sync_directory(directory_);
    }

    file_result<> settle_epochs() {
        const auto text =
            co_await read_text_file(world_.files(), directory_ / epoch_checkpoint_name);
        if (!text && text.error() != runtime::errc::not_found) {
            co_return std::unexpected(text.error());
        }
        const auto parsed = text ? parse_epoch_checkpoint(*text) : std::nullopt;
        leader_epoch_cache cache = parsed ? leader_epoch_cache(*parsed) : leader_epoch_cache();
        const leader_epoch_cache before = cache;
        if (!parsed) {
            const auto read = co_await read_epochs_of_all();
            if (!read) co_return read;
        }
        // What was just read is the truth from where reading began.
        if (read_from_) cache.truncate_from_end(*read_from_);
        for (const epoch_start& read : read_epochs_) cache.assign(read.epoch, read.start);
        cache.truncate_from_end(log_.segments.back()->next_offset);
        cache.truncate_from_start(log_.log_start);
        log_.epochs = cache;
        log_.epochs_saved = parsed && cache == before;
        co_return status();
    }

    // Without a checkpoint every header has to be read.
    file_result<> read_epochs_of_all() {
        read_epochs_.clear();
        read_from_ = log_.segments.front()->base;
        for (const segment_ptr& each : log_.segments) {
            batch_scanner scanner(each->log,
                                  {.begin = 0, .end = each->size, .base = each->base},
                                  batch_scanner::depth::headers);
            for (;;) {
                const auto found = co_await scanner.next();
                if (!found) co_return std::unexpected(found.error());
                if (!*found) break;
                note_epoch((*found)->header);
            }
        }
        co_return status();
    }

    file_result<> start_empty(kafka::offset at) {
        log_.log_start = at;
        auto made = co_await create_segment(world_.files(), directory_, at, config_);
        if (!made) co_return std::unexpected(made.error());
        log_.segments.push_back(std::move(*made));
        co_return status();
    }

    // Records below the start were deleted on request, and the rest was lost with the page cache.
    file_result<> restart_at(kafka::offset at) {
        for (const segment_ptr& each : std::views::reverse(log_.segments)) {
            const auto removed = co_await remove_segment(world_.files(), directory_, each->base);
            if (!removed) co_return removed;
        }
        log_.segments.clear();
        read_epochs_.clear();
        co_return co_await start_empty(at);
    }

    [[nodiscard]] kafka::timestamp now() const {
        return kafka::timestamp(world_.wall_time().time_since_epoch().count());
    }

    runtime::environment& world_;
    std::filesystem::path directory_;
    recovery_hints hints_;
    log_config config_;
    recovered_log log_;
    std::optional<kafka::offset> read_from_;  ///< Where reading of whole segments began.
    std::vector<epoch_start> read_epochs_;
    bool is_as_left_ = false;  ///< It was closed in good order, and nothing had to be changed.
    /// Position in the segment that was read last: the recovery point does not vouch for the rest.
    std::uint64_t in_doubt_from_ = 0;
};

}  // namespace

file_result<recovered_log> recover_log(runtime::environment& world,
                                       std::filesystem::path directory,
                                       recovery_hints hints,
                                       log_config config) {
    recovery work(world, std::move(directory), hints, config);
    co_return co_await work.run();
}

}  // namespace verdikt::broker::storage
