/// One replica of the metadata log at work: `raft::replica` with its log, its vote, its snapshots,
/// its timers and its messages.
///
/// The log lies in `__cluster_metadata-0` of a log directory that the owner opened, in storage's
/// formats; beside it the quorum-state file and the snapshots (`<end>-<epoch>.checkpoint`). The
/// owner's own use of that directory must leave this partition alone.
///
/// Nothing is decided here. An event goes to the core, and the effects that come out are handed, in
/// their order, to whoever carries them out: `metadata_disk` (log and snapshots, one at a time),
/// `state_file`, `delivery` (news for the listener), alarms, and one coroutine a message. None of
/// them waits for another, but for what effects.h says.
///
/// A disk that fails, or contradicts itself, stops the replica for good: `failed` is announced, and
/// every request is answered with an error. A full disk only makes it wait, and a leader resign. So
/// does one that hangs: heartbeats and empty fetches need no disk, so a leader whose disk takes
/// nothing would otherwise lead for ever, and commit nothing. It cannot come back before the disk
/// does, since nobody is a candidate before its vote is durable.
///
/// Lives on one executor. `stop` must have returned before it is destroyed; directory, peers and
/// listener outlive it.
#pragma once

#include "broker/quorum/frames.h"
#include "broker/quorum/peers.h"
#include "broker/quorum/quorum_listener.h"
#include "broker/quorum/quorum_settings.h"
#include "broker/raft/replica.h"
#include "broker/storage/log_directory.h"
#include "kafka/error_codes.h"
#include "kafka/messages/add_raft_voter.h"
#include "kafka/messages/begin_quorum_epoch.h"
#include "kafka/messages/describe_quorum.h"
#include "kafka/messages/end_quorum_epoch.h"
#include "kafka/messages/fetch.h"
#include "kafka/messages/fetch_snapshot.h"
#include "kafka/messages/remove_raft_voter.h"
#include "kafka/messages/update_raft_voter.h"
#include "kafka/messages/vote.h"
#include "runtime/environment.h"

#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace verdikt::broker::quorum {

/// A response with the bytes that its records borrow.
template <typename Response>
struct with_bytes {
    Response message;
    raft::payload bytes = nullptr;
};

class quorum_host {
  public:
    quorum_host(runtime::environment& world,
                storage::log_directory& directory,
                quorum_settings settings,
                peers& others,
                quorum_listener& listener);
    ~quorum_host();

    /// Reads what a former life left, and takes part. The error is English: this node cannot start.
    [[nodiscard]] runtime::awaitable<std::expected<void, std::string>> start();
    /// Ends all work; what is being written is written. Who waits for an answer gets an error.
    /// Does so, and throws nothing, even if the caller is cancelled.
    [[nodiscard]] runtime::awaitable<void> stop();

    // ---- For the state machine above.

    /// Appends the frames as one batch, which is committed whole or not at all, and returns the
    /// offset of the first. Whether it was committed shows when it is applied.
    /// Errors: NOT_LEADER_OR_FOLLOWER and FENCED_LEADER_EPOCH where this node does not lead
    /// `epoch` (any more), or the log ends elsewhere. Requires: at least one frame.
    [[nodiscard]] std::expected<raft::offset, kafka::error_code> append(
        raft::leader_epoch epoch, raft::offset expected_end, std::span<const frame> frames);

    /// Whether a snapshot of all below `id.end` would be taken now. Requires: a batch ends there.
    [[nodiscard]] bool may_snapshot(const raft::snapshot_id& id) const;
    /// Stores the frames as the snapshot of all below `id.end`, and lets go of the log below the
    /// snapshot before it. `time` is that of the last record in it. True once it is durable; false
    /// if it is not wanted (any more) or the disk has no room.
    [[nodiscard]] runtime::awaitable<bool> take_snapshot(raft::snapshot_id id,
                                                         std::vector<frame> frames,
                                                         kafka::timestamp time);

    /// Gives a leadership up, for a controlled shutdown, and waits until another is known to lead,
    /// at most for `patience`. Returns at once where this node does not lead.
    [[nodiscard]] runtime::awaitable<void> resign(runtime::duration patience);

    // ---- Requests of other nodes. Each is answered, whatever happens. Once a request's cluster id
    // is another than ours the answer is INCONSISTENT_CLUSTER_ID.

    template <typename Response>
    using response = runtime::awaitable<Response>;

    [[nodiscard]] response<kafka::messages::vote_response> handle(
        kafka::messages::vote_request request);
    [[nodiscard]] response<kafka::messages::begin_quorum_epoch_response> handle(
        kafka::messages::begin_quorum_epoch_request request);
    [[nodiscard]] response<kafka::messages::end_quorum_epoch_response> handle(
        kafka::messages::end_quorum_epoch_request request);
    /// Of the metadata partition alone. May take as long as the request allows.
    [[nodiscard]] response<with_bytes<kafka::messages::fetch_response>> handle(
        kafka::messages::fetch_request request);
    [[nodiscard]] response<with_bytes<kafka::messages::fetch_snapshot_response>> handle(
        kafka::messages::fetch_snapshot_request request);
    [[nodiscard]] response<kafka::messages::describe_quorum_response> handle(
        kafka::messages::describe_quorum_request request);
    /// These three return once the change is committed, refused, or has taken too long.
    [[nodiscard]] response<kafka::messages::add_raft_voter_response> handle(
        kafka::messages::add_raft_voter_request request);
    [[nodiscard]] response<kafka::messages::remove_raft_voter_response> handle(
        kafka::messages::remove_raft_voter_request request);
    [[nodiscard]] response<kafka::messages::update_raft_voter_response> handle(
        kafka::messages::update_raft_voter_request request);

    // ---- State, for metrics, health and tests.

    /// Requires: started.
    [[nodiscard]] const raft::replica& replica() const;
    /// Who this replica is, its directory included.
    [[nodiscard]] raft::replica_key key() const;
    /// Everything below it has been applied by the listener.
    [[nodiscard]] raft::offset applied() const;
    [[nodiscard]] const std::optional<std::string>& failure() const;

  private:
    class parts;

    std::unique_ptr<parts> parts_;
};

}  // namespace verdikt::broker::quorum
