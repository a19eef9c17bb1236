#include "broker/quorum/host_parts.h"

#include <utility>

namespace verdikt::broker::quorum {

quorum_host::quorum_host(runtime::environment& world,
                         storage::log_directory& directory,
                         quorum_settings settings,
                         peers& others,
                         quorum_listener& listener)
    : parts_(std::make_unique<parts>(world, directory, std::move(settings), others, listener)) {}

quorum_host::~quorum_host() = default;

runtime::awaitable<std::expected<void, std::string>> quorum_host::start() {
    return parts_->start();
}

runtime::awaitable<void> quorum_host::stop() {
    return parts_->stop();
}

std::expected<raft::offset, kafka::error_code> quorum_host::append(raft::leader_epoch epoch,
                                                                   raft::offset expected_end,
                                                                   std::span<const frame> frames) {
    return parts_->append(epoch, expected_end, frames);
}

bool quorum_host::may_snapshot(const raft::snapshot_id& id) const {
    return parts_->takes_part() && parts_->core().may_snapshot(id);
}

runtime::awaitable<bool> quorum_host::take_snapshot(raft::snapshot_id id,
                                                    std::vector<frame> frames,
                                                    kafka::timestamp time) {
    return parts_->take_snapshot(id, std::move(frames), time);
}

runtime::awaitable<void> quorum_host::resign(runtime::duration patience) {
    return parts_->resign(patience);
}

const raft::replica& quorum_host::replica() const {
    return parts_->core();
}

raft::replica_key quorum_host::key() const {
    return parts_->settings().replica.self;
}

raft::offset quorum_host::applied() const {
    return parts_->applied();
}

const std::optional<std::string>& quorum_host::failure() const {
    return parts_->failure();
}

}  // namespace verdikt::broker::quorum
