#include "broker/raft/replica.h"
#include "runtime/check.h"

#include <utility>

namespace verdikt::broker::raft {

bool replica::may_snapshot(const snapshot_id& id) const {
    const offset last = snapshots_.empty() ? log_.start().end : snapshots_.back().id.end;
    const bool installing = download_ && download_->installing;
    return !installing && last < id.end && id.end <= high_watermark_ &&
           log_.epoch_before(id.end) == id.epoch;
}

void replica::snapshot_taken(const stored_snapshot& taken, effects& out) {
    CHECK(may_snapshot(taken.id), "no snapshot at {} of epoch {}", taken.id.end, taken.id.epoch);
    snapshots_.push_back(taken);
    if (snapshots_.size() == 1) return;
    // One snapshot back, so that a follower that is only a little behind finds records.
    const snapshot_id kept = snapshots_[snapshots_.size() - 2].id;
    log_.trim(kept);
    snapshots_.erase(snapshots_.begin(), snapshots_.end() - 2);
    out.push_back(trim_log{kept});
}

void replica::begin_download(snapshot_id snapshot) {
    // Nothing is gained by one that ends before what is known to be committed; ask again.
    if (snapshot.end <= high_watermark_) return;
    download_ = {.snapshot = snapshot};
}

/// A download belongs to the leader that it comes from; once the disk is at work it is no longer
/// anybody's to stop.
void replica::abandon_download(effects& out) {
    if (!download_ || download_->installing) return;
    if (download_->position > 0) out.push_back(abandon_snapshot{download_->snapshot});
    download_.reset();
}

void replica::snapshot_answered(node_id from,
                                const fetch_snapshot_answer& what,
                                const moment& at,
                                effects& out) {
    if (learn(what.at, at, out)) return;
    const bool from_leader =
        following_ && following_->leader == from && what.at.epoch == state_.epoch;
    if (from_leader && what.at.error == error::snapshot_not_found) {
        // The leader has a newer one by now; a fetch will name it.
        abandon_download(out);
        fetch_next(at, out);
        return;
    }
    const bool is_next = what.at.error == error::none && download_ &&
                         what.snapshot == download_->snapshot &&
                         what.position == download_->position && what.bytes && !what.bytes->empty();
    if (!from_leader || !is_next) {
        fetch_later(at, out);
        return;
    }
    heard_leader(at, out);
    out.push_back(write_snapshot{what.snapshot, what.position, what.bytes});
    download_->position += static_cast<std::int64_t>(what.bytes->size());
    if (download_->position >= what.size) {
        download_->installing = true;
        out.push_back(install_snapshot{{what.snapshot, download_->position}});
    }
    fetch_next(at, out);
}

void replica::snapshot_installed(snapshot_id snapshot,
                                 const voter_set& voters,
                                 const moment& at,
                                 effects& out) {
    CHECK(download_ && download_->installing && download_->snapshot == snapshot);
    CHECK(!sync_, "records were written while the log was being replaced");
    snapshots_ = {{snapshot, download_->position}};
    download_.reset();
    log_ = log_picture(voters, snapshot);
    synced_ = log_.end();
    high_watermark_ = snapshot.end;
    out.push_back(load_snapshot{snapshot});
    if (role_ == role::unattached && may_campaign() && !is_armed(timer::election))
        arm(timer::election, random_election_timeout(at), at, out);
    if (role_ == role::unattached || role_ == role::follower) fetch_next(at, out);
    finish(out);
}

}  // namespace verdikt::broker::raft
