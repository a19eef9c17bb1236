/// A stored log as the state machines of replication see it.
#pragma once

#include "broker/replication/log_view.h"
#include "broker/storage/partition_log.h"

namespace verdikt::broker::replication::host {

class stored_view final : public log_view {
  public:
    /// `log` outlives the view.
    explicit stored_view(const storage::partition_log& log) : log_(log) {}

    [[nodiscard]] kafka::offset start() const override { return log_.log_start(); }
    [[nodiscard]] kafka::offset durable_start() const override { return log_.durable_log_start(); }
    [[nodiscard]] kafka::offset end() const override { return log_.log_end(); }
    [[nodiscard]] kafka::offset durable_end() const override { return log_.durable_end(); }
    [[nodiscard]] kafka::leader_epoch latest_epoch() const override { return log_.latest_epoch(); }
    [[nodiscard]] kafka::leader_epoch epoch_of(kafka::offset offset) const override {
        return log_.epoch_of(offset);
    }
    [[nodiscard]] std::optional<storage::epoch_end> end_offset_for(
        kafka::leader_epoch epoch) const override {
        return log_.end_offset_for(epoch);
    }

  private:
    const storage::partition_log& log_;
};

}  // namespace verdikt::broker::replication::host
