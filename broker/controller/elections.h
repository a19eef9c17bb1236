/// Elections that an operator or the clock asks for.
#pragma once

#include "broker/controller/draft.h"
#include "kafka/messages/elect_leaders.h"

namespace verdikt::broker::controller {

/// Elects preferred leaders, or, for type 1, anybody where nobody leads (KIP-460). 3 no such
/// partition, 84 no election needed, 80 the preferred replica cannot lead, 83 nobody can, 42 an
/// unknown type. Asked for all partitions, the answer leaves out those that needed none.
[[nodiscard]] kafka::messages::elect_leaders_response elect_leaders(
    draft& into, const kafka::messages::elect_leaders_request& request);

/// Gives preferred leaders back what they do not lead, where that is more than
/// `leader.imbalance.per.broker.percentage` of what they should lead.
void balance_leaders(draft& into);

}  // namespace verdikt::broker::controller
