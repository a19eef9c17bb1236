/// The topics of the cluster as this node sees them: the metadata image, and what each topic's
/// configuration comes to here.
///
/// Follows the image; decides nothing. What was set for brokers while running goes into the node's
/// configuration, whose values every topic without its own falls back to.
///
/// Lives as long as the node. A `topic` that somebody holds stays as it was; the next look-up finds
/// the changed one.
#pragma once

#include "broker/metadata/changes.h"
#include "broker/metadata/image.h"
#include "broker/server/broker_config.h"
#include "broker/server/topic_settings.h"
#include "kafka/types.h"

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace verdikt::broker::server {

struct topic {
    std::string name;
    kafka::uuid id;
    config_map configs;  ///< What the topic overrides.
    topic_settings settings;
    std::size_t partitions = 0;

    [[nodiscard]] bool has(kafka::partition_index which) const {
        return which.value() >= 0 && static_cast<std::size_t>(which.value()) < partitions;
    }
};

class topic_catalog {
  public:
    using topics_by_name = std::map<std::string, std::shared_ptr<const topic>, std::less<>>;

    /// `config` outlives it; what was set while running is put there.
    topic_catalog(broker_config& config, kafka::node_id self) : config_(config), self_(self) {}

    /// Requires: every change of the image since the last call is in `changed`.
    void follow(const metadata::image& now, const metadata::changes& changed);

    /// Null if there is none.
    [[nodiscard]] std::shared_ptr<const topic> find(std::string_view name) const;
    [[nodiscard]] std::shared_ptr<const topic> find(const kafka::uuid& id) const;
    [[nodiscard]] const topics_by_name& all() const { return topics_; }

    /// Aborts if an invariant does not hold: names and ids are in step.
    void check_invariants() const;

  private:
    bool follow_broker_configs(const metadata::image& now, const metadata::changes& changed);
    void take_up(const metadata::image& now, const metadata::topic& which);

    broker_config& config_;
    kafka::node_id self_;
    topics_by_name topics_;
    std::map<kafka::uuid, std::shared_ptr<const topic>> by_id_;
};

}  // namespace verdikt::broker::server
