/// Gives out producer ids: each one once, across restarts.
///
/// They come from the controller in blocks, so that most requests cost nothing; a crash loses the
/// rest of a block, never reuses it.
#pragma once

#include "broker/controller/host/controller_route.h"
#include "broker/coordinator/transactions/host/transaction_world.h"
#include "broker/replication/host/replicas.h"
#include "kafka/error_codes.h"
#include "kafka/types.h"
#include "runtime/environment.h"

#include <cstdint>
#include <expected>

namespace verdikt::broker::server {

class producer_ids final : public coordinator::transactions::producer_id_source {
  public:
    /// All references must outlive this. `here` knows the broker's epoch.
    producer_ids(runtime::environment& world,
                 kafka::node_id self,
                 controller::host::controller_route& controller,
                 const replication::host::replicas& here)
        : world_(world), self_(self), controller_(controller), here_(here) {}

    /// Errors: COORDINATOR_LOAD_IN_PROGRESS, which every client repeats after.
    runtime::awaitable<std::expected<kafka::producer_id, kafka::error_code>> next() override;

  private:
    runtime::awaitable<std::expected<void, kafka::error_code>> refill();

    runtime::environment& world_;
    kafka::node_id self_;
    controller::host::controller_route& controller_;
    const replication::host::replicas& here_;
    std::int64_t next_ = 0;
    std::int64_t end_ = 0;
};

}  // namespace verdikt::broker::server
