#include "broker/quorum/host_parts.h"

#include "broker/quorum/snapshot_content.h"
#include "broker/quorum/stored_quorum.h"
#include "broker/raft/wire/topic.h"
#include "runtime/deadline.h"

#include <fmt/format.h>

#include <exception>
#include <limits>
#include <utility>

namespace verdikt::broker::quorum {
namespace {

kafka::topic_partition metadata_partition() {
    return {.topic = std::string(raft::wire::topic_name),
            .partition = kafka::partition_index(raft::wire::topic_partition)};
}

}  // namespace

quorum_host::parts::parts(runtime::environment& world,
                          storage::log_directory& directory,
                          quorum_settings settings,
                          peers& others,
                          quorum_listener& listener)
    : world_(world),
      directory_(directory),
      settings_(std::move(settings)),
      others_(others),
      listener_(listener),
      disk_work_(world.get_executor()),
      work_(world.get_executor()) {
    settings_.replica.self.directory = directory_.directory_id();
}

/// Nothing is deleted but what a snapshot stands in for. Who may vote has all of it on stable
/// storage before it says so; to others it comes again.
storage::log_config quorum_host::parts::log_settings() const {
    storage::log_config config;
    config.segment_bytes = settings_.segment_bytes;
    config.segment_ms = std::chrono::milliseconds(std::numeric_limits<std::int64_t>::max());
    config.cleanup_delete = false;
    if (!settings_.replica.may_vote) {
        config.flush_messages = std::numeric_limits<std::int64_t>::max();
        config.flush_ms = std::chrono::seconds(1);
    }
    return config;
}

runtime::awaitable<std::expected<std::shared_ptr<storage::partition_log>, std::string>>
quorum_host::parts::open_log() {
    const kafka::topic_partition which = metadata_partition();
    std::shared_ptr<storage::partition_log> log = directory_.partition(which);
    if (!log) {
        auto made =
            co_await directory_.create_partition(which, raft::wire::topic_id, log_settings());
        if (!made) {
            co_return std::unexpected(
                fmt::format("cannot create the metadata log: {}", describe(made.error())));
        }
        log = *std::move(made);
        // What this node promises before it has any record lies in the same directory.
        const auto named = co_await log->flush();
        if (!named) {
            co_return std::unexpected(
                fmt::format("cannot keep the metadata log: {}", describe(named.error())));
        }
    }
    log->configure(log_settings());
    co_return log;
}

runtime::awaitable<std::expected<void, std::string>> quorum_host::parts::start() {
    CHECK(!core_ && !stopping_, "a quorum host starts once");
    auto opened = co_await open_log();
    if (!opened) co_return std::unexpected(opened.error());
    log_ = *std::move(opened);
    const std::filesystem::path path =
        directory_.path() /
        fmt::format("{}-{}", raft::wire::topic_name, raft::wire::topic_partition);
    snapshots_ = std::make_unique<snapshot_files>(directory_.files(), path);
    auto found = co_await recover_quorum(
        {.world = world_, .log = *log_, .directory = path, .snapshots = *snapshots_},
        settings_.voters);
    if (!found) co_return std::unexpected(found.error());
    const auto on_failure = [this](std::string why) { fail(std::move(why)); };
    const auto on_persisted = [this](raft::write_id id) {
        step([id](raft::replica& core, const raft::moment& at, raft::effects& out) {
            core.state_persisted(id, at, out);
        });
    };
    state_ = std::make_unique<state_file>(
        world_,
        directory_.files(),
        path,
        state_file::listeners{.persisted = on_persisted, .failed = on_failure});
    disk_ = std::make_unique<metadata_disk>(
        world_, *log_, *snapshots_, static_cast<disk_owner&>(*this));
    delivery_ = std::make_unique<delivery>(*log_, *snapshots_, listener_, on_failure);
    raft::effects out;
    core_ = std::make_unique<raft::replica>(settings_.replica, *std::move(found), moment(), out);
    carry_out(out);
    tell_voters();
    send_all();
    disk_work_.spawn(state_->run());
    disk_work_.spawn(disk_->run());
    work_.spawn(delivery_->run_in_order());
    work_.spawn(delivery_->run_at_once());
    work_.spawn(run_timers());
    work_.spawn(watch_disk());
    co_return std::expected<void, std::string>();
}

runtime::awaitable<void> quorum_host::parts::stop() {
    stopping_ = true;
    release_all();
    if (state_) state_->stop();
    if (disk_) disk_->stop();
    std::exception_ptr interrupted;
    try {
        co_await disk_work_.join();
    } catch (...) {
        interrupted = std::current_exception();
    }
    co_await work_.cancel_and_join();
    if (disk_) co_await disk_->join();
    // A caller that is cancelled learns it from its next wait; here all has ended.
    if (interrupted && !runtime::is_cancellation(interrupted)) std::rethrow_exception(interrupted);
}

/// For good. Whatever the core would do next rests on what the disk did not take.
void quorum_host::parts::fail(std::string why) {
    if (failure_ || stopping_) return;
    failure_ = why;
    world_.log().write(runtime::log_level::error, "quorum_replica_failed", {{"reason", why}});
    const bool led = core_->is_ready();
    release_all();
    state_->stop();
    disk_->stop();
    if (led) delivery_->leadership_lost(core_->epoch());
    delivery_->leader_changed({.epoch = core_->epoch()});
    delivery_->failed(std::move(why));
}

void quorum_host::parts::release_all() {
    for (auto& alarm : alarms_) alarm.reset();
    due_.reset();
    while (!waiting_.empty()) {
        deliver<std::optional<served>>(waiting_, waiting_.begin()->first, std::nullopt);
    }
    while (!changing_.empty()) {
        deliver(changing_, changing_.begin()->first, kafka::error_code::not_leader_or_follower);
    }
    leader_moved_.notify_all();
}

std::expected<raft::offset, kafka::error_code> quorum_host::parts::append(
    raft::leader_epoch epoch, raft::offset expected_end, std::span<const frame> frames) {
    using kafka::error_code;
    if (!takes_part()) return std::unexpected(error_code::not_leader_or_follower);
    if (core_->is_ready() && disk_->unwritten_bytes() > settings_.unwritten_bytes_max) {
        disk_full();
    }
    std::expected<raft::offset, error_code> appended = std::unexpected(error_code::invalid_request);
    const kafka::timestamp time(world_.wall_time().time_since_epoch().count());
    step([&](raft::replica& core, const raft::moment& at, raft::effects& out) {
        const bool leads = core.is_ready() && core.epoch() == epoch;
        if (leads && core.log().end() != expected_end) return;
        appended =
            core.append(epoch,
                        {{.bytes = std::make_shared<std::vector<std::byte>>(batch_of(frames, time)),
                          .count = static_cast<std::int32_t>(frames.size())}},
                        at,
                        out);
    });
    return appended;
}

runtime::awaitable<bool> quorum_host::parts::take_snapshot(raft::snapshot_id id,
                                                           std::vector<frame> frames,
                                                           kafka::timestamp time) {
    if (!takes_part() || !core_->may_snapshot(id)) co_return false;
    std::vector<std::byte> bytes = encode_snapshot(
        {.time = time, .voters = core_->log().voters_before(id.end), .frames = std::move(frames)},
        id.epoch);
    const auto size = static_cast<std::int64_t>(bytes.size());
    const auto written = co_await snapshots_->write(id, std::move(bytes));
    if (!takes_part()) co_return false;
    if (!written && written.error() != runtime::errc::no_space) {
        fail(fmt::format("cannot write a snapshot: {}", describe(written.error())));
    }
    // One that was fetched meanwhile has made it useless, and removes it or is followed by one that
    // does.
    if (!written || !core_->may_snapshot(id)) co_return false;
    step([&](raft::replica& core, const raft::moment&, raft::effects& out) {
        core.snapshot_taken({id, size}, out);
    });
    co_return true;
}

runtime::awaitable<void> quorum_host::parts::resign(runtime::duration patience) {
    if (!takes_part() || core_->role() != raft::role::leader) co_return;
    step([](raft::replica& core, const raft::moment& at, raft::effects& out) {
        core.resign(at, out);
    });
    const runtime::instant deadline = world_.now() + patience;
    while (takes_part() && !core_->leader() && world_.now() < deadline) {
        (void)co_await runtime::with_deadline(world_, deadline, leader_moved_.wait());
    }
}

}  // namespace verdikt::broker::quorum
