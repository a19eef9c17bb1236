// InitProducerId, AddOffsetsToTxn and EndTxn: what a producer asks for.
#include "broker/coordinator/transactions/host/transaction_host.h"
#include "broker/coordinator/transactions/transaction_errors.h"
#include "broker/metadata/topic_names.h"
#include "kafka/records/java_hash.h"

#include <utility>

namespace verdikt::broker::coordinator::transactions {

using kafka::api_key;
using kafka::error_code;

namespace {

/// First version in which a producer may say who it is (KIP-360).
constexpr std::int16_t init_with_identity = 3;
/// First version whose client takes a new epoch from each EndTxn (KIP-890).
constexpr std::int16_t end_with_epoch_bump = 5;

messages::init_producer_id_response refuse_init(error_code error, std::int16_t version) {
    messages::init_producer_id_response response;
    response.error_code = kafka::to_wire(spoken_error(api_key::init_producer_id, version, error));
    response.producer_id = kafka::no_producer_id.value();
    response.producer_epoch = kafka::no_producer_epoch.value();
    return response;
}

messages::end_txn_response refuse_end(error_code error, std::int16_t version) {
    return {.error_code = kafka::to_wire(spoken_error(api_key::end_txn, version, error))};
}

}  // namespace

runtime::awaitable<messages::init_producer_id_response> transaction_host::init_producer_id(
    messages::init_producer_id_request request, std::int16_t version) {
    const std::string id = request.transactional_id.value_or("");
    if (const auto served = find(id); !served) co_return refuse_init(served.error(), version);
    const bool names_id = request.producer_id != kafka::no_producer_id.value();
    const bool names_epoch = request.producer_epoch != kafka::no_producer_epoch.value();
    if (names_id != names_epoch) co_return refuse_init(error_code::invalid_request, version);
    const auto fresh = co_await fresh_id();
    if (!fresh) co_return refuse_init(fresh.error(), version);
    init_event event{.from = {},
                     .timeout = milliseconds(request.transaction_timeout_ms),
                     .fresh_id = *fresh,
                     .now = services_.now()};
    if (names_id && version >= init_with_identity) {
        event.expected = {kafka::producer_id(request.producer_id),
                          kafka::producer_epoch(request.producer_epoch)};
    }
    // It may be led elsewhere by now.
    const auto partition = find(id);
    if (!partition) co_return refuse_init(partition.error(), version);
    const ticket mine = next_ticket();
    const auto place = services_.waiting.expect(mine);
    if (!(*partition)->init(id, event, mine)) spare_id_ = *fresh;
    const answer given = co_await place->wait();
    if (given.error != error_code::none) co_return refuse_init(given.error, version);
    messages::init_producer_id_response response;
    response.producer_id = given.producer.id.value();
    response.producer_epoch = given.producer.epoch.value();
    co_return response;
}

runtime::awaitable<messages::add_offsets_to_txn_response> transaction_host::add_offsets_to_txn(
    messages::add_offsets_to_txn_request request, std::int16_t version) {
    const auto answer_with = [&](error_code error) {
        return messages::add_offsets_to_txn_response{
            .error_code =
                kafka::to_wire(spoken_error(api_key::add_offsets_to_txn, version, error))};
    };
    const kafka::partition_index offsets_partition(
        kafka::records::coordinator_partition(request.group_id, config_.offsets_partitions));
    add_event event{.from = {},
                    .producer = {kafka::producer_id(request.producer_id),
                                 kafka::producer_epoch(request.producer_epoch)},
                    .partitions = {{std::string(metadata::offsets_topic_name), offsets_partition}},
                    .now = services_.now()};
    const error_code outcome =
        co_await add_patiently(std::move(request.transactional_id), std::move(event));
    // It names no topic: what is not known here yet is ours to wait for.
    const bool is_behind = outcome == error_code::unknown_topic_or_partition;
    co_return answer_with(is_behind ? error_code::coordinator_load_in_progress : outcome);
}

runtime::awaitable<messages::end_txn_response> transaction_host::end_txn(
    messages::end_txn_request request, std::int16_t version) {
    const std::string& id = request.transactional_id;
    if (const auto served = find(id); !served) co_return refuse_end(served.error(), version);
    const auto fresh = co_await fresh_id();
    if (!fresh) co_return refuse_end(fresh.error(), version);
    const end_event event{
        .from = {},
        .producer = {kafka::producer_id(request.producer_id),
                     kafka::producer_epoch(request.producer_epoch)},
        .commit = request.committed,
        .spoken = version >= end_with_epoch_bump ? protocol::epoch_bump : protocol::initial,
        .fresh_id = *fresh,
        .now = services_.now()};
    // It may be led elsewhere by now.
    const auto partition = find(id);
    if (!partition) co_return refuse_end(partition.error(), version);
    const ticket mine = next_ticket();
    const auto place = services_.waiting.expect(mine);
    if (!(*partition)->end(id, event, mine)) spare_id_ = *fresh;
    const answer given = co_await place->wait();
    if (given.error != error_code::none) co_return refuse_end(given.error, version);
    co_return messages::end_txn_response{.producer_id = given.producer.id.value(),
                                         .producer_epoch = given.producer.epoch.value()};
}

}  // namespace verdikt::broker::coordinator::transactions
