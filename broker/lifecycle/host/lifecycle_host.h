/// Carries `broker_lifecycle` out: registers this process with the active controller and keeps its
/// session, wherever that controller is, this very node included.
///
/// One request is under way at a time. When another node becomes leader of the quorum, it is given
/// up, since its answer may never come, and the next goes to the new one.
///
/// Lives as long as the process; used on one executor. `stop` must have returned before it is
/// destroyed.
#pragma once

#include "broker/controller/host/controller_host.h"
#include "broker/controller/host/controller_route.h"
#include "broker/controller/host/metadata_subscriber.h"
#include "broker/lifecycle/broker_lifecycle.h"
#include "broker/lifecycle/host/lifecycle_owner.h"
#include "runtime/environment.h"
#include "runtime/notification.h"
#include "runtime/scope.h"

#include <chrono>
#include <optional>

namespace verdikt::broker::lifecycle::host {

struct lifecycle_host_settings {
    lifecycle_settings pace;
    /// For an answer to a registration or heartbeat.
    runtime::duration request_timeout = std::chrono::seconds(2);
    /// Without an answer for so long, the controller counts as out of reach. Sooner than a session
    /// ends, so that a leader stops before another may have been elected.
    runtime::duration unreachable_after = std::chrono::milliseconds(4'500);
};

class lifecycle_host final : public controller::host::metadata_subscriber {
  public:
    /// `registration` as `broker_lifecycle` wants it. All references outlive it; it subscribes to
    /// `metadata` and must be made before the quorum's replica starts.
    lifecycle_host(runtime::environment& world,
                   kafka::messages::broker_registration_request registration,
                   lifecycle_host_settings settings,
                   controller::host::controller_host& metadata,
                   controller::host::controller_route& route,
                   lifecycle_owner& owner);
    ~lifecycle_host() override;

    /// Begins to register and beat. Requires: called once.
    void start();
    /// Local logs are recovered: the broker may be unfenced.
    void recovered();
    void directory_failed(const kafka::uuid& directory);
    /// Whether a disk of this node hangs.
    void disk_stalled(bool stalled);
    /// A controlled shutdown: returns once the controller lets this process stop (true), once it is
    /// certain that it never will, or after `patience`. Meanwhile the broker goes on serving.
    runtime::awaitable<bool> leave(runtime::duration patience);
    /// Ends all work at once.
    runtime::awaitable<void> stop();

    [[nodiscard]] standing where() const { return life_.where(); }
    [[nodiscard]] kafka::broker_epoch epoch() const { return life_.epoch(); }
    [[nodiscard]] kafka::error_code refusal() const { return life_.refusal(); }
    [[nodiscard]] bool is_controller_reachable() const { return is_reachable_; }

    void image_changed(const metadata::image& now, const metadata::changes& changed) override;
    void controller_changed(std::optional<kafka::node_id> leader) override;

    void check_invariants() const { life_.check_invariants(); }

  private:
    [[nodiscard]] bool is_over() const;
    runtime::awaitable<void> live();
    runtime::awaitable<void> until_woken();
    runtime::awaitable<void> until_over();
    runtime::awaitable<void> exchange(request what);
    runtime::awaitable<void> ask(kafka::messages::broker_registration_request what);
    runtime::awaitable<void> ask(kafka::messages::broker_heartbeat_request what);
    runtime::awaitable<void> watch_contact();
    [[nodiscard]] runtime::instant last_contact() const;
    void tell_owner();
    void tell_reachable(bool reachable);

    runtime::environment& world_;
    lifecycle_host_settings settings_;
    controller::host::controller_host& metadata_;
    controller::host::controller_route& route_;
    lifecycle_owner& owner_;
    broker_lifecycle life_;
    standing told_standing_ = standing::unregistered;
    kafka::broker_epoch told_epoch_ = kafka::no_broker_epoch;
    bool is_reachable_ = true;
    bool is_answered_ = false;          ///< The request under way.
    runtime::scope* asking_ = nullptr;  ///< Of the request under way.
    runtime::instant started_;
    runtime::notification moved_;  ///< Something may have to be done, or may be over.
    runtime::notification contact_made_;
    runtime::scope working_;
};

}  // namespace verdikt::broker::lifecycle::host
