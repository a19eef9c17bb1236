/// The leader of one partition as far as producers can tell: Kafka's rules for idempotent batches
/// (KIP-98), with the strict rule for producers it never met. The naive model that the client's
/// queue is tested against.
#pragma once

#include "kafka/error_codes.h"
#include "kafka/types.h"

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

namespace verdikt::client {

struct model_batch {
    std::int64_t producer_id = -1;
    std::int16_t epoch = -1;
    std::int32_t first_sequence = -1;
    std::vector<int> records;
};

struct model_answer {
    kafka::error_code code = kafka::error_code::none;
    std::int64_t base = -1;
};

class log_model {
  public:
    model_answer append(const model_batch& batch) {
        if (batch.producer_id < 0) return write(batch);
        const auto known = producers_.find(batch.producer_id);
        if (known == producers_.end()) {
            if (batch.first_sequence != 0) return {kafka::error_code::unknown_producer_id};
            return write(batch);
        }
        const producer& state = known->second;
        if (batch.epoch < state.epoch) return {kafka::error_code::invalid_producer_epoch};
        if (batch.epoch > state.epoch) {
            if (batch.first_sequence != 0) return {kafka::error_code::out_of_order_sequence_number};
            return write(batch);
        }
        for (const window& each : state.recent) {
            if (each.first == batch.first_sequence) return {kafka::error_code::none, each.base};
        }
        if (batch.first_sequence != state.next) {
            return {kafka::error_code::out_of_order_sequence_number};
        }
        return write(batch);
    }

    [[nodiscard]] const std::vector<int>& records() const { return records_; }

  private:
    struct window {
        std::int32_t first;
        std::int64_t base;
    };
    struct producer {
        std::int16_t epoch = -1;
        std::int32_t next = 0;
        std::deque<window> recent;
    };

    model_answer write(const model_batch& batch) {
        const auto base = static_cast<std::int64_t>(records_.size());
        records_.insert(records_.end(), batch.records.begin(), batch.records.end());
        if (batch.producer_id >= 0) {
            producer& state = producers_[batch.producer_id];
            if (state.epoch != batch.epoch) state = {.epoch = batch.epoch, .recent = {}};
            state.next = batch.first_sequence + static_cast<std::int32_t>(batch.records.size());
            state.recent.push_back({.first = batch.first_sequence, .base = base});
            if (state.recent.size() > 5) state.recent.pop_front();
        }
        return {kafka::error_code::none, base};
    }

    std::vector<int> records_;
    std::map<std::int64_t, producer> producers_;
};

}  // namespace verdikt::client
