/// Topics: made, widened, deleted.
#pragma once

#include "broker/controller/config_rules.h"
#include "broker/controller/draft.h"
#include "kafka/messages/create_partitions.h"
#include "kafka/messages/create_topics.h"
#include "kafka/messages/delete_topics.h"
#include "runtime/random.h"

namespace verdikt::broker::controller {

/// Makes each topic of the request, or says why not. Partitions go where the request says, or over
/// the brokers and racks in turn; replicas on brokers that are not active start out of sync.
/// Answers have no settings: whoever knows the defaults adds them.
///
/// 17 bad name or one that collides, 36 exists, 37 bad number of partitions, 38 more replicas than
/// brokers, 39 bad assignment, 40 bad setting, 42 contradicts itself, 44 more partitions than one
/// request may make.
[[nodiscard]] kafka::messages::create_topics_response create_topics(
    draft& into,
    const config_rules& rules,
    const kafka::messages::create_topics_request& request,
    runtime::random_source& chance);

/// Adds partitions to topics. 3 no such topic, 37 not more than there are, 39 bad assignment.
[[nodiscard]] kafka::messages::create_partitions_response create_partitions(
    draft& into,
    const kafka::messages::create_partitions_request& request,
    runtime::random_source& chance);

/// Removes topics by name or by id, with their partitions and settings. 3 and 100 no such topic, 73
/// where deletion is switched off.
[[nodiscard]] kafka::messages::delete_topics_response delete_topics(
    draft& into, const kafka::messages::delete_topics_request& request);

}  // namespace verdikt::broker::controller
