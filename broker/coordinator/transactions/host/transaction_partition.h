/// The transactional ids of one partition of `__transaction_state`, while this broker leads it.
///
/// Carries the effects of its `transaction_coordinator` out. The state changes on the executor
/// without waiting; what waits is only the client, for an answer that a write brings. Markers are
/// sent until they are written, however long that takes.
///
/// loading ─▶ serving ─▶ retired. Lives in the `transaction_host`, which calls `finish` or `stop`
/// before it destroys it.
#pragma once

#include "broker/coordinator/coordinator_log.h"
#include "broker/coordinator/partition_writer.h"
#include "broker/coordinator/reply_desk.h"
#include "broker/coordinator/transactions/host/transaction_host_config.h"
#include "broker/coordinator/transactions/host/transaction_world.h"
#include "broker/coordinator/transactions/transaction_coordinator.h"
#include "runtime/environment.h"
#include "runtime/scope.h"

#include <functional>
#include <optional>
#include <string>

namespace verdikt::broker::coordinator::transactions {

/// What all partitions share.
struct transaction_services {
    runtime::environment& world;
    const transaction_host_config& config;
    coordinator_log& log;
    marker_sender& markers;
    reply_desk<answer, ticket> waiting = {};
    ticket last_ticket{0};

    [[nodiscard]] kafka::timestamp now() const;
};

class transaction_partition {
  public:
    transaction_partition(transaction_services& services,
                          kafka::partition_index index,
                          kafka::leader_epoch epoch);

    void start_loading();
    /// Answers everybody who waits with NOT_COORDINATOR.
    void retire();
    /// Returns once all writes have completed. Requires: retired.
    runtime::awaitable<void> finish();
    /// Gives up what is under way. Requires: retired.
    runtime::awaitable<void> stop();

    [[nodiscard]] kafka::leader_epoch epoch() const { return machine_.epoch(); }
    [[nodiscard]] const transaction_coordinator& machine() const { return machine_; }

    // `from` of each event is filled in here.

    /// True if the event's fresh id was used, and is to be given to nobody else.
    [[nodiscard]] bool init(const std::string& transactional_id, init_event event, ticket from);
    void add_partitions(const std::string& transactional_id, add_event event, ticket from);
    [[nodiscard]] bool end(const std::string& transactional_id, end_event event, ticket from);
    void time_passed();

  private:
    class replay;

    void carry_out(effects out);
    void carry_out(effect&& what);
    void store(const std::string& transactional_id, log_record record);
    /// Those of one transaction in one go.
    [[nodiscard]] static effects join_markers(effects out);

    runtime::awaitable<void> load();
    runtime::awaitable<void> write_markers(send_markers what, bool again);
    runtime::awaitable<void> complete_later(std::string transactional_id);

    transaction_services& services_;
    kafka::partition_index index_;
    transaction_coordinator machine_;
    bool retired_ = false;
    runtime::scope loading_;
    runtime::scope marking_;
    runtime::scope writing_;
    partition_writer writer_;
};

}  // namespace verdikt::broker::coordinator::transactions
