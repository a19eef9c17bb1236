/// One function a request; each has its own file, named after it.
///
/// A handler answers every request that decodes: what is wrong goes into the answer's error codes.
/// Requires (all): the references outlive the coroutine.
#pragma once

#include "broker/replication/host/fetch_service.h"
#include "broker/server/node_services.h"
#include "broker/server/request_context.h"
#include "kafka/messages/api_versions.h"
#include "kafka/messages/create_partitions.h"
#include "kafka/messages/create_topics.h"
#include "kafka/messages/delete_records.h"
#include "kafka/messages/delete_topics.h"
#include "kafka/messages/describe_cluster.h"
#include "kafka/messages/describe_configs.h"
#include "kafka/messages/describe_log_dirs.h"
#include "kafka/messages/describe_producers.h"
#include "kafka/messages/describe_quorum.h"
#include "kafka/messages/describe_topic_partitions.h"
#include "kafka/messages/fetch.h"
#include "kafka/messages/find_coordinator.h"
#include "kafka/messages/init_producer_id.h"
#include "kafka/messages/list_offsets.h"
#include "kafka/messages/metadata.h"
#include "kafka/messages/offset_for_leader_epoch.h"
#include "kafka/messages/write_txn_markers.h"
#include "runtime/awaitable.h"

namespace verdikt::broker::server {

namespace messages = kafka::messages;

runtime::awaitable<messages::api_versions_response> handle_api_versions(
    node_services& here, const request_context& asked, messages::api_versions_request request);
runtime::awaitable<messages::metadata_response> handle_metadata(node_services& here,
                                                                const request_context& asked,
                                                                messages::metadata_request request);
runtime::awaitable<messages::list_offsets_response> handle_list_offsets(
    node_services& here, const request_context& asked, messages::list_offsets_request request);
runtime::awaitable<messages::offset_for_leader_epoch_response> handle_offset_for_leader_epoch(
    node_services& here,
    const request_context& asked,
    messages::offset_for_leader_epoch_request request);
runtime::awaitable<messages::create_topics_response> handle_create_topics(
    node_services& here, const request_context& asked, messages::create_topics_request request);
runtime::awaitable<messages::delete_topics_response> handle_delete_topics(
    node_services& here, const request_context& asked, messages::delete_topics_request request);
runtime::awaitable<messages::create_partitions_response> handle_create_partitions(
    node_services& here, const request_context& asked, messages::create_partitions_request request);
runtime::awaitable<messages::describe_configs_response> handle_describe_configs(
    node_services& here, const request_context& asked, messages::describe_configs_request request);
runtime::awaitable<messages::delete_records_response> handle_delete_records(
    node_services& here, const request_context& asked, messages::delete_records_request request);
runtime::awaitable<messages::describe_log_dirs_response> handle_describe_log_dirs(
    node_services& here, const request_context& asked, messages::describe_log_dirs_request request);
runtime::awaitable<messages::describe_cluster_response> handle_describe_cluster(
    node_services& here, const request_context& asked, messages::describe_cluster_request request);
runtime::awaitable<messages::describe_quorum_response> handle_describe_quorum(
    node_services& here, const request_context& asked, messages::describe_quorum_request request);
runtime::awaitable<messages::describe_topic_partitions_response> handle_describe_topic_partitions(
    node_services& here,
    const request_context& asked,
    messages::describe_topic_partitions_request request);
runtime::awaitable<messages::init_producer_id_response> handle_init_producer_id(
    node_services& here, const request_context& asked, messages::init_producer_id_request request);
runtime::awaitable<messages::find_coordinator_response> handle_find_coordinator(
    node_services& here, const request_context& asked, messages::find_coordinator_request request);

runtime::awaitable<messages::write_txn_markers_response> handle_write_txn_markers(
    node_services& here, const request_context& asked, messages::write_txn_markers_request request);
runtime::awaitable<messages::describe_producers_response> handle_describe_producers(
    node_services& here,
    const request_context& asked,
    messages::describe_producers_request request);

/// The one response with parts that do not lie in memory.
runtime::awaitable<replication::host::fetched> handle_fetch(node_services& here,
                                                            const request_context& asked,
                                                            messages::fetch_request request);

}  // namespace verdikt::broker::server
