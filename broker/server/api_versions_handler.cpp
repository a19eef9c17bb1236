#include "broker/server/api_table.h"
#include "broker/server/handlers.h"

namespace verdikt::broker::server {

namespace {

/// Each transaction has an epoch of its own (KIP-890 part 2). Clients that can, then use it; for
/// others nothing changes. The lowest version is given as 1: 0 is what clients up to ApiVersions 3
/// take for an error.
constexpr std::int16_t transaction_version = 2;

}  // namespace

runtime::awaitable<messages::api_versions_response> handle_api_versions(
    node_services& /*here*/,
    const request_context& asked,
    messages::api_versions_request /*request*/) {
    messages::api_versions_response answer;
    for (const api& served : asked.listener->apis) {
        answer.api_keys.push_back({.api_key = static_cast<std::int16_t>(served.key),
                                   .min_version = served.listed.first,
                                   .max_version = served.listed.last});
    }
    answer.supported_features.push_back(
        {.name = "transaction.version", .min_version = 1, .max_version = transaction_version});
    answer.finalized_features_epoch = 0;
    answer.finalized_features.push_back({.name = "transaction.version",
                                         .max_version_level = transaction_version,
                                         .min_version_level = transaction_version});
    co_return answer;
}

}  // namespace verdikt::broker::server
