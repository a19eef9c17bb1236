/// The settings of the transaction coordinator, by their names in `server.properties`.
#pragma once

#include "broker/coordinator/transactions/transaction_coordinator.h"

#include <cstdint>

namespace verdikt::broker::coordinator::transactions {

struct transaction_host_config {
    std::int32_t state_partitions = 50;    ///< transaction.state.log.num.partitions
    std::int32_t offsets_partitions = 50;  ///< offsets.topic.num.partitions
    coordinator_settings transactions;
    /// transaction.abort.timed.out.transaction.cleanup.interval.ms
    milliseconds timeout_check_interval{10'000};
    /// Before a marker that was not taken is sent again.
    milliseconds marker_pause{100};
};

}  // namespace verdikt::broker::coordinator::transactions
