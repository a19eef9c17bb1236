/// What partitions and the coordinators of transactions say to each other.
#pragma once

#include "kafka/error_codes.h"
#include "kafka/records/control.h"
#include "kafka/types.h"
#include "runtime/awaitable.h"

#include <string>

namespace verdikt::broker::transactional {

/// A producer that says it has a transaction.
struct claimed_transaction {
    std::string transactional_id;
    kafka::producer_id producer;
    kafka::producer_epoch epoch;
    /// The partition need not be part of the transaction yet, and becomes it (KIP-890 part 2).
    bool add = false;
};

/// How a transaction ended, to be written behind its records.
struct transaction_marker {
    kafka::records::end_transaction_marker what;
    /// Each transaction of this producer has an epoch of its own (KIP-1228).
    bool epoch_of_its_own = false;
};

class transaction_verifier {
  public:
    virtual ~transaction_verifier() = default;

    /// Asks the coordinator of the id, wherever it is, whether the partition is part of the
    /// producer's open transaction. With `add` it is made so, and `none` says that this is durable.
    /// Errors: those of AddPartitionsToTxn; a retriable one if the coordinator cannot be asked.
    [[nodiscard]] virtual runtime::awaitable<kafka::error_code> verify(
        claimed_transaction claim, kafka::topic_partition where) = 0;
};

}  // namespace verdikt::broker::transactional
