/// One process of a node that is broker and controller at once, with the real hosts and without
/// partitions: the quorum's replica, the metadata follower and controller, the registration, and
/// the links between nodes.
#pragma once

#include "broker/controller/config_rules.h"
#include "broker/controller/host/controller_host.h"
#include "broker/controller/host/controller_route.h"
#include "broker/lifecycle/host/lifecycle_host.h"
#include "broker/link/node_links.h"
#include "broker/quorum/link_peers.h"
#include "broker/quorum/quorum_host.h"
#include "broker/storage/log_directory.h"
#include "runtime/environment.h"
#include "tests/request_server/request_server.h"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace verdikt::tests {

namespace messages = kafka::messages;

inline constexpr std::uint16_t node_port = 9092;
inline constexpr std::string_view cluster_id = "court";

[[nodiscard]] inline std::string host_name(kafka::node_id node) {
    return fmt::format("node-{}", node);
}

/// Every setting is fine.
class lenient_rules final : public broker::controller::config_rules {
  public:
    using fault = broker::controller::fault;

    [[nodiscard]] std::expected<std::string, fault> checked(
        const broker::metadata::config_resource& of,
        const std::string& key,
        const std::string& value) const override;
    [[nodiscard]] std::optional<std::string> default_list(
        const broker::metadata::config_resource& of, const std::string& key) const override;
    [[nodiscard]] std::optional<fault> conflict(
        const broker::metadata::config_resource& of,
        const broker::metadata::config_values& values) const override;
};

struct node_settings {
    kafka::node_id self;
    std::int32_t nodes = 3;  ///< Numbered from 1; all of them vote.
    std::size_t snapshot_bytes = std::size_t{20} << 20;
};

/// Lives in its process' coroutine.
class node_process final : private broker::lifecycle::host::lifecycle_owner,
                           private broker::controller::host::metadata_subscriber {
  public:
    node_process(runtime::environment& world,
                 node_settings settings,
                 std::unique_ptr<broker::storage::log_directory> directory);
    ~node_process() override;

    /// Until it is cancelled, asked to stop, replaced, or its metadata log fails.
    runtime::awaitable<void> run();
    /// A controlled shutdown.
    void request_stop();

    [[nodiscard]] const broker::controller::host::controller_host& metadata() const {
        return metadata_;
    }
    [[nodiscard]] const broker::quorum::quorum_host& replica() const { return *replica_; }
    [[nodiscard]] const broker::lifecycle::host::lifecycle_host& life() const { return life_; }
    [[nodiscard]] bool is_started() const { return is_started_; }

  private:
    void standing_changed(broker::lifecycle::standing now, kafka::broker_epoch epoch) override;
    void controller_reachable(bool /*reachable*/) override {}
    void image_changed(const broker::metadata::image& /*now*/,
                       const broker::metadata::changes& /*changed*/) override {}
    void metadata_failed(std::string_view why) override;

    [[nodiscard]] messages::broker_registration_request registration() const;
    runtime::awaitable<void> serve();
    runtime::awaitable<void> until_stop();
    runtime::awaitable<void> stop();
    runtime::awaitable<reaction> answer(asked what);
    void connection_ended(std::uint64_t connection);

    struct heartbeat_source {
        kafka::node_id broker;
        kafka::broker_epoch epoch;
    };

    runtime::environment& world_;
    node_settings settings_;
    std::unique_ptr<broker::storage::log_directory> directory_;
    lenient_rules rules_;
    broker::link::node_links links_;
    broker::controller::host::controller_host metadata_;
    broker::quorum::quorum_settings quorum_settings_;
    broker::quorum::link_peers peers_;
    std::unique_ptr<broker::quorum::quorum_host> replica_;
    broker::controller::host::quorum_log log_;
    broker::controller::host::controller_route route_;
    broker::lifecycle::host::lifecycle_host life_;
    request_server server_;
    std::map<std::uint64_t, heartbeat_source> heartbeats_over_;  ///< By connection.
    runtime::notification stop_changed_;
    bool wants_stop_ = false;
    bool must_end_ = false;
    bool is_started_ = false;
    runtime::scope serving_;
};

}  // namespace verdikt::tests
