/// A coordinator of transactions in a simulated node, its log in memory, and partitions that take
/// markers or do not.
#pragma once

#include "broker/coordinator/transactions/host/transaction_host.h"
#include "kafka/error_codes.h"
#include "tests/unit/coordinator/memory_coordinator_log.h"
#include "tests/unit/coordinator/node_fixture.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace verdikt::broker::coordinator::transactions {

using kafka::error_code;
using runtime::awaitable;

/// Notes every marker, and answers for each partition what it was told to.
class noted_markers final : public marker_sender {
  public:
    awaitable<outcomes> write(transactional::transaction_marker marker,
                              std::vector<kafka::topic_partition> where) override {
        outcomes answers;
        for (const kafka::topic_partition& each : where) {
            sent.emplace_back(each, marker);
            const auto refusal = refusals.find(each);
            answers[each] = refusal == refusals.end() ? error_code::none : refusal->second;
        }
        co_return answers;
    }

    std::vector<std::pair<kafka::topic_partition, transactional::transaction_marker>> sent;
    std::map<kafka::topic_partition, error_code> refusals;
};

class counted_ids final : public producer_id_source {
  public:
    awaitable<std::expected<kafka::producer_id, error_code>> next() override {
        co_return kafka::producer_id(given++);
    }

    std::int64_t given = 100;
};

class host_fixture : public node_fixture {
  protected:
    /// In the next epoch.
    void open() override;
    awaitable<void> close() override;
    void resign();

    awaitable<messages::init_producer_id_response> init(std::string id = "id");
    awaitable<error_code> add(std::int32_t partition);
    awaitable<error_code> end(bool commit, std::int16_t version = 4);
    [[nodiscard]] std::string state(const std::string& id = "id") const;

    /// Of the last successful `init`.
    std::int64_t producer = -1;
    std::int16_t epoch = -1;

    memory_coordinator_log log_;
    fixed_topics topics_{{{"topic", 4}, {"__consumer_offsets", 50}}};
    noted_markers markers_;
    counted_ids ids_;
    transaction_host_config config_{.state_partitions = 4};
    std::unique_ptr<transaction_host> host_;
    std::int32_t leaderships_ = 0;
};

}  // namespace verdikt::broker::coordinator::transactions
