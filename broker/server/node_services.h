/// What request handlers work on. Everything named here outlives every request.
#pragma once

#include "broker/server/broker_config.h"
#include "broker/server/metrics.h"
#include "broker/server/producer_ids.h"
#include "broker/server/topic_registry.h"
#include "broker/storage/log_directory.h"
#include "kafka/records/byte_buffer.h"
#include "kafka/types.h"
#include "runtime/environment.h"
#include "runtime/notification.h"

namespace verdikt::broker::coordinator {
class group_coordinator;
}  // namespace verdikt::broker::coordinator

namespace verdikt::broker::server {

class node_transactions;

struct node_services {
    runtime::environment& world;
    const broker_config& config;
    storage::log_directory& directory;
    topic_registry& topics;
    producer_ids& producers;
    coordinator::group_coordinator& groups;
    node_transactions& transactions;
    metrics& measured;
    kafka::node_id node{1};
    /// Holds the records of a batch under validation.
    kafka::records::byte_buffer scratch = {};
    /// Set, and announced, when the broker begins to shut down: whoever waits for records answers.
    bool stopping = false;
    runtime::notification stop_announced = {};
};

}  // namespace verdikt::broker::server
