/// The topic that keeps the offsets of groups: made when the first group asks for its coordinator.
#pragma once

#include "broker/coordinator/coordinator_config.h"
#include "broker/coordinator/coordinator_log.h"
#include "broker/coordinator/group_coordinator.h"
#include "broker/server/broker_config.h"
#include "broker/server/node_services.h"
#include "broker/server/topic_registry.h"

#include <memory>

namespace verdikt::broker::server {

[[nodiscard]] coordinator::coordinator_config coordinator_config_of(const broker_config& config);

/// Makes the coordinator load every partition of the topic.
void take_over_groups(coordinator::group_coordinator& groups, const topic& offsets);
/// Makes it serve none of them any more, and answer whoever waits.
void give_up_groups(coordinator::group_coordinator& groups, const topic& offsets);

/// Creates the topic if it is not there. Errors: kafka_storage_error.
runtime::awaitable<change_result> ensure_offsets_topic(node_services& here);

/// Shows the coordinator which topics exist.
class registered_topics final : public coordinator::topic_lookup {
  public:
    explicit registered_topics(const topic_registry& registry) : registry_(registry) {}

    [[nodiscard]] bool exists(std::string_view name,
                              kafka::partition_index partition) const override {
        const auto which = registry_.find(name);
        return which != nullptr && which->log(partition.value()) != nullptr;
    }

  private:
    const topic_registry& registry_;
};

}  // namespace verdikt::broker::server
