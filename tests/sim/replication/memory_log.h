/// A log in memory: one record a batch, told apart by a value that nobody else writes.
#pragma once

#include "broker/replication/log_view.h"
#include "broker/storage/leader_epoch_cache.h"
#include "kafka/types.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace verdikt::broker::replication {

struct stored_record {
    kafka::leader_epoch epoch;
    std::uint64_t value = 0;

    bool operator==(const stored_record&) const = default;
};

class memory_log : public log_view {
  public:
    [[nodiscard]] kafka::offset start() const override { return start_; }
    [[nodiscard]] kafka::offset durable_start() const override { return start_; }
    [[nodiscard]] kafka::offset end() const override {
        return start_ + static_cast<std::int64_t>(records_.size());
    }
    [[nodiscard]] kafka::offset durable_end() const override {
        return claims_all_durable_ ? end() : durable_end_;
    }
    [[nodiscard]] kafka::leader_epoch latest_epoch() const override { return epochs_.latest(); }
    [[nodiscard]] kafka::leader_epoch epoch_of(kafka::offset offset) const override {
        return epochs_.epoch_of(offset);
    }
    [[nodiscard]] std::optional<storage::epoch_end> end_offset_for(
        kafka::leader_epoch epoch) const override {
        return epochs_.end_offset_for(epoch, end());
    }

    [[nodiscard]] const stored_record& at(kafka::offset offset) const {
        return records_[static_cast<std::size_t>(offset - start_)];
    }
    /// Up to `count` records from `from` on.
    [[nodiscard]] std::vector<stored_record> read(kafka::offset from, std::int64_t count) const;

    void assign(kafka::leader_epoch epoch) { epochs_.assign(epoch, end()); }
    void append(const stored_record& record);
    /// What is below `target` has reached the disk.
    void synced(kafka::offset target);
    void truncate(kafka::offset to);
    void restart(kafka::offset at);
    void raise_start(kafka::offset to);
    /// Loses all from `kept` on. Requires: kept >= what is durable.
    void lose_power(kafka::offset kept);
    [[nodiscard]] kafka::offset really_durable_end() const { return durable_end_; }

    /// For the canary: says that all it has is durable.
    void claim_all_durable() { claims_all_durable_ = true; }

  private:
    kafka::offset start_{0};
    kafka::offset durable_end_{0};
    std::deque<stored_record> records_;
    storage::leader_epoch_cache epochs_;
    bool claims_all_durable_ = false;
};

}  // namespace verdikt::broker::replication
