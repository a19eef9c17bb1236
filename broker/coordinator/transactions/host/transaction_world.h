/// What the host of transactions needs of the world around it; the broker's wiring gives it.
#pragma once

#include "broker/transactional/transaction_verifier.h"
#include "kafka/error_codes.h"
#include "kafka/types.h"
#include "runtime/awaitable.h"

#include <expected>
#include <map>
#include <vector>

namespace verdikt::broker::coordinator::transactions {

class marker_sender {
  public:
    using outcomes = std::map<kafka::topic_partition, kafka::error_code>;

    virtual ~marker_sender() = default;

    /// Writes the marker to the leader of each partition, wherever that is by now, and returns what
    /// WriteTxnMarkers answers for each. One that cannot be asked gets a retriable error, one whose
    /// topic is known to be deleted UNKNOWN_TOPIC_ID. One that is missing is asked again.
    [[nodiscard]] virtual runtime::awaitable<outcomes> write(
        transactional::transaction_marker marker, std::vector<kafka::topic_partition> where) = 0;
};

class producer_id_source {
  public:
    virtual ~producer_id_source() = default;

    /// An id that was never given before. Errors: retriable ones.
    [[nodiscard]] virtual runtime::awaitable<std::expected<kafka::producer_id, kafka::error_code>>
    next() = 0;
};

}  // namespace verdikt::broker::coordinator::transactions
