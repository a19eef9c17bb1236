/// This node's part in the cluster: its logs, its replica of the metadata log, the controller that
/// it is or follows, its registration as a broker, and the partitions that metadata places here.
///
///     cluster_node node(world, config);
///     co_await node.open();                   // identity, logs; nothing is sent yet
///     node.assemble(listeners);               // who hears of deleted topics and leaderships
///     co_await node.join(advertised);         // until it is an active broker
///     ...
///     co_await node.leave();                  // controlled shutdown: leaderships move away
///     co_await node.stop();
///
/// Lives in the broker. `stop` must have returned before it is destroyed, whatever else was called.
#pragma once

#include "broker/controller/host/controller_host.h"
#include "broker/controller/host/controller_route.h"
#include "broker/lifecycle/host/lifecycle_host.h"
#include "broker/link/node_links.h"
#include "broker/quorum/link_peers.h"
#include "broker/quorum/quorum_host.h"
#include "broker/replication/host/replicas.h"
#include "broker/server/broker_config.h"
#include "broker/server/cluster_setup.h"
#include "broker/server/declared_keys.h"
#include "broker/server/log_setup.h"
#include "broker/server/node_follower.h"
#include "broker/server/topic_catalog.h"
#include "runtime/environment.h"

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace verdikt::broker::server {

class cluster_node {
  public:
    using result = std::expected<void, std::string>;
    /// Who is told, once the node has joined.
    struct listeners {
        /// This node began to lead and serve the partition in that epoch, or (nothing) ceased to.
        std::function<void(const replication::host::hosted_partition&,
                           std::optional<kafka::leader_epoch>)>
            led;
        std::function<void(const std::string& name)> topic_deleted;
        /// A disk hangs, or (false) answers again: who waits for it is to be sent away.
        std::function<void(bool)> disk_stalled;
    };

    /// `world` and `config` outlive it.
    cluster_node(runtime::environment& world, broker_config& config);

    /// The error is a sentence for the operator.
    runtime::awaitable<result> open();
    /// Requires: opened.
    void assemble(listeners told);
    /// Takes part in the quorum, registers, and returns once this broker is active and its
    /// partitions are open, or an error says that it never will be. Requires: assembled, and the
    /// listeners of the endpoints are bound.
    runtime::awaitable<result> join(std::vector<metadata::endpoint> advertised);

    /// Moves leaderships away and waits until the controller lets this broker go, at most for
    /// `patience`, and no longer than there can be a controller.
    runtime::awaitable<void> leave(runtime::duration patience);
    runtime::awaitable<void> stop();

    /// Returns when the node can no longer serve, with the reason.
    runtime::awaitable<std::string> until_failed();

    // Requires (all below): opened, or assembled where it is a part of that.

    [[nodiscard]] const cluster_place& place() const { return place_; }
    [[nodiscard]] const std::string& cluster_id() const { return logs_.cluster_id; }
    [[nodiscard]] std::vector<storage::log_directory*> directories() const;
    [[nodiscard]] topic_catalog& topics() { return *topics_; }
    [[nodiscard]] const topic_catalog& topics() const { return *topics_; }
    [[nodiscard]] controller::host::controller_host& metadata() { return *metadata_; }
    [[nodiscard]] controller::host::controller_route& controller() { return *route_; }
    [[nodiscard]] quorum::quorum_host& quorum() { return *quorum_; }
    [[nodiscard]] link::node_links& controllers() { return controllers_; }
    [[nodiscard]] link::node_links& brokers() { return brokers_; }
    [[nodiscard]] replication::host::replicas& partitions() { return *partitions_; }

  private:
    [[nodiscard]] replication::host::replicas_surroundings surroundings(listeners& told);
    [[nodiscard]] replication::host::partition_settings settings_of(const std::string& topic) const;
    void make_quorum();
    void make_lifecycle(std::vector<metadata::endpoint> advertised);
    runtime::awaitable<result> until_active();
    runtime::awaitable<std::optional<kafka::messages::alter_partition_response>> alter_partition(
        kafka::messages::alter_partition_request request);
    runtime::awaitable<void> hand_over(runtime::scope& leaving, runtime::duration patience);
    runtime::awaitable<void> give_up_without_quorum(runtime::scope& leaving);
    [[nodiscard]] std::optional<std::string> failed_directory() const;
    /// Why this node must end, if it must.
    [[nodiscard]] std::optional<std::string> failure() const;
    runtime::awaitable<std::optional<kafka::messages::assign_replicas_to_dirs_response>>
    assign_directories(kafka::messages::assign_replicas_to_dirs_request request);
    [[nodiscard]] std::vector<storage::log_directory*> all_directories() const;
    runtime::awaitable<void> watch(storage::log_directory& directory);
    void note_stalls();

    runtime::environment& world_;
    broker_config& config_;
    cluster_place place_;
    opened_logs logs_;
    link::node_links controllers_;
    link::node_links brokers_;
    declared_keys keys_;
    std::optional<topic_catalog> topics_;
    std::optional<controller::host::controller_host> metadata_;
    std::optional<controller::host::controller_route> route_;
    std::optional<quorum::link_peers> peers_;
    std::optional<quorum::quorum_host> quorum_;
    std::optional<controller::host::quorum_log> metadata_log_;
    std::optional<replication::host::replicas> partitions_;
    std::optional<node_follower> follower_;
    std::optional<lifecycle::host::lifecycle_host> lifecycle_;
    std::function<void(bool)> disk_stalled_;
    bool is_stalled_ = false;
    bool quorum_started_ = false;
    runtime::scope watching_;
};

}  // namespace verdikt::broker::server
