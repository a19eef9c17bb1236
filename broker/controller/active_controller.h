/// The active controller: who decides what the metadata log says next.
///
/// Pure: an event comes in with the time, the end of the log and, where needed, a source of chance;
/// a decision comes out (decision.h says what to do with it). It is made on the image of everything
/// *appended*, committed or not, so that one request sees what the one before it did. That image is
/// made from the committed one when leadership begins and thrown away when it ends: what was
/// appended and never committed leaves no trace.
///
/// Lives as long as its node; is active between `activate` and `deactivate`, and decides only then.
/// Brokers' sessions are not in the log: each controller that takes over gives every broker a whole
/// one.
///
/// Invariants (beside those of the image): whoever is in sync is active, on a disk that works; with
/// nobody leading, nobody is in sync; replicas are eligible only while fewer than the effective
/// minimum are in sync.
#pragma once

#include "broker/controller/broker_sessions.h"
#include "broker/controller/config_rules.h"
#include "broker/controller/decision.h"
#include "broker/controller/draft.h"
#include "broker/controller/settings.h"
#include "broker/metadata/image.h"
#include "kafka/messages/allocate_producer_ids.h"
#include "kafka/messages/alter_configs.h"
#include "kafka/messages/alter_partition.h"
#include "kafka/messages/alter_partition_reassignments.h"
#include "kafka/messages/assign_replicas_to_dirs.h"
#include "kafka/messages/broker_heartbeat.h"
#include "kafka/messages/broker_registration.h"
#include "kafka/messages/create_partitions.h"
#include "kafka/messages/create_topics.h"
#include "kafka/messages/delete_topics.h"
#include "kafka/messages/elect_leaders.h"
#include "kafka/messages/incremental_alter_configs.h"
#include "kafka/messages/list_partition_reassignments.h"
#include "kafka/messages/unregister_broker.h"
#include "kafka/messages/update_features.h"
#include "runtime/check.h"
#include "runtime/random.h"

#include <optional>

namespace verdikt::broker::controller {

class active_controller {
  public:
    /// `rules` outlives it.
    active_controller(controller_settings settings, const config_rules& rules);

    /// Leadership begins. Requires: this node's own first entry in `epoch` is committed, and
    /// `committed` has applied everything up to it: so that nothing older is still under way. The
    /// records are those that a new cluster starts with, none later.
    [[nodiscard]] decision<no_answer> activate(metadata::image committed,
                                               kafka::leader_epoch epoch,
                                               moment when);
    /// Leadership ends. Whatever waits for a commit is answered with NOT_CONTROLLER.
    void deactivate();
    [[nodiscard]] bool is_active() const { return appended_.has_value(); }

    // All that follows requires: active, and `log_end` beyond all that was decided before.

    [[nodiscard]] decision<kafka::messages::broker_registration_response> register_broker(
        const kafka::messages::broker_registration_request& request, moment when);
    [[nodiscard]] decision<kafka::messages::unregister_broker_response> unregister_broker(
        const kafka::messages::unregister_broker_request& request, moment when);
    [[nodiscard]] decision<kafka::messages::broker_heartbeat_response> heartbeat(
        const kafka::messages::broker_heartbeat_request& request, moment when);
    /// The connection broke over which that process of the broker sent its heartbeats.
    void connection_lost(kafka::node_id broker, kafka::broker_epoch epoch, runtime::instant now);
    /// That process of the broker has ended: its session ends with it.
    void process_ended(kafka::node_id broker, kafka::broker_epoch epoch, runtime::instant now);
    /// Fences who was silent too long, and balances leaders. To be called at `next_tick`.
    [[nodiscard]] decision<no_answer> tick(moment when);
    [[nodiscard]] runtime::instant next_tick() const;

    [[nodiscard]] decision<kafka::messages::alter_partition_response> alter_partition(
        const kafka::messages::alter_partition_request& request, moment when);
    [[nodiscard]] decision<kafka::messages::assign_replicas_to_dirs_response>
    assign_replicas_to_dirs(const kafka::messages::assign_replicas_to_dirs_request& request,
                            moment when);
    [[nodiscard]] decision<kafka::messages::allocate_producer_ids_response> allocate_producer_ids(
        const kafka::messages::allocate_producer_ids_request& request, moment when);

    [[nodiscard]] decision<kafka::messages::create_topics_response> create_topics(
        const kafka::messages::create_topics_request& request,
        moment when,
        runtime::random_source& chance);
    [[nodiscard]] decision<kafka::messages::create_partitions_response> create_partitions(
        const kafka::messages::create_partitions_request& request,
        moment when,
        runtime::random_source& chance);
    [[nodiscard]] decision<kafka::messages::delete_topics_response> delete_topics(
        const kafka::messages::delete_topics_request& request, moment when);
    [[nodiscard]] decision<kafka::messages::incremental_alter_configs_response>
    incremental_alter_configs(const kafka::messages::incremental_alter_configs_request& request,
                              moment when);
    [[nodiscard]] decision<kafka::messages::alter_configs_response> alter_configs(
        const kafka::messages::alter_configs_request& request, moment when);
    [[nodiscard]] decision<kafka::messages::elect_leaders_response> elect_leaders(
        const kafka::messages::elect_leaders_request& request, moment when);
    [[nodiscard]] decision<kafka::messages::alter_partition_reassignments_response>
    reassign_partitions(const kafka::messages::alter_partition_reassignments_request& request,
                        moment when);
    [[nodiscard]] decision<kafka::messages::list_partition_reassignments_response>
    list_reassignments(const kafka::messages::list_partition_reassignments_request& request) const;
    [[nodiscard]] decision<kafka::messages::update_features_response> update_features(
        const kafka::messages::update_features_request& request, moment when);

    /// Of everything appended. What it says may never be committed. Requires: active.
    [[nodiscard]] const metadata::image& appended() const {
        CHECK(appended_.has_value());
        return *appended_;
    }

    /// Aborts if an invariant does not hold.
    void check_invariants() const;

  private:
    /// Runs `decide(draft)` and makes a decision of what it wrote and answered.
    template <typename Decide>
    auto decide(moment when, Decide decide);
    void suspect(kafka::node_id broker,
                 kafka::broker_epoch epoch,
                 runtime::instant now,
                 runtime::duration grace);

    controller_settings settings_;
    const config_rules& rules_;
    std::optional<metadata::image> appended_;
    kafka::leader_epoch epoch_ = kafka::no_leader_epoch;
    broker_sessions sessions_;
    runtime::instant last_event_;
    runtime::instant next_balance_;
};

}  // namespace verdikt::broker::controller
