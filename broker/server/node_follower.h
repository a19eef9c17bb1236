/// Carries what the metadata log says, and how this broker stands with the controller, to the parts
/// of the node that act on it.
///
/// Partitions are made only once the image knows this very process: an older image may place
/// replicas here as they were in a former life.
///
/// Lives as long as the node, and is told by the controller's host and by the lifecycle's.
#pragma once

#include "broker/controller/host/controller_host.h"
#include "broker/controller/host/metadata_subscriber.h"
#include "broker/lifecycle/host/lifecycle_owner.h"
#include "broker/link/node_links.h"
#include "broker/replication/host/replicas.h"
#include "broker/server/topic_catalog.h"
#include "runtime/notification.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace verdikt::broker::server {

class node_follower final : public controller::host::metadata_subscriber,
                            public lifecycle::host::lifecycle_owner {
  public:
    /// What it acts on. All references outlive it.
    struct parts {
        kafka::node_id self;
        std::string inter_broker_listener;
        topic_catalog& topics;
        link::node_links& brokers;
        replication::host::replicas& partitions;
        controller::host::controller_host& metadata;
        std::function<void(const std::string& name)> topic_deleted;
    };

    explicit node_follower(parts of) : of_(std::move(of)) {}

    void image_changed(const metadata::image& now, const metadata::changes& changed) override;
    void metadata_failed(std::string_view why) override;
    void standing_changed(lifecycle::standing now, kafka::broker_epoch epoch) override;
    void controller_reachable(bool reachable) override;

    /// The partitions that metadata places here are known to `replicas`.
    [[nodiscard]] bool has_loaded() const { return has_loaded_; }
    [[nodiscard]] lifecycle::standing standing() const { return standing_; }
    /// Why this process must end.
    [[nodiscard]] const std::optional<std::string>& failure() const { return failure_; }
    /// Woken when any of the three changes.
    [[nodiscard]] runtime::notification& moved() { return moved_; }

  private:
    void fail(std::string why);
    void load_if_known(const metadata::image& now);
    void learn_brokers(const metadata::image& now, const metadata::changes& changed);

    parts of_;
    kafka::broker_epoch epoch_ = kafka::no_broker_epoch;
    bool has_loaded_ = false;
    lifecycle::standing standing_ = lifecycle::standing::unregistered;
    std::optional<std::string> failure_;
    runtime::notification moved_;
};

}  // namespace verdikt::broker::server
