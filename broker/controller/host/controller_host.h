/// A node's side of the metadata log: it follows the log, and decides what goes into it while the
/// quorum lets this node lead.
///
/// Every node has one. Followed: the image of what is committed, and subscribers that hear of every
/// change. Decided, while active: each request of a broker or an administrator goes to the
/// `active_controller`, its records are appended as one batch, and its answer is given once
/// everything appended so far is committed and applied here (a refusal may rest on a record that is
/// not). Where leadership is lost first, and wherever this node is not active, the answer is
/// NOT_CONTROLLER: it proves nothing about what became of the request.
///
/// Lives on one executor, as long as its node: made before the quorum's replica, whose listener it
/// is; `stop` must have returned before it is destroyed.
///
/// Invariant: active only between `ready` and `leadership_lost` of one epoch, and only while every
/// append succeeds.
#pragma once

#include "broker/controller/active_controller.h"
#include "broker/controller/host/commit_waits.h"
#include "broker/controller/host/metadata_follower.h"
#include "broker/controller/host/metadata_log.h"
#include "broker/controller/host/metadata_subscriber.h"
#include "broker/controller/host/refusals.h"
#include "broker/quorum/quorum_listener.h"
#include "runtime/environment.h"
#include "runtime/notification.h"
#include "runtime/scope.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::broker::controller::host {

struct host_settings {
    controller_settings controller;
    /// metadata.log.max.record.bytes.between.snapshots
    std::size_t snapshot_bytes = std::size_t{20} << 20;
    /// The endpoint by which a process of a broker is looked for, to tell whether it has ended. If
    /// a broker has none of that name, its first is taken.
    std::string listener = {};
    /// If false nobody looks, and silence alone tells.
    bool looks_for_processes = false;
};

class controller_host final : public quorum::quorum_listener {
  public:
    /// `world` and `rules` outlive it.
    controller_host(runtime::environment& world, host_settings settings, const config_rules& rules);
    ~controller_host() override;

    /// Requires: called once, before the quorum's replica starts; the log outlives `stop`.
    void follow(metadata_log& log);
    /// Ends all work; who waits for an answer gets NOT_CONTROLLER. The quorum's replica is stopped
    /// first, so that nothing is announced any more.
    runtime::awaitable<void> stop();

    /// They are told in the order in which they came. Requires: unsubscribed before it dies.
    void subscribe(metadata_subscriber& who);
    void unsubscribe(metadata_subscriber& who);

    /// Of what is committed and applied here. Changes with each announcement: a reference does not
    /// stay true over a `co_await`.
    [[nodiscard]] const metadata::image& image() const { return follower_.image(); }
    [[nodiscard]] bool is_active() const { return controller_.is_active(); }
    /// Who leads the quorum as far as this node knows.
    [[nodiscard]] std::optional<kafka::node_id> leader() const { return leader_; }

    // ---- Requests, from other nodes or this one.

    template <typename Response>
    using answer = runtime::awaitable<Response>;

    answer<kafka::messages::broker_registration_response> handle(
        kafka::messages::broker_registration_request request);
    answer<kafka::messages::unregister_broker_response> handle(
        kafka::messages::unregister_broker_request request);
    answer<kafka::messages::broker_heartbeat_response> handle(
        kafka::messages::broker_heartbeat_request request);
    answer<kafka::messages::alter_partition_response> handle(
        kafka::messages::alter_partition_request request);
    answer<kafka::messages::assign_replicas_to_dirs_response> handle(
        kafka::messages::assign_replicas_to_dirs_request request);
    answer<kafka::messages::allocate_producer_ids_response> handle(
        kafka::messages::allocate_producer_ids_request request);
    answer<kafka::messages::create_topics_response> handle(
        kafka::messages::create_topics_request request);
    answer<kafka::messages::create_partitions_response> handle(
        kafka::messages::create_partitions_request request);
    answer<kafka::messages::delete_topics_response> handle(
        kafka::messages::delete_topics_request request);
    answer<kafka::messages::incremental_alter_configs_response> handle(
        kafka::messages::incremental_alter_configs_request request);
    answer<kafka::messages::alter_configs_response> handle(
        kafka::messages::alter_configs_request request);
    answer<kafka::messages::elect_leaders_response> handle(
        kafka::messages::elect_leaders_request request);
    answer<kafka::messages::alter_partition_reassignments_response> handle(
        kafka::messages::alter_partition_reassignments_request request);
    answer<kafka::messages::list_partition_reassignments_response> handle(
        kafka::messages::list_partition_reassignments_request request);
    answer<kafka::messages::update_features_response> handle(
        kafka::messages::update_features_request request);

    /// The process that asks is this one: whatever was this broker before it has ended, and is not
    /// waited for until its session is over.
    void registers_here(const kafka::messages::broker_registration_request& request);
    /// The connection broke over which that process of the broker sent its heartbeats.
    void connection_lost(kafka::node_id broker, kafka::broker_epoch epoch);

    // ---- The quorum's listener.

    runtime::awaitable<void> load(quorum::loaded_snapshot from) override;
    runtime::awaitable<void> apply(std::vector<quorum::committed_batch> batches) override;
    void ready(raft::leader_epoch epoch, raft::offset log_end) override;
    void leadership_lost(raft::leader_epoch epoch) override;
    void leader_changed(raft::leader_epoch epoch, std::optional<raft::node_id> leader) override;
    void failed(std::string_view why) override;

    /// Aborts if an invariant does not hold.
    void check_invariants() const;

  private:
    /// `Decide` is called with the controller and the moment, and gives a decision.
    template <typename Request, typename Decide>
    auto decide(Request request, Decide make)
        -> answer<decltype(refusal(request, kafka::error_code::none))>;

    [[nodiscard]] moment now() const;
    [[nodiscard]] bool append(const std::vector<metadata::record>& records);
    void announce(const metadata_follower::result& changed);
    void step_down();
    void consider_snapshot();
    void expect_tick();
    runtime::awaitable<void> until_tick_moves();
    runtime::awaitable<void> keep_ticking();
    runtime::awaitable<void> write_snapshot();
    runtime::awaitable<void> give_up_leadership();
    void look_for_all_brokers();
    runtime::awaitable<void> look_for_process(kafka::node_id broker, kafka::broker_epoch epoch);

    runtime::environment& world_;
    host_settings settings_;
    metadata_log* log_ = nullptr;  ///< Null before `follow`.
    metadata_follower follower_;
    active_controller controller_;
    commit_waits commits_;
    std::vector<metadata_subscriber*> subscribers_;
    std::optional<kafka::node_id> leader_;
    kafka::leader_epoch epoch_ = kafka::no_leader_epoch;  ///< In which it is active.
    kafka::offset appended_end_{0};  ///< Of what this controller appended last.
    runtime::instant next_tick_;     ///< What `keep_ticking` waits for.
    runtime::notification tick_moved_;
    bool is_writing_snapshot_ = false;
    bool has_failed_ = false;
    runtime::scope working_;
};

}  // namespace verdikt::broker::controller::host
