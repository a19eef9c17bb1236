/// Coordinates consumer groups: carries requests to each group's state machine and its effects out.
///
/// A group lives on one partition of `__consumer_offsets` (`partition_of`), and belongs to the
/// broker that leads it: `elected` replays the partition and takes its groups over, `resigned`
/// gives them up. In between requests get COORDINATOR_LOAD_IN_PROGRESS (14), elsewhere
/// NOT_COORDINATOR (16). What a client is told is durable first: commits and assignments are
/// written with acks=all, answered after that, and visible to others only then.
///
/// Lives in the broker on its executor; owns every coroutine it starts. `stop` must have returned
/// before it is destroyed. What a handler awaits may never come once `stop` was called, so the
/// server ends the handlers too.
#pragma once

#include "broker/coordinator/coordinator_config.h"
#include "broker/coordinator/coordinator_log.h"
#include "kafka/messages/delete_groups.h"
#include "kafka/messages/describe_groups.h"
#include "kafka/messages/heartbeat.h"
#include "kafka/messages/join_group.h"
#include "kafka/messages/leave_group.h"
#include "kafka/messages/list_groups.h"
#include "kafka/messages/offset_commit.h"
#include "kafka/messages/offset_delete.h"
#include "kafka/messages/offset_fetch.h"
#include "kafka/messages/sync_group.h"
#include "kafka/messages/txn_offset_commit.h"
#include "kafka/types.h"
#include "runtime/environment.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace verdikt::broker::coordinator {

namespace messages = kafka::messages;

class group_host;

/// Who asks, and in which version of the request.
struct request_origin {
    std::int16_t version = 0;
    std::string client_id;
    std::string client_host;  ///< As Kafka shows it: "/10.0.0.7".
};

class group_coordinator {
  public:
    /// All references must outlive the coordinator.
    group_coordinator(runtime::environment& world,
                      coordinator_config config,
                      coordinator_log& log,
                      const topic_lookup& topics);
    ~group_coordinator();

    /// Begins to fire timers and to expire offsets.
    void start();
    /// Answers every join and sync that waits with NOT_COORDINATOR, then ends all coroutines.
    runtime::awaitable<void> stop();

    /// This broker leads the partition now. Loads in the background; idempotent per epoch.
    void elected(kafka::partition_index partition, kafka::leader_epoch epoch);
    void resigned(kafka::partition_index partition);

    /// A transaction has ended that this partition of `__consumer_offsets` is part of. Returns once
    /// that is committed and shows. Errors: those of WriteTxnMarkers; COORDINATOR_LOAD_IN_PROGRESS
    /// while loading, NOT_LEADER_OR_FOLLOWER if the partition is not served here.
    runtime::awaitable<kafka::error_code> write_marker(kafka::partition_index partition,
                                                       transactional::transaction_marker marker);

    /// Offsets of a topic go with it. Call it after the deletion.
    void topic_deleted(const std::string& topic);

    /// For FindCoordinator.
    [[nodiscard]] kafka::partition_index partition_of(std::string_view group) const;

    runtime::awaitable<messages::join_group_response> join_group(
        messages::join_group_request request, request_origin from);
    runtime::awaitable<messages::sync_group_response> sync_group(
        messages::sync_group_request request, request_origin from);
    runtime::awaitable<messages::heartbeat_response> heartbeat(messages::heartbeat_request request,
                                                               request_origin from);
    runtime::awaitable<messages::leave_group_response> leave_group(
        messages::leave_group_request request, request_origin from);
    runtime::awaitable<messages::offset_commit_response> offset_commit(
        messages::offset_commit_request request, request_origin from);
    /// The offsets count once the producer's transaction is committed.
    runtime::awaitable<messages::txn_offset_commit_response> txn_offset_commit(
        messages::txn_offset_commit_request request, request_origin from);
    runtime::awaitable<messages::offset_fetch_response> offset_fetch(
        messages::offset_fetch_request request, request_origin from);
    runtime::awaitable<messages::offset_delete_response> offset_delete(
        messages::offset_delete_request request, request_origin from);
    runtime::awaitable<messages::list_groups_response> list_groups(
        messages::list_groups_request request, request_origin from);
    runtime::awaitable<messages::describe_groups_response> describe_groups(
        messages::describe_groups_request request, request_origin from);
    runtime::awaitable<messages::delete_groups_response> delete_groups(
        messages::delete_groups_request request, request_origin from);

  private:
    std::unique_ptr<group_host> host_;
};

}  // namespace verdikt::broker::coordinator
