#include "broker/raft/replica.h"
#include "runtime/check.h"

namespace verdikt::broker::raft {

void replica::check_invariants() const {
    log_.check_invariants();
    CHECK(log_.start().end <= high_watermark_ && high_watermark_ <= log_.end(),
          "start {}, high watermark {}, end {}",
          log_.start().end,
          high_watermark_,
          log_.end());
    CHECK(synced_ <= log_.end());
    CHECK(!sync_ || (synced_ < sync_->end && sync_->end <= log_.end()));
    CHECK(sync_.has_value() == (synced_ < log_.end()), "an unsynced tail that nobody syncs");
    CHECK(log_.last_epoch() <= state_.epoch);
    CHECK(!state_changed_, "a state that is not being written");
    CHECK(persisted_ <= last_write_ && needed_ <= last_write_);
    CHECK(held_back_.empty() || needed_ > persisted_);
    for (std::size_t next = 1; next < snapshots_.size(); ++next)
        CHECK(snapshots_[next - 1].id.end < snapshots_[next].id.end);
    CHECK(snapshots_.empty() || snapshots_.back().id.end <= high_watermark_);
    CHECK(snapshots_.size() <= 2);
    check_role();
}

void replica::check_role() const {
    const bool stands = role_ == role::prospective || role_ == role::candidate;
    CHECK(round_.has_value() == stands);
    CHECK(following_.has_value() == (role_ == role::follower));
    CHECK(leadership_.has_value() == (role_ == role::leader));
    CHECK(!fetch_ || role_ == role::follower || role_ == role::unattached);
    const bool installing = download_ && download_->installing;
    CHECK(!download_ || installing || role_ == role::follower);
    CHECK(!installing || !stands, "a campaign while a snapshot is put in place");
    CHECK(!stands || is_armed(timer::election), "a {} that waits for ever", name(role_));
    CHECK(role_ != role::follower ||
          (state_.leader == following_->leader && is_armed(timer::fetch)));
    CHECK(role_ != role::candidate || state_.voted == settings_.self);
    if (role_ != role::leader) return;
    CHECK(state_.leader == settings_.self.id && state_.voted == settings_.self);
    CHECK(needed_ <= persisted_, "a leader whose vote is not safe");
    CHECK(log_.last_epoch() == state_.epoch);
    CHECK(leadership_->ready == (high_watermark_ > leadership_->began_at));
    CHECK(is_armed(timer::check_quorum));
}

}  // namespace verdikt::broker::raft
