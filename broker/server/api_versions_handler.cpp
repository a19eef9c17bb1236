#include "broker/server/api_table.h"
#include "broker/server/handlers.h"

namespace verdikt::broker::server {

runtime::awaitable<messages::api_versions_response> handle_api_versions(
    node_services& /*here*/,
    const request_context& /*asked*/,
    messages::api_versions_request /*request*/) {
    messages::api_versions_response answer;
    for (const api& served : served_apis()) {
        answer.api_keys.push_back({.api_key = static_cast<std::int16_t>(served.key),
                                   .min_version = served.listed.first,
                                   .max_version = served.listed.last});
    }
    co_return answer;
}

}  // namespace verdikt::broker::server
