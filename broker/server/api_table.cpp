#include "broker/server/api_table.h"

#include "broker/server/api_entry.h"
#include "broker/server/handlers.h"

#include <algorithm>
#include <vector>

namespace verdikt::broker::server {

namespace {

using kafka::api_key;
using messages::between;

runtime::awaitable<serve_result> serve_fetch(node_services& here,
                                             const request_context& asked,
                                             kafka::buffer_reader body,
                                             reply& answer) {
    auto request = decode_body<messages::fetch_request>(body, asked.version);
    if (!request) co_return std::unexpected(std::move(request.error()));
    replication::host::fetched result = co_await handle_fetch(here, asked, std::move(*request));
    answer.slices = std::move(result.slices);
    co_return encode_answer(result.response, asked, answer);
}

/// Built at first use: the schemas are constants of other files.
std::vector<api> own_apis() {
    return {
        api{.key = api_key::produce, .listed = between(0, 12), .served = between(3, 12)},
        // Brokers ask each other in the highest versions there are.
        api{.key = api_key::fetch,
            .listed = between(4, 12),
            .served = between(4, messages::fetch_request::schema.versions.last),
            .serve = &serve_fetch},
        api{.key = api_key::list_offsets,
            .listed = between(1, 7),
            .served = between(1, messages::list_offsets_request::schema.versions.last),
            .serve = &serve_with<messages::list_offsets_request, &handle_list_offsets>},
        entry<messages::metadata_request, &handle_metadata>(api_key::metadata, between(0, 12)),
        entry<messages::find_coordinator_request, &handle_find_coordinator>(
            api_key::find_coordinator, between(0, 4)),
        entry<messages::api_versions_request, &handle_api_versions>(api_key::api_versions,
                                                                    between(0, 3)),
        entry<messages::create_topics_request, &handle_create_topics>(api_key::create_topics,
                                                                      between(0, 7)),
        entry<messages::delete_topics_request, &handle_delete_topics>(api_key::delete_topics,
                                                                      between(0, 6)),
        entry<messages::delete_records_request, &handle_delete_records>(api_key::delete_records,
                                                                        between(0, 2)),
        entry<messages::init_producer_id_request, &handle_init_producer_id>(
            api_key::init_producer_id, between(0, 5)),
        entry<messages::offset_for_leader_epoch_request, &handle_offset_for_leader_epoch>(
            api_key::offset_for_leader_epoch, between(0, 4)),
        entry<messages::describe_configs_request, &handle_describe_configs>(
            api_key::describe_configs, between(0, 4)),
        entry<messages::describe_log_dirs_request, &handle_describe_log_dirs>(
            api_key::describe_log_dirs, between(0, 4)),
        entry<messages::create_partitions_request, &handle_create_partitions>(
            api_key::create_partitions, between(0, 3)),
        entry<messages::describe_cluster_request, &handle_describe_cluster>(
            api_key::describe_cluster, between(0, 1)),
        entry<messages::describe_quorum_request, &handle_describe_quorum>(
            api_key::describe_quorum, messages::describe_quorum_request::schema.versions),
        entry<messages::describe_topic_partitions_request, &handle_describe_topic_partitions>(
            api_key::describe_topic_partitions, between(0, 0)),
    };
}

std::vector<api> join_apis() {
    std::vector<api> all = own_apis();
    for (const std::vector<api>& part : {group_apis(), transaction_apis(), forwarded_apis()}) {
        all.insert(all.end(), part.begin(), part.end());
    }
    std::ranges::sort(all, {}, &api::key);
    return all;
}

}  // namespace

std::span<const api> broker_apis() {
    static const std::vector<api> all = join_apis();
    return all;
}

const api* find_api(std::span<const api> among, std::int16_t key) {
    const auto found = std::ranges::lower_bound(
        among, key, {}, [](const api& served) { return static_cast<std::int16_t>(served.key); });
    if (found == among.end() || static_cast<std::int16_t>(found->key) != key) return nullptr;
    return &*found;
}

}  // namespace verdikt::broker::server
