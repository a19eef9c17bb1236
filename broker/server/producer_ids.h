/// Gives out producer ids: each one once, across restarts.
///
/// Ids are reserved durably in blocks, so that most requests cost no write; a crash loses the rest
/// of a block, never reuses it.
#pragma once

#include "broker/coordinator/transactions/host/transaction_world.h"
#include "broker/server/topic_registry.h"
#include "kafka/types.h"

#include <cstdint>
#include <expected>

namespace verdikt::broker::server {

class producer_ids final : public coordinator::transactions::producer_id_source {
  public:
    /// `registry` must outlive this.
    explicit producer_ids(topic_registry& registry) : registry_(registry) {}

    runtime::awaitable<std::expected<kafka::producer_id, kafka::error_code>> next() override;

  private:
    topic_registry& registry_;
    std::int64_t next_ = 0;
    std::int64_t end_ = 0;
};

}  // namespace verdikt::broker::server
