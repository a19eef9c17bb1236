/// The topic that keeps transactions: made when the first producer asks for its coordinator.
#pragma once

#include "broker/coordinator/transactions/host/transaction_host.h"
#include "broker/server/node_services.h"
#include "broker/server/topic_registry.h"

namespace verdikt::broker::server {

/// Makes the coordinator load every partition of the topic.
void take_over_transactions(coordinator::transactions::transaction_host& transactions,
                            const topic& state);
/// Makes it serve none of them any more, and answer whoever waits.
void give_up_transactions(coordinator::transactions::transaction_host& transactions,
                          const topic& state);

/// Creates the topic if it is not there. Errors: kafka_storage_error.
runtime::awaitable<change_result> ensure_transactions_topic(node_services& here);

}  // namespace verdikt::broker::server
