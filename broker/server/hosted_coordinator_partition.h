/// A replicated partition of a coordinator's topic, while it is on this node.
#pragma once

#include "broker/coordinator/coordinator_partition.h"
#include "broker/replication/host/hosted_partition.h"
#include "runtime/environment.h"

#include <utility>

namespace verdikt::broker::server {

class hosted_coordinator_partition final : public coordinator::coordinator_partition {
  public:
    hosted_coordinator_partition(runtime::environment& world,
                                 replication::host::partition_ptr which)
        : world_(world), which_(std::move(which)) {}

    [[nodiscard]] storage::partition_log& log() const override { return which_->log(); }
    [[nodiscard]] std::optional<replication::guard> begin_verification(
        const kafka::records::batch_header& batch) override {
        return which_->begin_verification(batch);
    }
    [[nodiscard]] runtime::awaitable<outcome> until_committed(kafka::offset end) override;
    [[nodiscard]] runtime::awaitable<outcome> append(
        std::vector<std::byte> batches,
        kafka::leader_epoch epoch,
        std::optional<replication::guard> verified) override;
    [[nodiscard]] runtime::awaitable<outcome> append_marker(
        transactional::transaction_marker marker, kafka::leader_epoch epoch) override;

  private:
    using appended = std::expected<replication::host::appended, kafka::error_code>;

    runtime::awaitable<outcome> commit(appended what);

    runtime::environment& world_;
    replication::host::partition_ptr which_;
};

}  // namespace verdikt::broker::server
