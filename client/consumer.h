/// Reads records from a cluster, alone (`assign`) or as a member of a group (`subscribe`).
///
/// Group rebalances are carried out inside `poll`, and so are the listener's calls: between two
/// polls the assignment does not change, and the records of one poll belong to partitions that this
/// member owned when it returned. Heartbeats go on in the background; a member that does not poll
/// for `max.poll.interval.ms` leaves its group.
///
/// Automatic commits cover exactly what earlier polls returned: when `poll` is called again, the
/// records of the poll before count as processed.
///
/// Lives on the executor of its environment and is used from there only, one call at a time.
/// Requires: `close` or `stop` has returned before it is destroyed (closing.h sees to it).
#pragma once

#include "client/configuration.h"
#include "client/error.h"
#include "client/record.h"
#include "runtime/environment.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace verdikt::client {

class consumer_core;

using partition_set = std::set<topic_partition>;
using offset_map = std::map<topic_partition, committed_offset>;

/// Told of rebalances, inside `poll` and `close`. Calls on the consumer (commit, seek, position)
/// are allowed from here, except `poll` and `close`.
class rebalance_listener {
  public:
    virtual ~rebalance_listener() = default;
    /// Newly owned, after any revocation of the same rebalance. Eager: all of them; cooperative:
    /// those that were added. May be empty.
    virtual runtime::awaitable<void> on_assigned(partition_set partitions) = 0;
    /// About to be given up; still owned, so their offsets can still be committed.
    virtual runtime::awaitable<void> on_revoked(partition_set partitions) = 0;
    /// Already owned by others, perhaps: the membership expired or was fenced.
    virtual runtime::awaitable<void> on_lost(partition_set partitions) {
        return on_revoked(std::move(partitions));
    }
};

struct offset_and_time {
    kafka::offset offset;
    kafka::timestamp time;
    kafka::leader_epoch epoch = kafka::no_leader_epoch;
};

/// What other members are told about this one, and how it stands.
struct group_standing {
    std::string group_id;
    std::string member_id = {};
    std::int32_t generation = -1;
    std::optional<std::string> instance_id = {};  ///< Of a static member.
};

class consumer {
  public:
    /// Throws std::invalid_argument if the configuration is faulty (`client_config::find_fault`).
    consumer(runtime::environment& world, client_config config);
    consumer(const consumer&) = delete;
    consumer& operator=(const consumer&) = delete;
    ~consumer();

    /// Reads these partitions, and no group assigns any. Replaces an earlier assignment.
    result<void> assign(partition_set partitions);
    /// Joins the group at the next poll. The listener must outlive the subscription.
    result<void> subscribe(std::set<std::string> topics, rebalance_listener* listener = nullptr);
    /// Gives up subscription and assignment; a member leaves its group.
    runtime::awaitable<void> unsubscribe();

    /// Records, at most `max.poll.records`, or none when `timeout` has passed. An error is about
    /// one partition or the group, never about records that were returned; the next poll goes on.
    runtime::awaitable<result<consumed_records>> poll(runtime::duration timeout);

    /// Commits the positions of all owned partitions, or the given ones; returns once the
    /// coordinator has answered. Retries until `default.api.timeout.ms`. An error with reason
    /// `timed_out` or `disconnected` leaves open whether it was committed.
    runtime::awaitable<result<void>> commit();
    runtime::awaitable<result<void>> commit(offset_map offsets);
    /// Of this consumer's group. Partitions without a committed offset are absent.
    runtime::awaitable<result<offset_map>> committed(partition_set partitions);

    /// Requires of all below: the partition is assigned; otherwise invalid_argument.
    result<void> seek(topic_partition partition, committed_offset to);
    result<void> seek_to_beginning(partition_set partitions);
    result<void> seek_to_end(partition_set partitions);
    /// The next offset that `poll` will return, fetched from the group or reset if not yet known.
    runtime::awaitable<result<kafka::offset>> position(topic_partition partition);
    result<void> pause(partition_set partitions);
    result<void> resume(partition_set partitions);

    [[nodiscard]] partition_set assignment() const;
    [[nodiscard]] partition_set paused() const;
    [[nodiscard]] group_standing standing() const;

    /// Earliest record at or after each time; partitions that have none are absent.
    runtime::awaitable<result<std::map<topic_partition, offset_and_time>>> offsets_for_times(
        std::map<topic_partition, kafka::timestamp> times);
    runtime::awaitable<result<std::map<topic_partition, kafka::offset>>> beginning_offsets(
        partition_set partitions);
    /// The high watermark, or with read_committed the last stable offset.
    runtime::awaitable<result<std::map<topic_partition, kafka::offset>>> end_offsets(
        partition_set partitions);
    /// All partitions of a topic.
    runtime::awaitable<result<partition_set>> partitions_of(std::string topic);

    /// Commits if automatic commits are on, tells the listener, leaves the group (dynamic members
    /// only) and ends all that the consumer started. Idempotent.
    runtime::awaitable<result<void>> close(runtime::duration timeout = std::chrono::seconds(30));
    /// Ends without commit, listener or leaving; not even cancellation of the caller interrupts it.
    runtime::awaitable<void> stop();

  private:
    std::unique_ptr<consumer_core> core_;
};

}  // namespace verdikt::client
