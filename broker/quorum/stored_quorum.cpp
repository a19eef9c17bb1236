#include "broker/quorum/stored_quorum.h"

#include "broker/quorum/snapshot_content.h"
#include "broker/raft/wire/batches.h"
#include "broker/raft/wire/stored_names.h"
#include "broker/storage/small_file.h"
#include "kafka/records/batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace verdikt::broker::quorum {
namespace {

using raft::offset;
using recovered = std::expected<void, std::string>;

template <typename T = void>
using recovery_step = runtime::awaitable<std::expected<T, std::string>>;

constexpr std::uint64_t read_bytes = std::uint64_t{1} << 20;
/// One snapshot back, so that a follower that is only a little behind finds records.
constexpr std::size_t snapshots_kept = 2;

template <typename Error>
std::unexpected<std::string> trouble(std::string_view act, Error error) {
    return std::unexpected(fmt::format("cannot {}: {}", act, describe(error)));
}

/// One run of recovery.
class recovery {
  public:
    recovery(stored_quorum from, raft::voter_set configured)
        : from_(std::move(from)), configured_(std::move(configured)) {}

    recovery_step<raft::stored_replica> run() {
        if (const auto read = co_await read_state(); !read) co_return std::unexpected(read.error());
        if (const auto listed = co_await find_snapshots(); !listed) {
            co_return std::unexpected(listed.error());
        }
        if (const auto settled = co_await settle_snapshots(); !settled) {
            co_return std::unexpected(settled.error());
        }
        auto picture = co_await read_log();
        if (!picture) co_return std::unexpected(picture.error());
        co_return raft::stored_replica{
            .state = state_, .log = *std::move(picture), .snapshots = std::move(snapshots_)};
    }

  private:
    /// Without the file there was no vote: it is durable before anybody hears of one.
    recovery_step<> read_state() {
        const auto text = co_await storage::read_text_file(
            from_.world.files(), from_.directory / raft::wire::quorum_state_name);
        if (!text && text.error() == runtime::errc::not_found) co_return recovered();
        if (!text) co_return trouble("read quorum-state", text.error());
        const auto state = raft::wire::decode_quorum_state(*text);
        if (!state) co_return std::unexpected("quorum-state is damaged: " + state.error());
        state_ = *state;
        co_return recovered();
    }

    recovery_step<> find_snapshots() {
        if (const auto cleared = co_await from_.snapshots.clear_parts(); !cleared) {
            co_return trouble("remove half a snapshot", cleared.error());
        }
        auto found = co_await from_.snapshots.find();
        if (!found) co_return trouble("list the snapshots", found.error());
        snapshots_ = *std::move(found);
        if (snapshots_.empty() || snapshots_.front().id != bootstrap_snapshot)
            co_return recovered();
        const auto named = co_await voters_of(bootstrap_snapshot);
        if (!named) co_return std::unexpected(named.error());
        configured_ = *named;
        snapshots_.erase(snapshots_.begin());
        co_return recovered();
    }

    recovery_step<raft::voter_set> voters_of(raft::snapshot_id id) {
        const std::string name = raft::wire::snapshot_file_name(id);
        const auto bytes = co_await from_.snapshots.read(id);
        if (!bytes) co_return trouble("read " + name, bytes.error());
        const auto content = decode_snapshot(*bytes);
        if (!content) co_return std::unexpected(name + " is damaged: " + content.error());
        co_return content->voters.value_or(configured_);
    }

    /// Log and snapshots together must tell one story.
    recovery_step<> settle_snapshots() {
        if (snapshots_.empty()) co_return recovered();
        const raft::snapshot_id newest = snapshots_.back().id;
        const auto held = co_await log_holds(newest);
        if (!held) co_return std::unexpected(held.error());
        if (!*held) {
            // The crash came between a fetched snapshot and the log that was to start at it.
            const auto restarted = co_await from_.log.restart_at(newest.end);
            if (!restarted) co_return trouble("start the log at its snapshot", restarted.error());
            snapshots_.erase(snapshots_.begin(), snapshots_.end() - 1);
        }
        std::erase_if(snapshots_, [&](const raft::stored_snapshot& each) {
            return each.id.end < from_.log.log_start();
        });
        if (snapshots_.size() > snapshots_kept) {
            snapshots_.erase(snapshots_.begin(), snapshots_.end() - snapshots_kept);
        }
        const offset start = snapshots_.front().id.end;
        const auto removed = co_await from_.snapshots.remove_before(start);
        if (!removed) co_return trouble("remove old snapshots", removed.error());
        from_.log.advance_high_watermark(newest.end);
        const auto trimmed = co_await from_.log.delete_records(start);
        if (!trimmed && trimmed.error() != storage::errc::no_space) {
            co_return trouble("trim the log", trimmed.error());
        }
        co_return recovered();
    }

    /// Whether what lies before `end` is in the log, or was and is the same: a log of another
    /// history, longer perhaps, has another epoch there.
    recovery_step<bool> log_holds(raft::snapshot_id id) {
        const offset start = from_.log.log_start();
        if (id.end < start) {
            co_return std::unexpected(fmt::format(
                "the log starts at {}, after its newest snapshot at {}", start, id.end));
        }
        if (id.end > from_.log.log_end()) co_return false;
        if (id.end == start) co_return true;
        const auto bytes = co_await from_.log.read_bytes(
            {.from = id.end.previous(), .max_bytes = 1, .bound = from_.log.log_end()});
        if (!bytes) co_return trouble("read the log", bytes.error());
        const auto header = kafka::records::parse_batch_header(*bytes);
        co_return header && header->next_offset() == id.end && header->epoch == id.epoch;
    }

    recovery_step<raft::log_picture> read_log() {
        raft::log_position start;
        raft::voter_set voters = configured_;
        if (!snapshots_.empty()) {
            start = snapshots_.front().id;
            auto named = co_await voters_of(start);
            if (!named) co_return std::unexpected(named.error());
            voters = *std::move(named);
        } else if (from_.log.log_start() > offset(0)) {
            co_return std::unexpected(
                fmt::format("the log starts at {}, and no snapshot has what was before",
                            from_.log.log_start()));
        }
        raft::log_picture picture(std::move(voters), start);
        while (picture.end() < from_.log.log_end()) {
            const auto bytes = co_await from_.log.read_bytes(
                {.from = picture.end(), .max_bytes = read_bytes, .bound = from_.log.log_end()});
            if (!bytes) co_return trouble("read the log", bytes.error());
            if (const auto added = add(*bytes, picture); !added) {
                co_return std::unexpected(added.error());
            }
        }
        co_return picture;
    }

    static recovered add(std::span<const std::byte> bytes, raft::log_picture& picture) {
        const auto batches = raft::wire::decode_batches(bytes);
        if (!batches || batches->empty()) {
            return std::unexpected(fmt::format("the log cannot be read at {}", picture.end()));
        }
        for (const raft::batch& each : *batches) {
            if (!picture.continues(each)) {
                return std::unexpected(fmt::format("the batch at {} of epoch {} does not follow {}",
                                                   each.base,
                                                   each.epoch,
                                                   picture.end()));
            }
            picture.append(each);
        }
        return {};
    }

    stored_quorum from_;
    raft::voter_set configured_;
    raft::quorum_state state_;
    std::vector<raft::stored_snapshot> snapshots_;
};

}  // namespace

runtime::awaitable<std::expected<raft::stored_replica, std::string>> recover_quorum(
    stored_quorum from, raft::voter_set configured) {
    recovery work(std::move(from), std::move(configured));
    co_return co_await work.run();
}

}  // namespace verdikt::broker::quorum
