#include "broker/server/api_table.h"
#include "broker/server/handlers.h"

#include <string>
#include <string_view>

namespace verdikt::broker::server {

namespace {

/// From 2 on each transaction has an epoch of its own (KIP-890 part 2). Clients that can, then use
/// it; for others nothing changes.
constexpr std::string_view transaction_feature = "transaction.version";
constexpr std::int16_t newest_transaction_version = 2;

/// What the cluster has agreed upon. A feature that is off is not told.
void tell_finalized(const metadata::image& image, messages::api_versions_response& answer) {
    answer.finalized_features_epoch = image.position().offset.value();
    for (const auto& [name, level] : image.features()) {
        if (level == 0) continue;
        answer.finalized_features.push_back(
            {.name = name, .max_version_level = level, .min_version_level = level});
    }
}

}  // namespace

runtime::awaitable<messages::api_versions_response> handle_api_versions(
    node_services& here, const request_context& asked, messages::api_versions_request /*request*/) {
    messages::api_versions_response answer;
    for (const api& served : asked.listener->apis) {
        answer.api_keys.push_back({.api_key = static_cast<std::int16_t>(served.key),
                                   .min_version = served.listed.first,
                                   .max_version = served.listed.last});
    }
    // The lowest version is given as 1: 0 is what clients up to ApiVersions 3 take for an error.
    answer.supported_features.push_back({.name = std::string(transaction_feature),
                                         .min_version = 1,
                                         .max_version = newest_transaction_version});
    tell_finalized(here.metadata.image(), answer);
    co_return answer;
}

}  // namespace verdikt::broker::server
