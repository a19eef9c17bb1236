/// FindCoordinator: which broker a group or transaction belongs to. Here: this one, once the topic
/// that keeps it exists.
#include "broker/server/handlers.h"
#include "broker/server/offsets_topic.h"
#include "broker/server/transactions_topic.h"

namespace verdikt::broker::server {

namespace {

using kafka::error_code;
using answered_key = messages::find_coordinator_response::coordinator;

constexpr std::int8_t group_key = 0;
constexpr std::int8_t transaction_key = 1;
constexpr std::int16_t batched_version = 4;

error_code check_key(std::int8_t type, std::string_view key) {
    if (type == transaction_key) return error_code::none;
    if (type != group_key) return error_code::invalid_request;
    return key.empty() ? error_code::invalid_group_id : error_code::none;
}

runtime::awaitable<change_result> ensure_topic(node_services& here, std::int8_t type) {
    if (type == group_key) co_return co_await ensure_offsets_topic(here);
    if (type == transaction_key) co_return co_await ensure_transactions_topic(here);
    co_return change_result{};
}

answered_key answer_for(std::string key,
                        error_code code,
                        const node_services& here,
                        const request_context& asked) {
    answered_key answer;
    answer.key = std::move(key);
    answer.error_code = kafka::to_wire(code);
    if (code != error_code::none) {
        answer.node_id = -1;
        answer.port = -1;
        answer.error_message = std::string(kafka::describe(code));
        return answer;
    }
    answer.node_id = here.node.value();
    answer.host = asked.advertised.host;
    answer.port = asked.advertised.port;
    answer.error_message.reset();
    return answer;
}

}  // namespace

runtime::awaitable<messages::find_coordinator_response> handle_find_coordinator(
    node_services& here, const request_context& asked, messages::find_coordinator_request request) {
    // Not ready yet is all that a client has to know; it asks again.
    const auto ensured = co_await ensure_topic(here, request.key_type);
    const error_code storage_fault =
        ensured ? error_code::none : error_code::coordinator_not_available;
    const auto look_up = [&](std::string key) {
        error_code code = check_key(request.key_type, key);
        if (code == error_code::none) code = storage_fault;
        return answer_for(std::move(key), code, here, asked);
    };
    messages::find_coordinator_response response;
    if (asked.version >= batched_version) {
        for (std::string& key : request.coordinator_keys) {
            response.coordinators.push_back(look_up(std::move(key)));
        }
        co_return response;
    }
    const answered_key found = look_up(std::move(request.key));
    response.error_code = found.error_code;
    response.error_message = found.error_message;
    response.node_id = found.node_id;
    response.host = found.host;
    response.port = found.port;
    co_return response;
}

}  // namespace verdikt::broker::server
