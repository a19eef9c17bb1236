/// A log that is only its positions and epochs.
#pragma once

#include "broker/replication/log_view.h"
#include "broker/storage/leader_epoch_cache.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace verdikt::broker::replication {

class sample_log : public log_view {
  public:
    [[nodiscard]] kafka::offset start() const override { return start_; }
    [[nodiscard]] kafka::offset durable_start() const override {
        return start_is_saved_ ? start_ : kafka::offset(0);
    }
    [[nodiscard]] kafka::offset end() const override { return end_; }
    [[nodiscard]] kafka::offset durable_end() const override { return durable_end_; }
    [[nodiscard]] kafka::leader_epoch latest_epoch() const override { return epochs_.latest(); }
    [[nodiscard]] kafka::leader_epoch epoch_of(kafka::offset offset) const override {
        return epochs_.epoch_of(offset);
    }
    [[nodiscard]] std::optional<storage::epoch_end> end_offset_for(
        kafka::leader_epoch epoch) const override {
        return epochs_.end_offset_for(epoch, end_);
    }

    void assign(std::int32_t epoch) { epochs_.assign(kafka::leader_epoch(epoch), end_); }
    /// Writes records, not yet durable.
    void write(std::int32_t epoch, std::int64_t count) {
        assign(epoch);
        end_ = end_ + count;
    }
    void sync() { durable_end_ = end_; }
    void append(std::int32_t epoch, std::int64_t count) {
        write(epoch, count);
        sync();
    }
    void truncate(kafka::offset to) {
        end_ = to;
        durable_end_ = std::min(durable_end_, end_);
        epochs_.truncate_from_end(to);
    }
    void restart(kafka::offset at) {
        *this = {};
        start_ = end_ = durable_end_ = at;
    }
    void fail_to_save_start() { start_is_saved_ = false; }
    void raise_start(kafka::offset to) {
        start_ = to;
        epochs_.truncate_from_start(to);
    }

  private:
    kafka::offset start_{0};
    bool start_is_saved_ = true;
    kafka::offset end_{0};
    kafka::offset durable_end_{0};
    storage::leader_epoch_cache epochs_;
};

}  // namespace verdikt::broker::replication
