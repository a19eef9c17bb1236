/// What a node serves to other nodes on a controller's listener: the quorum, and the decisions of
/// the active controller. Clients reach both only through a broker.
#include "broker/server/api_entry.h"
#include "broker/server/handlers.h"
#include "broker/server/version_limits.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace verdikt::broker::server {

namespace {

using kafka::api_key;

template <typename Request>
auto decide(node_services& here, const request_context& asked, Request request)
    -> decltype(here.metadata.handle(std::move(request))) {
    auto answer = co_await here.metadata.handle(std::move(request));
    co_return as_of(asked.version, std::move(answer));
}

template <typename Request>
auto take_part(node_services& here, const request_context& asked, Request request)
    -> decltype(here.quorum.handle(std::move(request))) {
    auto answer = co_await here.quorum.handle(std::move(request));
    co_return as_of(asked.version, std::move(answer));
}

/// An answer with records, which live in memory until it is encoded.
template <typename Request>
runtime::awaitable<serve_result> serve_log(node_services& here,
                                           const request_context& asked,
                                           kafka::buffer_reader body,
                                           reply& answer) {
    auto request = decode_body<Request>(body, asked.version);
    if (!request) co_return std::unexpected(std::move(request.error()));
    const auto result = co_await here.quorum.handle(std::move(*request));
    co_return encode_answer(as_of(asked.version, result.message), asked, answer);
}

runtime::awaitable<messages::broker_heartbeat_response> take_heartbeat(
    node_services& here, const request_context& asked, messages::broker_heartbeat_request request) {
    asked.session->broker = kafka::node_id(request.broker_id);
    asked.session->epoch = kafka::broker_epoch(request.broker_epoch);
    return here.metadata.handle(std::move(request));
}

template <typename Request>
api decided(api_key key) {
    return entry<Request, &decide<Request>>(key, Request::schema.versions);
}

template <typename Request>
api of_quorum(api_key key) {
    return entry<Request, &take_part<Request>>(key, Request::schema.versions);
}

template <typename Request>
api of_log(api_key key) {
    return {.key = key,
            .listed = Request::schema.versions,
            .served = Request::schema.versions,
            .serve = &serve_log<Request>};
}

std::vector<api> make_table() {
    std::vector<api> all{
        entry<messages::api_versions_request, &handle_api_versions>(api_key::api_versions,
                                                                    messages::between(0, 3)),
        of_log<messages::fetch_request>(api_key::fetch),
        of_log<messages::fetch_snapshot_request>(api_key::fetch_snapshot),
        of_quorum<messages::vote_request>(api_key::vote),
        of_quorum<messages::begin_quorum_epoch_request>(api_key::begin_quorum_epoch),
        of_quorum<messages::end_quorum_epoch_request>(api_key::end_quorum_epoch),
        of_quorum<messages::describe_quorum_request>(api_key::describe_quorum),
        of_quorum<messages::add_raft_voter_request>(api_key::add_raft_voter),
        of_quorum<messages::remove_raft_voter_request>(api_key::remove_raft_voter),
        of_quorum<messages::update_raft_voter_request>(api_key::update_raft_voter),
        entry<messages::broker_heartbeat_request, &take_heartbeat>(
            api_key::broker_heartbeat, messages::broker_heartbeat_request::schema.versions),
        decided<messages::broker_registration_request>(api_key::broker_registration),
        decided<messages::unregister_broker_request>(api_key::unregister_broker),
        decided<messages::alter_partition_request>(api_key::alter_partition),
        decided<messages::assign_replicas_to_dirs_request>(api_key::assign_replicas_to_dirs),
        decided<messages::allocate_producer_ids_request>(api_key::allocate_producer_ids),
        decided<messages::create_topics_request>(api_key::create_topics),
        decided<messages::create_partitions_request>(api_key::create_partitions),
        decided<messages::delete_topics_request>(api_key::delete_topics),
        decided<messages::incremental_alter_configs_request>(api_key::incremental_alter_configs),
        decided<messages::alter_configs_request>(api_key::alter_configs),
        decided<messages::elect_leaders_request>(api_key::elect_leaders),
        decided<messages::alter_partition_reassignments_request>(
            api_key::alter_partition_reassignments),
        decided<messages::list_partition_reassignments_request>(
            api_key::list_partition_reassignments),
        decided<messages::update_features_request>(api_key::update_features),
    };
    std::ranges::sort(all, {}, &api::key);
    return all;
}

}  // namespace

std::span<const api> controller_apis() {
    static const std::vector<api> all = make_table();
    return all;
}

}  // namespace verdikt::broker::server
