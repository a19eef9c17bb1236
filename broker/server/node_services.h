/// What request handlers work on. Everything named here outlives every request.
#pragma once

#include "broker/controller/host/controller_host.h"
#include "broker/controller/host/controller_route.h"
#include "broker/link/node_links.h"
#include "broker/quorum/quorum_host.h"
#include "broker/replication/host/replicas.h"
#include "broker/server/broker_config.h"
#include "broker/server/metrics.h"
#include "broker/server/producer_ids.h"
#include "broker/server/topic_catalog.h"
#include "broker/storage/log_directory.h"
#include "kafka/records/byte_buffer.h"
#include "kafka/types.h"
#include "runtime/environment.h"

#include <string>
#include <vector>

namespace verdikt::broker::coordinator {
class group_coordinator;
}  // namespace verdikt::broker::coordinator

namespace verdikt::broker::server {

class node_transactions;

struct node_services {
    runtime::environment& world;
    const broker_config& config;
    kafka::node_id node;
    std::string cluster_id;
    std::vector<storage::log_directory*> directories;
    topic_catalog& topics;
    controller::host::controller_host& metadata;
    controller::host::controller_route& controller;
    quorum::quorum_host& quorum;
    link::node_links& controllers;
    replication::host::replicas& partitions;
    producer_ids& producers;
    coordinator::group_coordinator& groups;
    node_transactions& transactions;
    metrics& measured;
    /// Set when the broker begins to shut down.
    bool stopping = false;
    /// Holds the records of a batch under validation.
    kafka::records::byte_buffer scratch = {};
};

}  // namespace verdikt::broker::server
