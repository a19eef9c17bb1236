/// The requests of transactions: most are the coordinator's own.
#include "broker/coordinator/group_coordinator.h"
#include "broker/coordinator/transactions/transaction_errors.h"
#include "broker/server/api_entry.h"
#include "broker/server/handlers.h"
#include "broker/server/node_transactions.h"

namespace verdikt::broker::server {

namespace {

using coordinator::transactions::transaction_host;
using kafka::api_key;
using messages::between;

template <typename Request, auto Handler>
auto ask_transaction_coordinator(node_services& here,
                                 const request_context& asked,
                                 Request request) {
    return (here.transactions.coordinator().*Handler)(std::move(request), asked.version);
}

template <typename Request, auto Handler>
api coordinator_entry(api_key key, messages::version_range versions) {
    return entry<Request, &ask_transaction_coordinator<Request, Handler>>(key, versions);
}

runtime::awaitable<messages::list_transactions_response> list_transactions(
    node_services& here,
    const request_context& /*asked*/,
    messages::list_transactions_request request) {
    co_return here.transactions.coordinator().list_transactions(request);
}

runtime::awaitable<messages::describe_transactions_response> describe_transactions(
    node_services& here,
    const request_context& /*asked*/,
    messages::describe_transactions_request request) {
    co_return here.transactions.coordinator().describe_transactions(request);
}

runtime::awaitable<messages::txn_offset_commit_response> txn_offset_commit(
    node_services& here,
    const request_context& asked,
    messages::txn_offset_commit_request request) {
    auto response = co_await here.groups.txn_offset_commit(
        std::move(request),
        {.version = asked.version, .client_id = asked.client_id, .client_host = asked.client_host});
    for (auto& topic : response.topics) {
        for (auto& partition : topic.partitions) {
            const auto error = static_cast<kafka::error_code>(partition.error_code);
            partition.error_code = kafka::to_wire(coordinator::transactions::spoken_error(
                api_key::txn_offset_commit, asked.version, error));
        }
    }
    co_return response;
}

}  // namespace

std::vector<api> transaction_apis() {
    return {
        coordinator_entry<messages::add_partitions_to_txn_request,
                          &transaction_host::add_partitions_to_txn>(api_key::add_partitions_to_txn,
                                                                    between(0, 5)),
        coordinator_entry<messages::add_offsets_to_txn_request,
                          &transaction_host::add_offsets_to_txn>(api_key::add_offsets_to_txn,
                                                                 between(0, 4)),
        coordinator_entry<messages::end_txn_request, &transaction_host::end_txn>(api_key::end_txn,
                                                                                 between(0, 5)),
        entry<messages::write_txn_markers_request, &handle_write_txn_markers>(
            api_key::write_txn_markers, between(0, 2)),
        entry<messages::txn_offset_commit_request, &txn_offset_commit>(api_key::txn_offset_commit,
                                                                       between(0, 5)),
        entry<messages::describe_producers_request, &handle_describe_producers>(
            api_key::describe_producers, between(0, 0)),
        entry<messages::describe_transactions_request, &describe_transactions>(
            api_key::describe_transactions, between(0, 0)),
        entry<messages::list_transactions_request, &list_transactions>(api_key::list_transactions,
                                                                       between(0, 1)),
    };
}

}  // namespace verdikt::broker::server
