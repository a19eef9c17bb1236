/// Fetch: what the node's partitions have for consumers and followers.
#include "broker/server/handlers.h"

#include <algorithm>
#include <chrono>

namespace verdikt::broker::server {

runtime::awaitable<replication::host::fetched> handle_fetch(node_services& here,
                                                            const request_context& asked,
                                                            messages::fetch_request request) {
    // Nobody notices that a client is gone while it is waited for.
    const std::int64_t longest = here.config.integer("connections.max.idle.ms");
    const std::chrono::milliseconds wait(std::clamp<std::int64_t>(request.max_wait_ms, 0, longest));
    auto result = co_await replication::host::serve_fetch(
        here.partitions,
        std::move(request),
        {.bytes_max = here.config.integer("fetch.max.bytes"), .deadline = asked.arrived + wait});
    for (const auto& topic : result.response.responses) {
        for (const auto& partition : topic.partitions) {
            if (partition.error_code != 0) {
                here.measured.count_error(kafka::to_error_code(partition.error_code));
            }
        }
    }
    co_return result;
}

}  // namespace verdikt::broker::server
