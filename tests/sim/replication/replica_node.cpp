// The life of a node: processes, registration, heartbeats, its disk.
#include "tests/sim/replication/replica_node.h"

#include "runtime/check.h"

#include <algorithm>

namespace verdikt::broker::replication {

void replica_node::start() {
    if (is_up_) return;
    is_up_ = true;
    ++process_;
    paused_until_ = {};
    last_heard_ = world_.time.now();
    if (world_.settings.canary == misdeed::counts_unsynced_as_durable) log_.claim_all_durable();
    sync();
    registration();
}

void replica_node::die() {
    is_up_ = false;
    epoch_ = no_broker_epoch;
    replica_.reset();
    seen_version_ = 0;
    is_syncing_ = false;
    fetched_.clear();
    waits_.clear();
    deletions_.clear();
    last_appended_.reset();
    log_free_at_ = {};
    last_sent_ = proposal_number(0);
    cuts_in_a_row_ = 0;
}

void replica_node::kill() {
    if (!is_up_) return;
    stopped_cleanly_ = false;
    die();
}

void replica_node::lose_power() {
    kill();
    const kafka::offset durable = log_.really_durable_end();
    const kafka::offset kept(world_.chance.between(durable.value(), log_.end().value()));
    if (kept < log_.end()) world_.marks.reach(mark::unsynced_tail_lost);
    log_.lose_power(kept);
}

void replica_node::shut_down() {
    if (!is_registered()) return;
    world_.controller.begin_shutdown(id_, epoch_);
    later(world_.random_ms(50, 400), [this] {
        log_.synced(log_.end());
        stopped_cleanly_ = true;
        die();
    });
}

void replica_node::pause(milliseconds span) {
    paused_until_ = std::max(paused_until_, world_.time.now() + span);
}

void replica_node::here(std::function<void()> what) {
    if (!is_up_) return;
    if (world_.time.now() >= paused_until_) {
        what();
        return;
    }
    const std::uint64_t process = process_;
    world_.time.at(paused_until_, [this, process, what = std::move(what)] {
        if (process == process_) here(what);
    });
}

void replica_node::later(runtime::duration delay, std::function<void()> what) {
    const std::uint64_t process = process_;
    world_.time.after(delay, [this, process, what = std::move(what)] {
        if (process == process_) here(what);
    });
}

void replica_node::on_log(std::function<void()> what) {
    log_free_at_ = std::max(log_free_at_, world_.time.now()) +
                   std::chrono::microseconds(world_.chance.between(50, 4'000));
    later(log_free_at_ - world_.time.now(), std::move(what));
}

void replica_node::registration() {
    if (epoch_ != no_broker_epoch) return;
    const std::uint64_t process = process_;
    world_.send(id_, controller_address, [this, process] {
        if (process != process_) return;
        const broker_epoch epoch =
            world_.controller.register_broker(id_, process, stopped_cleanly_);
        world_.send(
            controller_address, id_, [this, process, epoch, image = world_.controller.image()] {
                if (process == process_) here([=, this] { registered(epoch, image); });
            });
    });
    later(milliseconds(150), [this] { registration(); });
}

void replica_node::registered(broker_epoch epoch, const metadata_image& image) {
    if (epoch_ != no_broker_epoch) return;
    epoch_ = epoch;
    stopped_cleanly_ = false;
    last_heard_ = world_.time.now();
    replica_.emplace(id_, epoch_, world_.settings.replica, std::min(checkpoint_, log_.end()));
    if (on_disk_.version > 0) learn(on_disk_);
    learn(image);
    beat();
    tick();
    if (!world_.settings.replica.durable) flush_now_and_then();
}

void replica_node::beat() {
    const std::uint64_t process = process_;
    world_.send(id_, controller_address, [this, process, epoch = epoch_, seen = seen_version_] {
        world_.controller.heartbeat(id_, epoch, seen, world_.time.now());
        world_.send(controller_address, id_, [this, process, image = world_.controller.image()] {
            if (process != process_) return;
            here([=, this] {
                last_heard_ = world_.time.now();
                learn(image);
            });
        });
    });
    later(world_.random_ms(30, 90), [this] { beat(); });
}

void replica_node::learn(const metadata_image& image) {
    if (image.version <= seen_version_) return;
    if (replica_->role() == replica_role::leader &&
        replica_->state().leader_epoch == image.partition.leader_epoch &&
        replica_->leading()->in_sync().is_open() &&
        image.partition.epoch > replica_->leading()->in_sync().epoch()) {
        world_.marks.reach(mark::proposal_settled_by_metadata);
    }
    const kafka::leader_epoch before = replica_->state().leader_epoch;
    if (before != kafka::no_leader_epoch && image.partition.leader_epoch - before > 1) {
        world_.marks.reach(mark::epoch_skipped_by_a_replica);
    }
    seen_version_ = image.version;
    on_disk_ = image;
    event([&](effects& out) {
        replica_->apply(image.partition, image.brokers, log_, world_.time.now(), out);
    });
    const partition_state& state = replica_->state();
    if (state.leader == id_ && replica_->role() == replica_role::none &&
        state.leader_epoch != before) {
        const auto own = image.brokers.at(id_).epoch;
        world_.marks.reach(own == epoch_ ? mark::role_change_waited_for_the_log
                                         : mark::spent_epoch_not_led);
    }
    const bool demoted = state.leader != id_ && replica_->role() == replica_role::follower;
    if (demoted && world_.settings.canary == misdeed::cuts_at_the_high_watermark &&
        state.leader_epoch != before) {
        log_.truncate(std::max(replica_->high_watermark(), log_.start()));
    }
}

void replica_node::tick() {
    event([&](effects& out) {
        replica_->controller_reachable(world_.time.now() - last_heard_ <
                                       world_.settings.controller.session_timeout);
        replica_->tick(log_, world_.time.now(), out);
    });
    if (world_.chance.chance(0.1)) checkpoint_ = replica_->high_watermark();
    later(world_.random_ms(20, 60), [this] { tick(); });
}

void replica_node::sync() {
    if (is_syncing_ || log_.really_durable_end() == log_.end()) return;
    is_syncing_ = true;
    sync_target_ = log_.end();
    later(std::chrono::microseconds(world_.chance.between(200, 12'000)), [this] {
        is_syncing_ = false;
        log_.synced(sync_target_);
        if (replica_) {
            event([&](effects& out) { replica_->log_moved(log_, world_.time.now(), out); });
        }
        if (world_.settings.replica.durable) sync();
    });
}

void replica_node::flush_now_and_then() {
    later(world_.random_ms(100, 2'000), [this] {
        sync();
        flush_now_and_then();
    });
}

}  // namespace verdikt::broker::replication
