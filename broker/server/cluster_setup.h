/// What the configuration says of this node among the nodes of its cluster.
#pragma once

#include "broker/controller/settings.h"
#include "broker/raft/types.h"
#include "broker/replication/host/replicas.h"
#include "broker/server/broker_config.h"
#include "kafka/types.h"
#include "runtime/network.h"

#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace verdikt::broker::server {

struct cluster_place {
    kafka::node_id self;
    bool is_broker = true;
    bool is_controller = true;
    /// The only voter, which needs no controller listener.
    bool stands_alone = true;
    raft::voter_set voters;
    /// Where the controllers listen. Empty for a node that stands alone.
    std::map<kafka::node_id, runtime::endpoint> controllers;
};

/// The error is a sentence for the operator, which names the keys that contradict each other.
[[nodiscard]] std::expected<cluster_place, std::string> cluster_place_of(
    const broker_config& config);

/// Whether a listener of that name is for other nodes' controller requests.
[[nodiscard]] bool is_controller_listener(const broker_config& config, std::string_view name);
/// The listener that other brokers use.
[[nodiscard]] std::string inter_broker_listener(const broker_config& config);

/// Of a topic of the broker's own: what the key says, or where it says nothing, 3, and 1 on a node
/// that stands alone.
[[nodiscard]] std::int16_t internal_replication_factor(const broker_config& config,
                                                       std::string_view key);

[[nodiscard]] raft::settings raft_settings_of(const broker_config& config,
                                              const cluster_place& place);
[[nodiscard]] controller::controller_settings controller_settings_of(const broker_config& config,
                                                                     std::string cluster_id);
[[nodiscard]] replication::host::replicas_settings replicas_settings_of(
    const broker_config& config);

}  // namespace verdikt::broker::server
