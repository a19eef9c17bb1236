/// The topics that brokers make for themselves, when they are first needed: offsets of groups, and
/// states of transactions.
#pragma once

#include "broker/coordinator/coordinator_config.h"
#include "broker/coordinator/coordinator_log.h"
#include "broker/server/broker_config.h"
#include "broker/server/cluster_node.h"
#include "broker/server/node_services.h"
#include "kafka/error_codes.h"
#include "runtime/awaitable.h"

#include <string_view>

namespace verdikt::broker::server {

[[nodiscard]] coordinator::coordinator_config coordinator_config_of(const broker_config& config);

/// Shows coordinators which topics exist.
class known_topics final : public coordinator::topic_lookup {
  public:
    explicit known_topics(cluster_node& node) : node_(node) {}

    [[nodiscard]] bool exists(std::string_view name,
                              kafka::partition_index partition) const override;

  private:
    cluster_node& node_;
};

/// NONE once the topic is in this node's image; COORDINATOR_NOT_AVAILABLE while it cannot be made,
/// or its making is not known here yet: who asked asks again. Requires: an internal topic's name.
runtime::awaitable<kafka::error_code> ensure_internal_topic(node_services& here,
                                                            std::string_view name);

}  // namespace verdikt::broker::server
