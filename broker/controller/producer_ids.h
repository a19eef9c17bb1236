/// Blocks of producer ids (KIP-730).
#pragma once

#include "broker/controller/draft.h"
#include "kafka/messages/allocate_producer_ids.h"

namespace verdikt::broker::controller {

/// A block that nobody had and nobody else will get. 77 for another process than the registered
/// one.
[[nodiscard]] kafka::messages::allocate_producer_ids_response allocate_producer_ids(
    draft& into, const kafka::messages::allocate_producer_ids_request& request);

}  // namespace verdikt::broker::controller
